// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/connection.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "util/text.h"

namespace eclair::store::sqlite {
namespace connection_detail {

constexpr int kBusySteps = 12'000;      // of 50 ms: ten minutes
constexpr int kPageBytes = 16384;       // packed rows are around 1 KiB: an import fills pages, a look-up still reads few of them
constexpr int kCacheKibibytes = 8192;

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

}  // namespace connection_detail

struct Statement::Impl {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  int bad = SQLITE_OK;
  ~Impl() { sqlite3_finalize(statement); }
};

Statement::Statement() = default;
Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

Statement& Statement::number(int parameter, std::int64_t value) {
  impl_->bad |= sqlite3_bind_int64(impl_->statement, parameter, value);
  return *this;
}
Statement& Statement::text(int parameter, std::string_view value) {
  impl_->bad |= sqlite3_bind_text64(impl_->statement, parameter, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
Statement& Statement::blob(int parameter, std::string_view value) {
  impl_->bad |= sqlite3_bind_blob64(impl_->statement, parameter, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_STATIC);
  return *this;
}
Statement& Statement::null(int parameter) {
  impl_->bad |= sqlite3_bind_null(impl_->statement, parameter);
  return *this;
}

Result<bool> Statement::step() {
  if (impl_->bad != SQLITE_OK) return fail(connection_detail::error_of(impl_->db, impl_->bad, "cannot prepare a query of"));
  const int code = sqlite3_step(impl_->statement);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(impl_->statement);
    return false;
  }
  Error error = connection_detail::error_of(impl_->db, code, "cannot use");
  sqlite3_reset(impl_->statement);
  return fail(std::move(error));
}

Result<> Statement::run() {
  ECLAIR_TRY(bool more, step());
  while (more) {
    ECLAIR_TRY(more, step());
  }
  return {};
}

void Statement::reset() { sqlite3_reset(impl_->statement); }
std::int64_t Statement::number_at(int column) const { return sqlite3_column_int64(impl_->statement, column); }
bool Statement::null_at(int column) const { return sqlite3_column_type(impl_->statement, column) == SQLITE_NULL; }
std::string_view Statement::text_at(int column) const {
  const void* bytes = sqlite3_column_blob(impl_->statement, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(impl_->statement, column))};
}

struct Connection::Impl {
  sqlite3* db = nullptr;
  ~Impl() { sqlite3_close_v2(db); }
};

Connection::Connection() = default;
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Result<Connection> Connection::open(const std::string& path, Mode mode) {
  Connection out;
  out.impl_ = std::make_unique<Impl>();
  std::string name = path;
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (mode == Mode::read_only) {
    flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    struct stat log {};
    const bool immutable = ::stat((path + "-wal").c_str(), &log) != 0 || log.st_size == 0;
    name = "file:" + text::percent_encode(path, "/") + (immutable ? "?immutable=1" : "");
  }
  const int code = sqlite3_open_v2(name.c_str(), &out.impl_->db, flags, nullptr);
  if (code != SQLITE_OK) {
    return fail(Errc::unavailable, "cannot open the database " + path + ": " + sqlite3_errstr(code));
  }
  sqlite3_extended_result_codes(out.impl_->db, 1);
  sqlite3_busy_handler(out.impl_->db, connection_detail::wait_while_busy, nullptr);
  ECLAIR_CHECK_OK(out.execute("PRAGMA cache_size = -" + std::to_string(connection_detail::kCacheKibibytes)));
  if (mode == Mode::read_only) return out;
  ECLAIR_CHECK_OK(out.execute("PRAGMA page_size = " + std::to_string(connection_detail::kPageBytes)));
  // Switching to WAL does not always ask the busy handler: several processes may be making the file at once.
  for (int tries = 0;; ++tries) {
    const auto switched = out.execute("PRAGMA journal_mode = WAL");
    if (switched) break;
    const int why = sqlite3_errcode(out.impl_->db) & 0xff;
    if ((why != SQLITE_BUSY && why != SQLITE_LOCKED) || connection_detail::wait_while_busy(nullptr, tries) == 0) return fail(switched.error());
  }
  // A killed process loses nothing that was committed; a power cut at worst the newest transactions, never the file.
  ECLAIR_CHECK_OK(out.execute("PRAGMA synchronous = NORMAL"));
  return out;
}

Result<> Connection::execute(const std::string& statements) {
  const int code = sqlite3_exec(impl_->db, statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(connection_detail::error_of(impl_->db, code, "cannot use"));
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) {
  Statement out;
  out.impl_ = std::make_unique<Statement::Impl>();
  out.impl_->db = impl_->db;
  const int code = sqlite3_prepare_v3(impl_->db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &out.impl_->statement, nullptr);
  if (code != SQLITE_OK) return fail(connection_detail::error_of(impl_->db, code, "cannot prepare a query of"));
  return out;
}

std::int64_t Connection::last_id() const { return sqlite3_last_insert_rowid(impl_->db); }
bool Connection::in_transaction() const { return sqlite3_get_autocommit(impl_->db) == 0; }

void Connection::checkpoint() {
  sqlite3_busy_handler(impl_->db, nullptr, nullptr);
  sqlite3_wal_checkpoint_v2(impl_->db, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_handler(impl_->db, connection_detail::wait_while_busy, nullptr);
}

Result<Transaction> Transaction::begin(Connection& connection) {
  ECLAIR_CHECK_OK(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  static_cast<void>(connection_->execute("ROLLBACK"));
}

Result<> Transaction::commit() {
  ECLAIR_CHECK_OK(connection_->execute("COMMIT"));
  connection_ = nullptr;
  return {};
}

namespace connection_detail {

Result<Connection> open_read_only(const std::string& path, std::size_t newest) {
  ECLAIR_TRY(auto connection, Connection::open(path, Connection::Mode::read_only));
  ECLAIR_TRY(const std::int64_t schema, schema_of(connection));
  ECLAIR_CHECK_OK(check_schema(schema, newest, path));
  if (static_cast<std::size_t>(schema) == newest) return connection;
  return fail(Errc::unavailable, path + " is of an older schema (" + std::to_string(schema) + ") and cannot be written to bring it up to date");
}

}  // namespace connection_detail

Result<Connection> open_database(const std::string& folder, const std::string& file, std::span<const std::string_view> migrations) {
  using namespace connection_detail;
  const std::string path = folder + (folder.empty() || folder.back() == '/' ? "" : "/") + file;
  ECLAIR_CHECK_OK(make_folders(folder));
  const bool exists = ::access(path.c_str(), F_OK) == 0;
  if (exists && (::access(path.c_str(), W_OK) != 0 || ::access(folder.c_str(), W_OK) != 0)) return open_read_only(path, migrations.size());
  auto opened = Connection::open(path, Connection::Mode::create);
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
