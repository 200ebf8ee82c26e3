// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// The service's log: one line an event, with named fields.
namespace eclair::service {

/// The original's levels and names.
enum class LogLevel : std::uint8_t { trace, debug, info, notice, warning, error, critical };
std::optional<LogLevel> parse_log_level(std::string_view name);  ///< in any case; also "warn" and "fatal"
std::string_view name(LogLevel level);

/// A named value of a line. Its text is cleaned of control characters; it must not be a secret.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double> value;
};

/// text: 2026-11-28T14:00:00.123Z info request route=v1/getLayer status=200
/// json: {"Time":"2026-11-28T14:00:00.123Z","Level":"info","Event":"request","route":"v1/getLayer","status":200}: Event, Level and Time are the
/// original's names.
/// threads: any; each line is written with one call.
class Log {
 public:
  enum class Form : std::uint8_t { text, json };
  /// descriptor: stays its owner's. A line that cannot be written is lost: the service goes on.
  Log(int descriptor, Form form, LogLevel least) : descriptor_(descriptor), form_(form), least_(least) {}
  bool wants(LogLevel level) const { return level >= least_.load(std::memory_order_relaxed); }
  void set_level(LogLevel least) { least_ = least; }
  void line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {}) const;

  void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const { line(LogLevel::debug, event, fields); }
  void info(std::string_view event, std::initializer_list<LogField> fields = {}) const { line(LogLevel::info, event, fields); }
  void notice(std::string_view event, std::initializer_list<LogField> fields = {}) const { line(LogLevel::notice, event, fields); }
  void warning(std::string_view event, std::initializer_list<LogField> fields = {}) const { line(LogLevel::warning, event, fields); }
  void error(std::string_view event, std::initializer_list<LogField> fields = {}) const { line(LogLevel::error, event, fields); }

  /// The line as it is written, with its end. For tests.
  static std::string format(Form form, LogLevel level, std::string_view time, std::string_view event, std::initializer_list<LogField> fields);

 private:
  const int descriptor_;
  const Form form_;
  std::atomic<LogLevel> least_;
};

}  // namespace eclair::service
