// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/connection.h"

#include <atomic>

#include "store/sql/driver.h"

namespace eclair::store::sql {
namespace connection_detail {
std::atomic<std::uint64_t> rows_seen{0};
}  // namespace connection_detail

std::uint64_t rows_read() { return connection_detail::rows_seen.load(std::memory_order_relaxed); }

Statement::Statement() = default;
Statement::Statement(std::unique_ptr<StatementDriver> driver) : driver_(std::move(driver)) {}
Statement::~Statement() = default;
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;

Statement& Statement::number(int parameter, std::int64_t value) {
  driver_->number(parameter, value);
  return *this;
}
Statement& Statement::text(int parameter, std::string_view value) {
  driver_->text(parameter, value);
  return *this;
}
Statement& Statement::blob(int parameter, std::string_view value) {
  driver_->blob(parameter, value);
  return *this;
}
Statement& Statement::null(int parameter) {
  driver_->null(parameter);
  return *this;
}
Result<bool> Statement::step() {
  auto out = driver_->step();
  if (out && *out) connection_detail::rows_seen.fetch_add(1, std::memory_order_relaxed);
  return out;
}
Result<> Statement::run() { return driver_->run(); }
Result<std::uint64_t> Statement::run_counted() { return driver_->run_counted(); }
void Statement::reset() { driver_->reset(); }
std::int64_t Statement::number_at(int column) const { return driver_->number_at(column); }
std::string_view Statement::text_at(int column) const { return driver_->text_at(column); }
bool Statement::null_at(int column) const { return driver_->null_at(column); }

Connection::Connection() = default;
Connection::Connection(std::unique_ptr<ConnectionDriver> driver) : driver_(std::move(driver)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

const std::string& Connection::name() const { return driver_->name(); }
Result<> Connection::execute(const std::string& statements) { return driver_->execute(statements); }
Result<Statement> Connection::prepare(std::string_view sql, Rows rows) {
  ECLAIR_TRY(auto driver, driver_->prepare(sql, rows));
  return Statement(std::move(driver));
}
bool Connection::in_transaction() const { return driver_->in_transaction(); }
Result<> Connection::begin_read() { return driver_->in_transaction() ? Result<>{} : driver_->begin_read(); }
void Connection::end_read() {
  if (driver_->in_transaction()) static_cast<void>(driver_->commit());
}
Result<UnixTime> Connection::now() { return driver_->now(); }
Result<> Connection::expect_import() { return driver_->expect_import(); }
void Connection::checkpoint() { driver_->checkpoint(); }
Result<> Connection::compact() { return driver_->compact(); }
Result<std::int64_t> Connection::last_number(std::string_view table) { return driver_->last_number(table); }
Result<> Connection::set_last_number(std::string_view table, std::int64_t number) { return driver_->set_last_number(table, number); }
Result<std::uint64_t> Connection::bytes() { return driver_->bytes(); }

Result<Transaction> Transaction::begin(Connection& connection, Writers writers) {
  ECLAIR_CHECK_OK(connection.driver_->begin_write(writers));
  return Transaction(connection);
}

Transaction::~Transaction() {
  if (connection_ != nullptr && connection_->in_transaction()) connection_->driver_->roll_back();
}

Result<> Transaction::commit() {
  ECLAIR_CHECK_OK(connection_->driver_->commit());
  connection_ = nullptr;
  return {};
}

}  // namespace eclair::store::sql
