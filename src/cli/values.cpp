// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/values.h"

#include <algorithm>
#include <charconv>

#include "cli/habits.h"
#include "util/text.h"

namespace eclair::cli {
namespace values_detail {

constexpr std::string_view kSeverities = "unknown negligible low medium high critical";

std::string listed(std::string_view by_blanks) {
  std::string out;
  for (const std::string_view one : text::words(by_blanks)) {
    if (!out.empty()) out += ", ";
    out += one;
  }
  return out;
}

std::optional<std::uint64_t> size_unit(std::string_view word) {
  const std::string unit = text::lower(word);
  constexpr std::string_view kLetters = "kmgtp";
  if (unit.empty() || unit == "b") return 1;
  const std::size_t power = kLetters.find(unit[0]);
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = std::string_view(unit).substr(1);
  if (rest != "" && rest != "b" && rest != "i" && rest != "ib") return std::nullopt;
  const std::uint64_t base = rest.substr(0, 1) == "i" ? 1024 : 1000;
  std::uint64_t out = 1;
  for (std::size_t i = 0; i <= power; ++i) out *= base;
  return out;
}

}  // namespace values_detail

std::optional<std::uint64_t> parse_size(std::string_view s) {
  s = text::trim(s);
  std::size_t digits = 0;
  while (digits < s.size() && (text::is_digit(s[digits]) || s[digits] == '.')) ++digits;
  const auto [whole_text, fraction_text] = text::cut(s.substr(0, digits), '.');
  const auto unit = values_detail::size_unit(text::trim(s.substr(digits)));
  const auto whole = text::parse_number(whole_text);
  if (!unit || !whole) return std::nullopt;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 63;
  if (*whole > kMost / *unit) return std::nullopt;
  std::uint64_t out = *whole * *unit;
  if (whole_text.size() < digits) {  // there was a point
    if (fraction_text.empty() || fraction_text.size() > 6 || *unit == 1) return std::nullopt;
    const auto fraction = text::parse_number(fraction_text);
    if (!fraction) return std::nullopt;
    std::uint64_t scale = 1;
    for (std::size_t i = 0; i < fraction_text.size(); ++i) scale *= 10;
    out += *unit / scale * *fraction + *unit % scale * *fraction / scale;
  }
  return out;
}

std::optional<std::uint64_t> parse_duration(std::string_view s) {
  s = text::trim(s);
  constexpr std::uint64_t kCentury = 100ull * 366 * 86400;
  if (const auto bare = text::parse_number(s)) return *bare <= kCentury ? bare : std::nullopt;
  std::uint64_t total = 0;
  if (s.empty()) return std::nullopt;
  while (!s.empty()) {
    std::size_t digits = 0;
    while (digits < s.size() && text::is_digit(s[digits])) ++digits;
    const auto count = text::parse_number(s.substr(0, digits));
    if (!count || digits == s.size()) return std::nullopt;
    constexpr std::string_view kUnits = "smhdw";
    constexpr std::uint64_t kSeconds[] = {1, 60, 3600, 86400, 7 * 86400};
    const std::size_t unit = kUnits.find(text::lower(s[digits]));
    if (unit == std::string_view::npos || *count > kCentury / kSeconds[unit]) return std::nullopt;
    total += *count * kSeconds[unit];
    if (total > kCentury) return std::nullopt;
    s.remove_prefix(digits + 1);
  }
  return total;
}

std::optional<double> parse_decimal(std::string_view s) {
  s = text::trim(s);
  const auto [whole, fraction] = text::cut(s, '.');
  const bool digits = std::all_of(s.begin(), s.end(), [](char c) { return text::is_digit(c) || c == '.'; });
  if (whole.empty() || whole.size() > 9 || fraction.size() > 15 || !digits || fraction.find('.') != std::string_view::npos || s.back() == '.') return std::nullopt;
  double out = 0;
  const auto [end, code] = std::from_chars(s.data(), s.data() + s.size(), out, std::chars_format::fixed);
  if (code != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return out;
}

std::optional<bool> parse_flag(std::string_view s) {
  const std::string word = text::lower(text::trim(s));
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

Result<std::vector<Severity>> parse_severities(std::string_view s) {
  std::vector<Severity> out;
  s = text::trim(s);
  if (text::iequals(s, "all")) s = ">=unknown";
  const bool at_least = s.substr(0, 2) == ">=";
  if (at_least) s.remove_prefix(2);
  for (std::string_view word : text::split(s, ',')) {
    word = text::trim(word);
    Severity one{};
    if (!parse(word, one)) {
      return fail(Errc::invalid_input, text::quoted(word) + ": not a severity (" + values_detail::listed(values_detail::kSeverities) + ")" +
                                           text::did_you_mean(word, values_detail::kSeverities));
    }
    if (!at_least) {
      out.push_back(one);
      continue;
    }
    for (int i = static_cast<int>(one); i <= static_cast<int>(Severity::critical); ++i) out.push_back(static_cast<Severity>(i));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<report::LayerChoice> parse_layer(std::string_view s) {
  using Choice = report::LayerChoice;
  constexpr std::size_t kMostNumberDigits = 6, kFewestHexDigits = 7;
  const std::string word = text::lower(s);
  if (word == "base") return Choice{Choice::Kind::base, 0, {}};
  if (word == "own") return Choice{Choice::Kind::own, 0, {}};
  if (const auto number = text::parse_number(s); number && *number > 0 && s.size() <= kMostNumberDigits) {
    return Choice{Choice::Kind::one, static_cast<std::uint32_t>(*number), {}};
  }
  const std::string_view hex = s.starts_with("sha256:") ? s.substr(7) : s;
  const bool is_hex = hex.size() >= kFewestHexDigits && hex.size() <= 64 && std::all_of(hex.begin(), hex.end(), [](char c) { return text::is_digit(c) || (c >= 'a' && c <= 'f'); });
  if (is_hex) return Choice{Choice::Kind::one, 0, "sha256:" + std::string(hex)};
  return fail(Errc::invalid_input, text::quoted(s) + ": not a layer (base, own, a number from 1, or sha256:...)" + text::did_you_mean(word, "base own"));
}

Result<> check_value(const Option& option, std::string_view value) {
  const auto bad = [&](std::string_view what) {
    return fail(Errc::invalid_input, "--" + std::string(option.name) + " " + text::quoted(value) + ": " + std::string(what));
  };
  switch (option.kind) {
    case Kind::flag: return parse_flag(value) ? Result<>{} : bad("not true or false");
    case Kind::number: return text::parse_number(value) ? Result<>{} : bad("not a number");
    case Kind::size: return parse_size(value) ? Result<>{} : bad("not a size like 10MB, 2GiB or 4096");
    case Kind::duration: return parse_duration(value) ? Result<>{} : bad("not a duration like 90s, 5m, 120h or 7d");
    case Kind::severities: {
      auto severities = parse_severities(value);
      if (severities) return {};
      Error error{Errc::invalid_input, "--" + std::string(option.name) + " " + std::move(severities).error().text};
      const std::string_view meant = meant_option(option.name, text::trim(value));
      if (!meant.empty()) error.hint = "did you mean " + std::string(meant) + std::string(text::trim(value)) + "?";
      return fail(std::move(error));
    }
    case Kind::layer: {
      auto layer = parse_layer(value);
      if (layer) return {};
      return fail(Errc::invalid_input, "--" + std::string(option.name) + " " + std::move(layer).error().text);
    }
    case Kind::choice: {
      for (const std::string_view one : text::words(option.choices)) {
        if (one == value) return {};
      }
      return bad("not one of " + values_detail::listed(option.choices) + text::did_you_mean(value, option.choices));
    }
    case Kind::decimal: {
      const auto number = parse_decimal(value);
      return number && *number <= option.most ? Result<>{} : bad("not a number from 0 to " + std::to_string(static_cast<int>(option.most)));
    }
    case Kind::choices:
    case Kind::columns: {
      const auto all = text::words(option.choices);
      for (std::string_view word : text::split(value, ',')) {
        word = text::trim(word);
        if (option.kind == Kind::columns && (word.starts_with('+') || word.starts_with('-'))) word.remove_prefix(1);
        if (std::find(all.begin(), all.end(), word) != all.end()) continue;
        return fail(Errc::invalid_input, "--" + std::string(option.name) + " " + text::quoted(word) + ": not one of " + values_detail::listed(option.choices) +
                                             text::did_you_mean(word, option.choices));
      }
      return {};
    }
    case Kind::text:
    case Kind::list:
    case Kind::rules:
      if (option.name == "config") return {};  // "" = no file
      return value.empty() ? bad("an empty value") : Result<>{};
  }
  return {};
}

}  // namespace eclair::cli
