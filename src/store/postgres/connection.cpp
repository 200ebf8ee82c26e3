// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/postgres/connection.h"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "store/postgres/link.h"
#include "store/postgres/pq_library.h"
#include "store/sql/driver.h"
#include "util/text.h"

// How the stores' statements travel.
//
// What has no answer to wait for (run() within a write transaction) is sent and left; its outcome is looked at when something is read, or at the commit. So an
// import of a million rows waits for the server a few times, not a million. A query is sent with what is on its way, and its rows come as a whole: other
// statements may then run between two of them. Where they may be too many (Rows::many), a cursor gives them in pages.
//
// A read's BEGIN is sent with its first query, and both are sent again on a new connection if the old one turns out to be gone: nothing was seen yet.
namespace eclair::store::postgres {
namespace connection_detail {

constexpr std::size_t kMostPrepared = 512;    // kept by the server; what comes after is parsed each time
constexpr int kPageRows = 1000;               // of a cursor
constexpr int kLockClass = 0x65636c72;        // our advisory locks: "eclr", and the number of the schema (0: its steps)
constexpr std::array<Oid, 8> kRead = {16, 17, 18, 19, 20, 21, 23, 25};  // bool, bytea, char, name, int8, int2, int4, text
constexpr Oid kVarchar = 1043;

/// ?1 -> $1, outside of quotes.
std::string with_dollars(std::string_view sql) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql[i] == '\'') quoted = !quoted;
    const bool parameter = !quoted && sql[i] == '?' && i + 1 < sql.size() && sql[i + 1] >= '0' && sql[i + 1] <= '9';
    out += parameter ? '$' : sql[i];
  }
  return out;
}

class PgConnection final : public sql::ConnectionDriver {
 public:
  PgConnection(const PqLibrary& pq, const std::string& address, const std::string& schema, int lock)
      : pq_(pq), link_(pq, address, schema), lock_(std::to_string(kLockClass) + "," + std::to_string(lock)) {}

  Result<> open() {
    ECLAIR_CHECK_OK(link_.parse());
    return link_.connect();
  }

  const std::string& name() const override { return link_.name(); }
  Result<> execute(const std::string& statements) override {
    if (open_ == Open::writing && statements.find(';') == std::string::npos) {  // SAVEPOINT and the like
      Prepared own;
      return tell(kept(statements, {}, own), {});
    }
    ECLAIR_CHECK_OK(ready());
    if (auto done = link_.settle(); !done) return fail(ended(std::move(done).error()));
    auto done = link_.simple(statements);
    return done ? Result<>{} : fail(ended(std::move(done).error()));
  }
  Result<std::unique_ptr<sql::StatementDriver>> prepare(std::string_view sql, sql::Rows rows) override;
  bool in_transaction() const override { return open_ != Open::no; }

