// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/time.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "util/plural.h"
#include "util/text.h"

namespace eclair {
namespace time_detail {

/// Days since 1970-01-01 of a proleptic Gregorian date.
std::int64_t days_from_civil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto of_era = static_cast<unsigned>(year - era * 400);
  const unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146097 + static_cast<std::int64_t>(of_era * 365 + of_era / 4 - of_era / 100 + of_year) - 719468;
}

bool take(std::string_view& s, std::size_t digits, int& value) {
  if (s.size() < digits) return false;
  value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (!text::is_digit(s[i])) return false;
    value = value * 10 + (s[i] - '0');
  }
  s.remove_prefix(digits);
  return true;
}

bool skip(std::string_view& s, char c) {
  if (s.empty() || s.front() != c) return false;
  s.remove_prefix(1);
  return true;
}

}  // namespace time_detail

UnixTime now() {
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH"); fixed != nullptr) {
    if (const auto value = text::parse_number(fixed)) return static_cast<UnixTime>(*value);
  }
  return static_cast<UnixTime>(std::time(nullptr));
}

std::string rfc3339(UnixTime t) {
  const auto seconds = static_cast<std::time_t>(t);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "1970-01-01T00:00:00Z";
  char out[40];
  (void)std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                      parts.tm_min, parts.tm_sec);
  return out;
}

Result<UnixTime> parse_time(std::string_view s) {
  using namespace time_detail;
  const auto bad = [whole = s] { return fail(Errc::invalid_input, "not a date or time: " + text::quoted(whole, 40)); };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone = 0;
  if (!take(s, 4, year) || !skip(s, '-') || !take(s, 2, month) || !skip(s, '-') || !take(s, 2, day)) return bad();
  if (!s.empty()) {
    if (!skip(s, 'T') && !skip(s, 't') && !skip(s, ' ')) return bad();
    if (!take(s, 2, hour) || !skip(s, ':') || !take(s, 2, minute)) return bad();
    if (skip(s, ':') && !take(s, 2, second)) return bad();
    if (skip(s, '.')) {
      while (!s.empty() && text::is_digit(s.front())) s.remove_prefix(1);
    }
    if (!s.empty() && (s.front() == '+' || s.front() == '-')) {
      const int sign = s.front() == '-' ? -1 : 1;
      int zone_hour = 0, zone_minute = 0;
      s.remove_prefix(1);
      if (!take(s, 2, zone_hour)) return bad();
      skip(s, ':');
      if (!take(s, 2, zone_minute)) return bad();
      zone = sign * (zone_hour * 60 + zone_minute);
    } else if (!s.empty() && !skip(s, 'Z') && !skip(s, 'z')) {
      return bad();
    }
    if (!s.empty()) return bad();
  }
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (month < 1 || month > 12 || day < 1 || day > kDays[month - 1] || (month == 2 && day == 29 && !leap) || hour > 23 || minute > 59 || second > 60) return bad();
  return days_from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day)) * 86400 + hour * 3600 + minute * 60 + second - zone * 60;
}

std::string ago(UnixTime then, UnixTime now) {
  const UnixTime seconds = now > then ? now - then : 0;
  const auto say = [](UnixTime n, const char* unit) { return text::plural(static_cast<std::uint64_t>(n), unit); };
  if (seconds < 120) return say(seconds, "second");
  if (seconds < 2 * 3600) return say(seconds / 60, "minute");
  if (seconds < 2 * 86400) return say(seconds / 3600, "hour");
  return say(seconds / 86400, "day");
}

}  // namespace eclair
