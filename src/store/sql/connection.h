// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "util/result.h"
#include "util/time.h"

/// A database as the stores use it, whatever engine is behind it. All SQL of the stores is understood by SQLite 3.40 and PostgreSQL 13:
///  - parameters are ?1, ?2, ...;
///  - numbers are 64 bits (in PostgreSQL's schema: BIGINT), everything else is bytes in, bytes out, compared as bytes;
///  - INSERT ... ON CONFLICT (...) DO UPDATE SET or DO NOTHING; new numbers of rows by INSERT ... RETURNING id;
///  - a sum is CAST(sum(x) AS BIGINT); no max(a, b) of two values, no blob literals, no functions of one engine.
namespace eclair::store::sql {

class StatementDriver;
class ConnectionDriver;

/// How many rows a query is read for. many: it walks a table that may not fit into memory; only within a transaction.
enum class Rows { few, many };
/// one: others wait until the transaction ends. many: others may write at the same time, where the engine can; what they change meanwhile may
/// make a statement or the commit fail with `conflict`, and the transaction is then to be done anew.
enum class Writers { one, many };

/// Rows that statements of this process gave so far.
std::uint64_t rows_read();

/// A prepared statement. Parameters are numbered from 1, columns from 0. Must not outlive its Connection. Not for two threads at once.
class Statement {
 public:
  Statement();
  explicit Statement(std::unique_ptr<StatementDriver> driver);
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;

  /// The bytes given to text() and blob() must live until the statement was stepped to its end or reset.
  Statement& number(int parameter, std::int64_t value);
  Statement& text(int parameter, std::string_view value);
  Statement& blob(int parameter, std::string_view value);
  Statement& null(int parameter);

  /// true: a row is there. false: done; parameters stay, and the next step starts anew. Other statements may run between two steps.
  /// errors: unavailable (busy too long, disk full, damaged, read-only, connection lost: said in the text), conflict (Writers::many).
  Result<bool> step();
  /// For statements without rows. Within a write transaction an engine may send it later, and say of an error at the next step or the commit.
  Result<> run();
  /// The same, now, and how many rows it wrote or removed.
  Result<std::uint64_t> run_counted();
  void reset();

  std::int64_t number_at(int column) const;    ///< 0 of null
  std::string_view text_at(int column) const;  ///< of texts and blobs; empty of null; good until the next step
  bool null_at(int column) const;

 private:
  std::unique_ptr<StatementDriver> driver_;
};

/// An open database. Not for two threads at once.
class Connection {
 public:
  Connection();
  explicit Connection(std::unique_ptr<ConnectionDriver> driver);
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  /// As messages call it: a file's path; host and database. Without passwords.
  const std::string& name() const;
  /// Statements without parameters and rows, separated by semicolons.
  Result<> execute(const std::string& statements);
  Result<Statement> prepare(std::string_view sql, Rows rows = Rows::few);
  bool in_transaction() const;

  /// Begins a transaction in which every query sees the state of the first. Nothing happens if one is open.
  Result<> begin_read();
  /// Ends it. Nothing happens if none is open.
  void end_read();

  /// Seconds by the clock that all users of this database share.
  Result<UnixTime> now();
  /// A transaction that writes much comes. To be called before it, on a connection of its own.
  Result<> expect_import();
  /// Much was written: it moves to where it is read best, if nobody is in the way.
  void checkpoint();
  /// Gives room back that removed rows leave, where that is worth it.
  Result<> compact();
  /// The last number that was given to a row of a table whose numbers are never used twice; 0 = the table is none of those.
  Result<std::int64_t> last_number(std::string_view table);
  /// Numbers of new rows are above it.
  Result<> set_last_number(std::string_view table, std::int64_t number);
  /// What the database takes on disk.
  Result<std::uint64_t> bytes();

 private:
  friend class Transaction;
  std::unique_ptr<ConnectionDriver> driver_;
};

/// Begins a write transaction; rolls it back unless commit() was called. The Connection must stay where it is.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection, Writers writers = Writers::one);
  ~Transaction();
  Transaction(Transaction&& o) noexcept : connection_(o.connection_) { o.connection_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Result<> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

}  // namespace eclair::store::sql