  Result<> begin_read() override {
    open_ = Open::reading;
    begun_ = false;
    return {};
  }
  Result<> begin_write(sql::Writers writers) override {
    if (open_ != Open::no) return fail(Errc::internal, "a transaction within another on " + link_.name());
    for (int tries = 0;; ++tries) {
      ECLAIR_CHECK_OK(ready());
      auto begun = [&]() -> Result<Answer> {
        ECLAIR_CHECK_OK(link_.send("BEGIN"));
        ECLAIR_CHECK_OK(link_.send("SET LOCAL idle_in_transaction_session_timeout TO '2min'"));  // a writer that is stopped must not stop the others
        if (writers == sql::Writers::one) ECLAIR_CHECK_OK(link_.send(lock_sql_));
        return link_.settle();
      }();
      if (begun) break;
      if (!link_.up() && tries == 0) continue;
      if (link_.up()) static_cast<void>(link_.simple("ROLLBACK"));
      return fail(std::move(begun).error());
    }
    open_ = Open::writing;
    failed_.reset();
    return {};
  }
  Result<> commit() override {
    const Open was = std::exchange(open_, Open::no);
    if (was == Open::no || (was == Open::reading && !begun_)) return {};
    if (failed_) {
      Error error = *std::exchange(failed_, std::nullopt);
      if (link_.up()) static_cast<void>(link_.simple("ROLLBACK"));
      return fail(std::move(error));
    }
    if (was == Open::reading) {
      ECLAIR_CHECK_OK(link_.send("COMMIT"));
      return link_.post();  // nothing depends on it
    }
    auto done = [&]() -> Result<Answer> {
      ECLAIR_CHECK_OK(link_.send("COMMIT"));
      return link_.settle();
    }();
    if (!done) {
      if (link_.up()) static_cast<void>(link_.simple("ROLLBACK"));
      return fail(std::move(done).error());
    }
    if (*done != nullptr && std::string_view(pq_.cmdStatus(done->get())) != "COMMIT") return fail(Errc::internal, "a transaction was rolled back by " + link_.name());
    return {};
  }
  void roll_back() override {
    open_ = Open::no;
    failed_.reset();
    if (!link_.up()) return;
    static_cast<void>(link_.settle());
    if (link_.up()) static_cast<void>(link_.simple("ROLLBACK"));
  }
  Result<UnixTime> now() override { return number_of("SELECT CAST(floor(extract(epoch FROM clock_timestamp())) AS BIGINT)"); }
  Result<std::int64_t> last_number(std::string_view table) override {
    return number_of("SELECT CAST(coalesce(max(last_value), 0) AS BIGINT) FROM pg_sequences WHERE schemaname=current_schema() AND sequencename='" + std::string(table) + "_id_seq'");
  }
  Result<> set_last_number(std::string_view table, std::int64_t number) override {
    const std::string name(table);
    ECLAIR_TRY(const std::int64_t there, number_of("SELECT count(*) FROM pg_sequences WHERE schemaname=current_schema() AND sequencename='" + name + "_id_seq'"));
    if (there == 0 || number <= 0) return {};
    const auto set = number_of("SELECT setval('" + name + "_id_seq', " + std::to_string(number) + ")");
    return set ? Result<>{} : fail(set.error());
  }
  Result<std::uint64_t> bytes() override {
    ECLAIR_TRY(const std::int64_t out, number_of("SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c "
                                                 "WHERE c.relnamespace=CAST(current_schema() AS regnamespace) AND c.relkind='r'"));
    return static_cast<std::uint64_t>(out);
  }

  /// The planner knows nothing of a table that was just filled, until the server's own caretaker comes round in a minute.
  void checkpoint() override {
    const auto list = prepare("SELECT CAST(relname AS TEXT) FROM pg_class WHERE relnamespace=CAST(current_schema() AS regnamespace) AND relkind='r' AND reltuples<1 "
                              "AND pg_relation_size(oid)>0", sql::Rows::few);
    std::string unknown;
    for (auto more = (*list)->step(); more && *more; more = (*list)->step()) unknown += (unknown.empty() ? "" : ", ") + std::string((*list)->text_at(0));
    if (!unknown.empty()) static_cast<void>(execute("ANALYZE " + unknown));
  }

  /// Sends a statement and waits for its answer.
  Result<Answer> ask(Prepared& statement, const std::vector<Value>& values) {
    for (int tries = 0;; ++tries) {
      ECLAIR_CHECK_OK(ready());
      const bool first = open_ != Open::writing && !begun_;
      auto answer = [&]() -> Result<Answer> {
        ECLAIR_CHECK_OK(begin_if_reading());
        ECLAIR_CHECK_OK(link_.send(statement, values));
        return link_.settle();
      }();
      if (answer) return answer;
      const bool again = first && !link_.up() && tries == 0 && (open_ == Open::reading || statement.sql.compare(0, 6, "SELECT") == 0);
      if (again) {
        begun_ = false;
        continue;
      }
      return fail(ended(std::move(answer).error()));
    }
  }
  /// Within a write transaction: sends it and does not wait.
  Result<> tell(Prepared& statement, const std::vector<Value>& values) {
    if (open_ != Open::writing || statement.name.empty()) {  // a statement that is not kept may be gone before its answer is taken
      auto done = ask(statement, values);
      return done ? Result<>{} : fail(std::move(done).error());
    }
    if (failed_) return fail(*failed_);
    auto done = link_.send(statement, values);
    return done ? Result<>{} : fail(ended(std::move(done).error()));
  }
  Result<> tell(const std::string& statement) {
    Prepared once;
    once.sql = statement;
    auto done = ask(once, {});
    return done ? Result<>{} : fail(std::move(done).error());
  }

