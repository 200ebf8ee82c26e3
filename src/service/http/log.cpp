// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/log.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iterator>

#include "util/text.h"

namespace eclair::service {
namespace log_detail {

constexpr std::string_view kNames[] = {"trace", "debug", "info", "notice", "warning", "error", "critical"};
constexpr std::size_t kMostBytes = 1000;  // of one value

std::string now_text() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char buffer[48];
  const std::size_t count = std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &parts);
  const int more = std::snprintf(buffer + count, sizeof buffer - count, ".%03dZ", static_cast<int>(rest));
  return {buffer, count + static_cast<std::size_t>(more)};
}

bool is_plain(std::string_view s) {
  for (const char c : s) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=') return false;
  }
  return !s.empty() && s.size() <= kMostBytes;
}

/// In quotes; cleaned text has no control characters, so only these two need care. JSON and the text form agree on it.
void add_quoted(std::string& out, std::string_view s) {
  out += '"';
  for (const char c : text::clean(s, kMostBytes)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void add_number(std::string& out, double value) {
  char buffer[32];
  out.append(buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%.3f", value)));
}

void add_value(std::string& out, const LogField& field, bool json) {
  if (const auto* const text = std::get_if<std::string_view>(&field.value)) {
    if (!json && is_plain(*text)) out += *text;
    else add_quoted(out, *text);
  } else if (const auto* const number = std::get_if<std::int64_t>(&field.value)) {
    out += std::to_string(*number);
  } else {
    add_number(out, std::get<double>(field.value));
  }
}

}  // namespace log_detail

std::string_view name(LogLevel level) { return log_detail::kNames[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> parse_log_level(std::string_view word) {
  for (std::size_t i = 0; i < std::size(log_detail::kNames); ++i) {
    if (text::iequals(word, log_detail::kNames[i])) return static_cast<LogLevel>(i);
  }
  if (text::iequals(word, "warn")) return LogLevel::warning;
  if (text::iequals(word, "fatal")) return LogLevel::critical;
  return std::nullopt;
}

std::string Log::format(Form form, LogLevel level, std::string_view time, std::string_view event, std::initializer_list<LogField> fields) {
  const bool json = form == Form::json;
  std::string out;
  out.reserve(256);
  if (json) {
    out += "{\"Time\":\"";
    out += time;
    out += "\",\"Level\":\"";
    out += name(level);
    out += "\",\"Event\":";
    log_detail::add_quoted(out, event);
  } else {
    out += time;
    out += ' ';
    out += name(level);
    out += ' ';
    out += text::clean(event, log_detail::kMostBytes);
  }
  for (const LogField& field : fields) {
    out += json ? ",\"" : " ";
    out += field.name;
    out += json ? "\":" : "=";
    log_detail::add_value(out, field, json);
  }
  out += json ? "}\n" : "\n";
  return out;
}

void Log::line(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const {
  if (!wants(level)) return;
  const std::string bytes = format(form_, level, log_detail::now_text(), event, fields);
  // A full pipe or disk must not stop the service.
  if (::write(descriptor_, bytes.data(), bytes.size()) < 0) return;
}

}  // namespace eclair::service
