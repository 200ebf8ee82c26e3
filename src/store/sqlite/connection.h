// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "util/result.h"

/// The only door to SQLite for the stores.
namespace eclair::store::sqlite {

/// A prepared statement. Parameters and columns are numbered as SQLite does it: parameters from 1, columns from 0.
/// Must not outlive its Connection.
class Statement {
 public:
  Statement();
  ~Statement();
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;

  /// The bytes given to text() and blob() must live until the statement was stepped to its end or reset.
  Statement& number(int parameter, std::int64_t value);
  Statement& text(int parameter, std::string_view value);
  Statement& blob(int parameter, std::string_view value);
  Statement& null(int parameter);

  /// true: a row is there. false: done; parameters stay, and the next step starts anew.
  /// errors: unavailable (busy too long, disk full, damaged, read-only: said in the text).
  Result<bool> step();
  /// For statements without rows.
  Result<> run();
  void reset();

  std::int64_t number_at(int column) const;
  std::string_view text_at(int column) const;  ///< also of blobs; good until the next step
  bool null_at(int column) const;

 private:
  friend class Connection;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// An open database file. Not for two threads at once.
class Connection {
 public:
  enum class Mode { create, read_only };
  /// create: read and write, the file is made where missing, WAL. read_only: the file is never written; without anything in a WAL file beside it
  /// it is taken as immutable.
  /// A busy database is waited for (ten minutes), so that "one writer, others wait" needs no loop elsewhere.
  static Result<Connection> open(const std::string& path, Mode mode);
  Connection();
  ~Connection();
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;

  Result<> execute(const std::string& statements);
  Result<Statement> prepare(std::string_view sql);
  std::int64_t last_id() const;
  bool in_transaction() const;
  /// Moves what the write-ahead log holds into the file, if nobody is in the way.
  void checkpoint();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Begins a write transaction; rolls it back unless commit() was called.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  ~Transaction();
  Transaction(Transaction&& o) noexcept : connection_(o.connection_) { o.connection_ = nullptr; }
  Transaction& operator=(Transaction&&) = delete;
  Result<> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// Opens (or makes) a database in a folder, which is made with its parents (0700), and brings its schema up to date.
/// migrations: SQL, the first leads to schema 1; never edited once released, only added to. Run under the write lock.
/// A folder or file that cannot be written, also because the disk is full, is opened read-only, if its schema is the newest.
/// errors: unavailable; unsupported: "made by a newer eclair (schema 3, this one knows 1)".
Result<Connection> open_database(const std::string& folder, const std::string& file, std::span<const std::string_view> migrations);

}  // namespace eclair::store::sqlite