  /// The statement as the server keeps it, for parameters of these kinds.
  Prepared& kept(const std::string& sql, const std::vector<bool>& numbers, Prepared& own) {
    const auto found = prepared_.find(std::pair(sql, numbers));
    if (found != prepared_.end()) return found->second;
    Prepared made;
    made.sql = sql;
    if (prepared_.size() >= kMostPrepared) return own = std::move(made);
    made.name = "e" + std::to_string(prepared_.size());
    return prepared_.emplace(std::pair(sql, numbers), std::move(made)).first->second;
  }

  const PqLibrary& pq() const { return pq_; }
  std::string next_cursor() { return "c" + std::to_string(++cursors_); }
  /// Changes with every transaction.
  std::uint64_t transaction() const { return transactions_; }
  bool usable() const { return open_ != Open::no && link_.up() && !failed_; }

 private:
  enum class Open { no, reading, writing };

  /// Outside of a transaction, or before its first statement, a connection that went away is made anew.
  Result<> ready() {
    if (open_ == Open::writing) return failed_ ? fail(*failed_) : Result<>{};
    if (open_ == Open::reading && begun_) return {};
    if (link_.up() && !link_.alive()) return link_.connect();
    return link_.up() ? Result<>{} : link_.connect();
  }
  Result<> begin_if_reading() {
    if (open_ != Open::reading || begun_) return {};
    begun_ = true;
    ++transactions_;
    return link_.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }
  /// A statement failed: a read is over, a write transaction fails from here on.
  Error ended(Error error) {
    if (open_ == Open::writing) {
      failed_ = error;
    } else if (open_ == Open::reading) {
      open_ = Open::no;
      if (link_.up()) static_cast<void>(link_.simple("ROLLBACK"));
    }
    return error;
  }
  Result<std::int64_t> number_of(std::string_view sql) {
    ECLAIR_TRY(const auto query, prepare(sql, sql::Rows::few));
    ECLAIR_TRY(const bool there, query->step());
    return there ? query->number_at(0) : 0;
  }

  const PqLibrary& pq_;
  Link link_;
  const std::string lock_;
  const std::string lock_sql_ = "SELECT pg_advisory_xact_lock(" + lock_ + ")";
  Open open_ = Open::no;
  bool begun_ = false;             ///< of a read: the server knows
  std::optional<Error> failed_;    ///< of a write transaction
  std::uint64_t cursors_ = 0, transactions_ = 0;
  std::map<std::pair<std::string, std::vector<bool>>, Prepared> prepared_;
};

class PgStatement final : public sql::StatementDriver {
 public:
  PgStatement(PgConnection& connection, std::string_view sql, sql::Rows rows) : db_(connection), sql_(with_dollars(sql)), rows_(rows) {}
  ~PgStatement() override { reset(); }
  PgStatement(const PgStatement&) = delete;
  PgStatement& operator=(const PgStatement&) = delete;

  void number(int parameter, std::int64_t value) override {
    Parameter& one = at(parameter, true);
    for (int i = 7; i >= 0; --i, value >>= 8) one.number[static_cast<std::size_t>(i)] = static_cast<char>(value & 0xff);
    one.value = {{}, true, false};
  }
  void text(int parameter, std::string_view value) override { at(parameter, false).value = {value, false, false}; }
  void blob(int parameter, std::string_view value) override { at(parameter, false).value = {value, false, false}; }
  void null(int parameter) override { at(parameter, false).value = {}; }

