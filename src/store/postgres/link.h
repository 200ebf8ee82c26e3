// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.h"

struct pg_conn;    // libpq's
struct pg_result;

namespace eclair::store::postgres {

struct PqLibrary;

struct ResultDeleter {
  const PqLibrary* pq = nullptr;
  void operator()(pg_result* result) const;
};
using Answer = std::unique_ptr<pg_result, ResultDeleter>;

/// A parameter, in PostgreSQL's binary form: a number is a bigint, everything else is its bytes, of the type that the query wants there.
struct Value {
  std::string_view bytes;
  bool is_number = false, is_null = true;
};

/// A statement that the server keeps under a name, as long as the connection lives.
struct Prepared {
  std::string sql;            ///< with $1, $2, ...
  std::string name;           ///< "" = not kept
  std::vector<bool> numbers;  ///< which parameters are bigint
  std::uint64_t epoch = 0;    ///< of the connection that knows it
};

/// One connection to a server. What is sent travels in one stream, and answers are taken when somebody wants one (PostgreSQL's pipeline mode).
/// Not for two threads at once.
class Link {
 public:
  /// address: "postgres://..." or "host=... dbname=...".  search_path: of the session.
  Link(const PqLibrary& pq, std::string address, std::string search_path);
  ~Link();
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// errors: invalid_input (the address does not parse; it is not shown, for it may hold a password).
  Result<> parse();
  const std::string& name() const { return name_; }  ///< "PostgreSQL at host:port/database"

  /// Connects anew; what was open is closed. errors: unavailable, unsupported (a server before 13).
  Result<> connect();
  bool up() const { return conn_ != nullptr; }
  /// Did the server hang up since the last answer? Costs no journey.
  bool alive();

  /// Several statements without parameters, at once. Nothing may be on its way.
  Result<Answer> simple(const std::string& statements);
  /// Sends and does not wait. errors: unavailable, or what went wrong with something sent earlier.
  Result<> send(Prepared& statement, const std::vector<Value>& values);
  Result<> send(std::string_view statement);  ///< whose text lives until settle() returned
  /// Waits for everything that was sent -> the last answer.
  /// errors: of the first that failed: unavailable (connection lost: up() is false then), conflict, invalid_input, internal. Its text names what failed.
  Result<Answer> settle();
  /// What was sent is on its way to be done, and nobody waits for the answers: settle() takes them some day. For what cannot fail.
  Result<> post();

 private:
  struct Sent {
    bool is_sync = false;         ///< the end of a stretch: what fails in it takes the rest of the stretch with it
    Prepared* prepare = nullptr;  ///< the server is told to keep it
    std::string_view sql;
    std::size_t bytes = 0;
  };
  Result<> sync();
  Result<> sent(Prepared* prepare, std::string_view sql, std::size_t bytes, int ok);
  Result<> take_until(std::size_t left, std::size_t bytes_left);
  Result<Answer> take();
  Result<> push_out();
  Error lost(std::string_view doing);
  Error error_of(const pg_result* answer, std::string_view sql) const;
  std::string without_password(std::string text) const;
  void close();

  const PqLibrary& pq_;
  const std::string address_, search_path_;
  std::string name_ = "PostgreSQL", password_;
  pg_conn* conn_ = nullptr;
  std::uint64_t epoch_ = 0;
  std::deque<Sent> sent_;
  std::size_t bytes_ = 0, since_flush_ = 0, bytes_since_flush_ = 0;
  std::optional<Error> failed_;  ///< the first failure since the last settle()
};

}  // namespace eclair::store::postgres
