// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/connection.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include "store/sql/driver.h"
#include "util/text.h"

namespace eclair::store::sqlite {
namespace connection_detail {

constexpr int kBusySteps = 12'000;      // of 50 ms: ten minutes
constexpr int kPageBytes = 16384;       // packed rows are around 1 KiB: an import fills pages, a look-up still reads few of them
constexpr int kCacheKibibytes = 8192;
constexpr int kImportCacheKibibytes = 32768;  // more than Debian's whole tracker fills
constexpr std::int64_t kWorthwhileShare = 10; // a file is written anew when that makes it smaller by a tenth

using sql::Connection;
using sql::Transaction;

int wait_while_busy(void*, int tries) {
  if (tries >= kBusySteps) return 0;
  sqlite3_sleep(tries < 10 ? 1 + tries : 50);
  return 1;
}

Error error_of(sqlite3* db, int code, std::string_view doing) {
  const std::string where = db != nullptr ? std::string(sqlite3_db_filename(db, "main") == nullptr ? "" : sqlite3_db_filename(db, "main")) : "";
  std::string why;
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: why = "another process is writing to it"; break;
    case SQLITE_FULL: why = "disk full"; break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: why = "it cannot be written or opened: no permission, or no room on the disk"; break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: why = "the file is damaged, or not a database"; break;
    default: why = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  }
  const bool ours = (code & 0xff) == SQLITE_ERROR || (code & 0xff) == SQLITE_MISUSE || (code & 0xff) == SQLITE_RANGE;
  return Error{ours ? Errc::internal : Errc::unavailable, std::string(doing) + " " + where + ": " + why};
}

Result<> make_folders(const std::string& folder) {
  for (std::size_t at = 0; at != std::string::npos;) {
    at = folder.find('/', at + 1);
    const std::string part = folder.substr(0, at);
    if (part.empty()) continue;
    if (::mkdir(part.c_str(), 0700) == 0 || errno == EEXIST || errno == EISDIR) continue;
    const int why = errno;
    struct stat st {};
    if (::stat(part.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) continue;  // read-only file systems say so before they say it exists
    return fail(Errc::unavailable, "cannot make the folder " + text::quoted(part) + ": " + std::strerror(why));
  }
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0 || !S_ISDIR(st.st_mode)) return fail(Errc::unavailable, text::quoted(folder) + " is not a folder");
  return {};
}

Result<std::int64_t> schema_of(Connection& connection) {
  ECLAIR_TRY(auto statement, connection.prepare("PRAGMA user_version"));
  ECLAIR_TRY(const bool there, statement.step());
  return there ? statement.number_at(0) : 0;
}

Result<> check_schema(std::int64_t schema, std::size_t known, const std::string& path) {
  if (schema >= 0 && static_cast<std::size_t>(schema) <= known) return {};
  return fail(Errc::unsupported, path + " was made by a newer eclair (schema " + std::to_string(schema) + ", this one knows " +
                                     std::to_string(known) + ")");
}

class SqliteStatement final : public sql::StatementDriver {
 public:
  SqliteStatement(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  void number(int parameter, std::int64_t value) override { bad_ |= sqlite3_bind_int64(statement_, parameter, value); }
  void text(int parameter, std::string_view value) override {
    bad_ |= sqlite3_bind_text64(statement_, parameter, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  void blob(int parameter, std::string_view value) override {
    bad_ |= sqlite3_bind_blob64(statement_, parameter, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
  }
  void null(int parameter) override { bad_ |= sqlite3_bind_null(statement_, parameter); }

  Result<bool> step() override {
    if (bad_ != SQLITE_OK) return fail(error_of(db_, bad_, "cannot prepare a query of"));
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) {
      sqlite3_reset(statement_);
      return false;
    }
    Error error = error_of(db_, code, "cannot use");
    sqlite3_reset(statement_);
    return fail(std::move(error));
  }
  Result<> run() override {
    ECLAIR_TRY(bool more, step());
    while (more) {
      ECLAIR_TRY(more, step());
    }
    return {};
  }
  Result<std::uint64_t> run_counted() override {
    ECLAIR_CHECK_OK(run());
    return static_cast<std::uint64_t>(sqlite3_changes64(db_));
  }
  void reset() override { sqlite3_reset(statement_); }

  std::int64_t number_at(int column) const override { return sqlite3_column_int64(statement_, column); }
  bool null_at(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view text_at(int column) const override {
    const void* bytes = sqlite3_column_blob(statement_, column);
    if (bytes == nullptr) return {};
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3* const db_;
  sqlite3_stmt* const statement_;
  int bad_ = SQLITE_OK;
};

class SqliteConnection final : public sql::ConnectionDriver {
 public:
  explicit SqliteConnection(std::string path) : path_(std::move(path)) {}
  ~SqliteConnection() override { sqlite3_close_v2(db_); }
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Result<> open(Mode mode, bool durable) {
    std::string name = path_;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (mode == Mode::read_only) {
      flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
      struct stat log {};
      const bool immutable = ::stat((path_ + "-wal").c_str(), &log) != 0 || log.st_size == 0;
      name = "file:" + text::percent_encode(path_, "/") + (immutable ? "?immutable=1" : "");
    }
    const int code = sqlite3_open_v2(name.c_str(), &db_, flags, nullptr);
    if (code != SQLITE_OK) return fail(Errc::unavailable, "cannot open the database " + path_ + ": " + sqlite3_errstr(code));
    sqlite3_extended_result_codes(db_, 1);
    sqlite3_busy_handler(db_, wait_while_busy, nullptr);
    ECLAIR_CHECK_OK(execute("PRAGMA cache_size = -" + std::to_string(kCacheKibibytes)));
    if (mode == Mode::read_only) return {};
    ECLAIR_CHECK_OK(execute("PRAGMA page_size = " + std::to_string(kPageBytes)));
    // Switching to WAL does not always ask the busy handler: several processes may be making the file at once.
    for (int tries = 0;; ++tries) {
      const auto switched = execute("PRAGMA journal_mode = WAL");
      if (switched) break;
      const int why = sqlite3_errcode(db_) & 0xff;
      if ((why != SQLITE_BUSY && why != SQLITE_LOCKED) || wait_while_busy(nullptr, tries) == 0) return fail(switched.error());
    }
    return execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  }

  const std::string& name() const override { return path_; }
  Result<> execute(const std::string& statements) override {
    const int code = sqlite3_exec(db_, statements.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(error_of(db_, code, "cannot use"));
    return {};
  }
  Result<std::unique_ptr<sql::StatementDriver>> prepare(std::string_view sql, sql::Rows) override {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return fail(error_of(db_, code, "cannot prepare a query of"));
    return std::make_unique<SqliteStatement>(db_, statement);
  }
  bool in_transaction() const override { return sqlite3_get_autocommit(db_) == 0; }
  Result<> begin_read() override { return execute("BEGIN"); }
  Result<> begin_write(sql::Writers) override { return execute("BEGIN IMMEDIATE"); }  // there is only ever one
  Result<> commit() override { return execute("COMMIT"); }
  void roll_back() override { static_cast<void>(execute("ROLLBACK")); }
  Result<UnixTime> now() override { return static_cast<UnixTime>(std::time(nullptr)); }  // all users are on this machine

  Result<std::int64_t> last_number(std::string_view table) override {
    ECLAIR_TRY(const std::int64_t counted, number_of("SELECT count(*) FROM sqlite_master WHERE name='sqlite_sequence'"));
    return counted == 0 ? Result<std::int64_t>(0) : number_of("SELECT seq FROM sqlite_sequence WHERE name='" + std::string(table) + "'");
  }
  Result<> set_last_number(std::string_view table, std::int64_t number) override {
    const std::string name(table), n = std::to_string(number);
    ECLAIR_TRY(const std::int64_t counted, number_of("SELECT count(*) FROM sqlite_master WHERE name='" + name + "' AND sql LIKE '%AUTOINCREMENT%'"));
    if (counted == 0) return {};
    return execute("DELETE FROM sqlite_sequence WHERE name='" + name + "'; INSERT INTO sqlite_sequence(name, seq) VALUES('" + name + "', " + n + ")");
  }

  Result<> expect_import() override {
    // Pages that spill before the commit are written twice, and the log's checksums after them are worked out again.
    // The log is moved into the file once, at the end.
    return execute("PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -" + std::to_string(kImportCacheKibibytes));
  }
  void checkpoint() override {
    sqlite3_busy_handler(db_, nullptr, nullptr);
    sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_handler(db_, wait_while_busy, nullptr);
  }
  Result<> compact() override {
    ECLAIR_TRY(const std::int64_t free, number_of("PRAGMA freelist_count"));
    ECLAIR_TRY(const std::int64_t pages, number_of("PRAGMA page_count"));
    if (free * kWorthwhileShare > pages) ECLAIR_CHECK_OK(execute("VACUUM"));
    checkpoint();
    return {};
  }
  Result<std::uint64_t> bytes() override {
    ECLAIR_TRY(const std::int64_t pages, number_of("PRAGMA page_count"));
    ECLAIR_TRY(const std::int64_t size, number_of("PRAGMA page_size"));
    return static_cast<std::uint64_t>(pages * size);
  }

 private:
  Result<std::int64_t> number_of(std::string_view sql) {
    ECLAIR_TRY(const auto query, prepare(sql, sql::Rows::few));
    ECLAIR_TRY(const bool there, query->step());
    return there ? query->number_at(0) : 0;
  }

  const std::string path_;
  sqlite3* db_ = nullptr;
};

}  // namespace connection_detail

Result<sql::Connection> open_file(const std::string& path, Mode mode, bool durable) {
  auto driver = std::make_unique<connection_detail::SqliteConnection>(path);
  ECLAIR_CHECK_OK(driver->open(mode, durable));
  return sql::Connection(std::move(driver));
}

namespace connection_detail {

Result<Connection> open_read_only(const std::string& path, std::size_t newest) {
  ECLAIR_TRY(auto connection, open_file(path, Mode::read_only));
  ECLAIR_TRY(const std::int64_t schema, schema_of(connection));
  ECLAIR_CHECK_OK(check_schema(schema, newest, path));
  if (static_cast<std::size_t>(schema) == newest) return connection;
  return fail(Errc::unavailable, path + " is of an older schema (" + std::to_string(schema) + ") and cannot be written to bring it up to date");
}

}  // namespace connection_detail

Result<std::vector<sql::Table>> tables_of(const sql::Schema& schema) {
  ECLAIR_TRY(auto scratch, open_file(":memory:", Mode::create));
  for (const std::string_view step : schema.sqlite) ECLAIR_CHECK_OK(scratch.execute(std::string(step)));
  std::vector<sql::Table> out;
  ECLAIR_TRY(auto list, scratch.prepare("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"));
  ECLAIR_TRY(bool more, list.step());
  while (more) {
    out.push_back({std::string(list.text_at(0)), {}});
    ECLAIR_TRY(more, list.step());
  }
  ECLAIR_TRY(auto columns, scratch.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid"));
  for (sql::Table& table : out) {
    ECLAIR_TRY(more, columns.text(1, table.name).step());
    while (more) {
      const std::string_view type = columns.text_at(1);
      using Kind = sql::Table::Kind;
      table.columns.push_back({std::string(columns.text_at(0)), type == "INTEGER" ? Kind::number : type == "TEXT" ? Kind::text : Kind::bytes});
      ECLAIR_TRY(more, columns.step());
    }
  }
  return out;
}

bool exists(const std::string& folder, const sql::Schema& schema) {
  return ::access((folder + "/" + std::string(schema.file)).c_str(), F_OK) == 0;
}

Result<sql::Connection> open_database(const std::string& folder, const sql::Schema& wanted) {
  using namespace connection_detail;
  const std::span<const std::string_view> migrations = wanted.sqlite;
  const std::string path = folder + (folder.empty() || folder.back() == '/' ? "" : "/") + std::string(wanted.file);
  ECLAIR_CHECK_OK(make_folders(folder));
  const bool exists = ::access(path.c_str(), F_OK) == 0;
  if (exists && (::access(path.c_str(), W_OK) != 0 || ::access(folder.c_str(), W_OK) != 0)) return open_read_only(path, migrations.size());
  auto opened = open_file(path, Mode::create, wanted.durable);
  if (!opened) {
    // On a full disk there is no room for the log's index; what is there can be read all the same.
    auto read_only = exists ? open_read_only(path, migrations.size()) : fail(opened.error());
    return read_only ? std::move(read_only) : fail(std::move(opened).error());
  }
  Connection connection = *std::move(opened);
  ECLAIR_TRY(std::int64_t schema, schema_of(connection));
  ECLAIR_CHECK_OK(check_schema(schema, migrations.size(), path));
  if (static_cast<std::size_t>(schema) == migrations.size()) return connection;
  ECLAIR_TRY(auto transaction, Transaction::begin(connection));
  ECLAIR_TRY(schema, schema_of(connection));  // somebody else may have been first
  ECLAIR_CHECK_OK(check_schema(schema, migrations.size(), path));
  for (auto next = static_cast<std::size_t>(schema); next < migrations.size(); ++next) {
    ECLAIR_CHECK_OK(connection.execute(std::string(migrations[next])));
    ECLAIR_CHECK_OK(connection.execute("PRAGMA user_version = " + std::to_string(next + 1)));
  }
  ECLAIR_CHECK_OK(transaction.commit());
  return connection;
}

}  // namespace eclair::store::sqlite