  Result<bool> step() override {
    if (answer_ == nullptr) {
      row_ = -1;
      if (rows_ == sql::Rows::many && db_.in_transaction()) {
        cursor_ = db_.next_cursor();
        Prepared declare;
        declare.sql = "DECLARE " + cursor_ + " NO SCROLL CURSOR FOR " + sql_;
        ECLAIR_TRY(const Answer done, db_.ask(declare, values()));
        cursor_of_ = db_.transaction();
        ECLAIR_CHECK_OK(fetch());
      } else {
        ECLAIR_TRY(answer_, db_.ask(prepared(), values()));
        ECLAIR_CHECK_OK(check());
      }
    }
    if (++row_ < count_) return true;
    if (!cursor_.empty() && count_ == kPageRows) {
      ECLAIR_CHECK_OK(fetch());
      row_ = 0;
      if (count_ > 0) return true;
    }
    reset();
    return false;
  }
  Result<> run() override {
    reset();
    return db_.tell(prepared(), values());
  }
  Result<std::uint64_t> run_counted() override {
    reset();
    ECLAIR_TRY(const Answer done, db_.ask(prepared(), values()));
    std::uint64_t out = 0;
    for (const char* digit = db_.pq().cmdTuples(done.get()); *digit >= '0' && *digit <= '9'; ++digit) out = out * 10 + static_cast<std::uint64_t>(*digit - '0');
    return out;
  }
  void reset() override {
    answer_.reset();
    count_ = 0;
    if (cursor_.empty()) return;
    if (db_.usable() && db_.transaction() == cursor_of_) static_cast<void>(db_.tell("CLOSE " + cursor_));
    cursor_.clear();
  }

  std::int64_t number_at(int column) const override {
    const std::string_view bytes = text_at(column);
    // The sign is in the first byte, whatever the size.
    std::int64_t out = bytes.empty() || (bytes[0] & 0x80) == 0 ? 0 : -1;
    for (const char byte : bytes) out = static_cast<std::int64_t>(static_cast<std::uint64_t>(out) << 8 | static_cast<unsigned char>(byte));
    return out;
  }
  std::string_view text_at(int column) const override {
    if (answer_ == nullptr || row_ < 0 || row_ >= count_) return {};
    return {db_.pq().getvalue(answer_.get(), row_, column), static_cast<std::size_t>(db_.pq().getlength(answer_.get(), row_, column))};
  }
  bool null_at(int column) const override { return answer_ == nullptr || db_.pq().getisnull(answer_.get(), row_, column) == 1; }

 private:
  struct Parameter {
    Value value;
    std::array<char, 8> number{};
  };

  Parameter& at(int parameter, bool is_number) {
    const auto index = static_cast<std::size_t>(parameter - 1);
    if (parameters_.size() <= index) {
      parameters_.resize(index + 1);
      numbers_.resize(index + 1);
      kept_ = nullptr;
    }
    if (numbers_[index] != is_number) {
      numbers_[index] = is_number;
      kept_ = nullptr;
    }
    return parameters_[index];
  }
  const std::vector<Value>& values() {
    values_.clear();
    for (const Parameter& one : parameters_) {
      values_.push_back(one.value);
      if (one.value.is_number) values_.back().bytes = {one.number.data(), one.number.size()};
    }
    return values_;
  }
  Prepared& prepared() {
    if (kept_ == nullptr) kept_ = &db_.kept(sql_, numbers_, own_);
    return *kept_;
  }
  Result<> fetch() {
    Prepared next;
    next.sql = "FETCH " + std::to_string(kPageRows) + " FROM " + cursor_;
    ECLAIR_TRY(answer_, db_.ask(next, {}));
    return check();
  }
  /// What text_at() and number_at() understand.
  Result<> check() {
    count_ = db_.pq().ntuples(answer_.get());
    for (int i = db_.pq().nfields(answer_.get()) - 1; i >= 0; --i) {
      const Oid type = db_.pq().ftype(answer_.get(), i);
      bool known = type == kVarchar;
      for (const Oid one : kRead) known = known || type == one;
      if (!known) return fail(Errc::internal, "column " + std::to_string(i) + " is of type " + std::to_string(type) + ", which is not read: " + sql_);
    }
    return {};
  }

  PgConnection& db_;
  const std::string sql_;
  const sql::Rows rows_;
  std::vector<Parameter> parameters_;
  std::vector<bool> numbers_;
  std::vector<Value> values_;
  Prepared own_;
  Prepared* kept_ = nullptr;
  Answer answer_{nullptr, ResultDeleter{}};
  int row_ = -1, count_ = 0;
  std::string cursor_;
  std::uint64_t cursor_of_ = 0;
};

