// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "store/sql/connection.h"
#include "util/result.h"
#include "util/time.h"

/// What an engine has to offer. The functions are those of Statement and Connection (connection.h), which says what each does.
namespace eclair::store::sql {

class StatementDriver {
 public:
  virtual ~StatementDriver() = default;
  virtual void number(int parameter, std::int64_t value) = 0;
  virtual void text(int parameter, std::string_view value) = 0;
  virtual void blob(int parameter, std::string_view value) = 0;
  virtual void null(int parameter) = 0;
  virtual Result<bool> step() = 0;
  virtual Result<> run() = 0;
  virtual Result<std::uint64_t> run_counted() = 0;
  virtual void reset() = 0;
  virtual std::int64_t number_at(int column) const = 0;
  virtual std::string_view text_at(int column) const = 0;
  virtual bool null_at(int column) const = 0;
};

class ConnectionDriver {
 public:
  virtual ~ConnectionDriver() = default;
  virtual const std::string& name() const = 0;
  virtual Result<> execute(const std::string& statements) = 0;
  virtual Result<std::unique_ptr<StatementDriver>> prepare(std::string_view sql, Rows rows) = 0;
  virtual bool in_transaction() const = 0;
  virtual Result<> begin_read() = 0;
  virtual Result<> begin_write(Writers writers) = 0;
  virtual Result<> commit() = 0;   ///< also of a read
  virtual void roll_back() = 0;
  virtual Result<UnixTime> now() = 0;
  virtual Result<std::int64_t> last_number(std::string_view table) = 0;
  virtual Result<> set_last_number(std::string_view table, std::int64_t number) = 0;

  // What only some engines have a use for.
  virtual Result<> expect_import() { return {}; }
  virtual void checkpoint() {}
  virtual Result<> compact() { return {}; }
  virtual Result<std::uint64_t> bytes() = 0;
};

}  // namespace eclair::store::sql