Result<std::unique_ptr<sql::StatementDriver>> PgConnection::prepare(std::string_view sql, sql::Rows rows) {
  return std::make_unique<PgStatement>(*this, sql, rows);
}

Result<std::int64_t> one_number(sql::Connection& connection, const std::string& query) {
  ECLAIR_TRY(auto statement, connection.prepare(query));
  ECLAIR_TRY(const bool there, statement.step());
  return there ? statement.number_at(0) : 0;
}

/// 0: nothing is there yet.
Result<std::int64_t> schema_of(sql::Connection& connection, const std::string& schema) {
  ECLAIR_TRY(const std::int64_t there, one_number(connection, "SELECT count(*) FROM pg_class WHERE relname='schema_version' AND relnamespace="
                                                              "(SELECT oid FROM pg_namespace WHERE nspname='" + schema + "')"));
  return there == 0 ? Result<std::int64_t>(0) : one_number(connection, "SELECT CAST(max(version) AS BIGINT) FROM schema_version");
}

Result<> check_schema(std::int64_t version, std::size_t known, const std::string& name) {
  if (version >= 0 && static_cast<std::size_t>(version) <= known) return {};
  return fail(Errc::unsupported, name + " was made by a newer eclair (schema " + std::to_string(version) + ", this one knows " + std::to_string(known) + ")");
}

}  // namespace connection_detail

Result<bool> exists(const std::string& address, const sql::Schema& schema) {
  using namespace connection_detail;
  ECLAIR_TRY(const PqLibrary* const pq, load_pq());
  auto driver = std::make_unique<PgConnection>(*pq, address, std::string(schema.schema), schema.lock);
  ECLAIR_CHECK_OK(driver->open());
  sql::Connection connection(std::move(driver));
  ECLAIR_TRY(const std::int64_t version, schema_of(connection, std::string(schema.schema)));
  return version > 0;
}

Result<sql::Connection> open_database(const std::string& address, const sql::Schema& schema) {
  using namespace connection_detail;
  ECLAIR_TRY(const PqLibrary* const pq, load_pq());
  const std::string name(schema.schema);
  auto driver = std::make_unique<PgConnection>(*pq, address, name, schema.lock);
  ECLAIR_CHECK_OK(driver->open());
  sql::Connection connection(std::move(driver));
  const std::string shown = connection.name() + " (" + name + ")";
  ECLAIR_TRY(std::int64_t version, schema_of(connection, name));
  ECLAIR_CHECK_OK(check_schema(version, schema.postgres.size(), shown));
  if (static_cast<std::size_t>(version) == schema.postgres.size()) return connection;

  ECLAIR_TRY(auto transaction, sql::Transaction::begin(connection, sql::Writers::many));
  ECLAIR_TRY([[maybe_unused]] const auto locked,
             one_number(connection, "SELECT count(*) FROM (SELECT pg_advisory_xact_lock(" + std::to_string(kLockClass) + ", 0)) AS locked"));
  ECLAIR_TRY(version, schema_of(connection, name));  // somebody else may have been first
  ECLAIR_CHECK_OK(check_schema(version, schema.postgres.size(), shown));
  ECLAIR_TRY(const std::int64_t there, one_number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname='" + name + "'"));
  if (there == 0) ECLAIR_CHECK_OK(connection.execute("CREATE SCHEMA " + name));
  if (version == 0) ECLAIR_CHECK_OK(connection.execute("CREATE TABLE schema_version (version BIGINT PRIMARY KEY, made_at TIMESTAMPTZ NOT NULL DEFAULT now())"));
  for (auto next = static_cast<std::size_t>(version); next < schema.postgres.size(); ++next) {
    ECLAIR_CHECK_OK(connection.execute(std::string(schema.postgres[next])));
    ECLAIR_CHECK_OK(connection.execute("INSERT INTO schema_version(version) VALUES (" + std::to_string(next + 1) + ")"));
  }
  ECLAIR_CHECK_OK(transaction.commit());
  return connection;
}

}  // namespace eclair::store::postgres
