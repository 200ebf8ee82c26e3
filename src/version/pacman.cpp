// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of pacman, of [epoch:]version[-release]; source: libalpm 13, alpm_pkg_vercmp().
//
// A part is a row of steps: some separators, then a run of digits or of letters. Steps order by how many separators come first, then
// letters < the end < digits, then by what the run holds. So 1.0a < 1.0 < 1.0.a < 1.0.1 < 1..0, and tilde and caret are separators.
//
// libalpm contradicts itself in two cases. A missing release equals any there: so does it here when an installed version is held against
// a source's, and to sort by it is older than any, as an order must not call 1-1 and 1-2 equal to the same thing. Parts that end with a separator have no place (1. is above 1..a, that above 1.1, that above
// 1. again); here they are like a step of one separator, and no versions.
#include <optional>
#include <tuple>

#include "version/digits.h"
#include "version/scheme.h"

namespace eclair::version {
namespace pacman_detail {

constexpr bool is_separator(char c) noexcept { return !text::is_alpha(c) && !text::is_digit(c); }

struct Evr {
  std::string_view epoch{};  // digits; empty is zero, also when absent
  std::string_view version{};
  std::optional<std::string_view> release{};
};

Evr parse(std::string_view text) noexcept {
  Evr evr;
  std::string_view rest = text;
  const std::string_view digits = take_digits(rest);
  if (rest.starts_with(':')) {
    evr.epoch = digits;
    rest.remove_prefix(1);
  } else {
    rest = text;
  }
  evr.version = rest;
  if (const auto hyphen = rest.rfind('-'); hyphen != std::string_view::npos) {
    evr.version = rest.substr(0, hyphen);
    evr.release = rest.substr(hyphen + 1);
  }
  return evr;
}

enum class Kind { letters, end, digits };

struct Step {
  std::size_t separators = 0;
  Kind kind = Kind::end;
  std::string_view text{};
};

Step take_step(std::string_view& rest) noexcept {
  const std::size_t separators = take_while(rest, is_separator).size();
  if (rest.empty()) return {separators > 0 ? std::size_t{1} : 0, Kind::end, {}};
  if (text::is_digit(rest.front())) return {separators, Kind::digits, take_digits(rest)};
  return {separators, Kind::letters, take_while(rest, text::is_alpha)};
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) noexcept {
  while (true) {
    const Step left = take_step(a);
    const Step right = take_step(b);
    if (const auto order = std::tie(left.separators, left.kind) <=> std::tie(right.separators, right.kind); order != 0) return order;
    if (left.kind == Kind::end) return std::strong_ordering::equal;
    const auto order = left.kind == Kind::digits ? compare_numbers(left.text, right.text) : left.text <=> right.text;
    if (order != 0) return order;
  }
}

std::strong_ordering compare_epoch_and_version(const Evr& a, const Evr& b) noexcept {
  if (const auto order = compare_numbers(a.epoch, b.epoch); order != 0) return order;
  return compare_part(a.version, b.version);
}

std::strong_ordering compare(std::string_view a, std::string_view b) noexcept {
  const Evr left = parse(a);
  const Evr right = parse(b);
  if (const auto order = compare_epoch_and_version(left, right); order != 0) return order;
  if (!left.release || !right.release) return left.release.has_value() <=> right.release.has_value();
  return compare_part(*left.release, *right.release);
}

std::strong_ordering compare_to_bound(std::string_view a, std::string_view b) noexcept {
  const Evr left = parse(a);
  const Evr right = parse(b);
  if (const auto order = compare_epoch_and_version(left, right); order != 0) return order;
  if (!left.release || !right.release) return std::strong_ordering::equal;
  return compare_part(*left.release, *right.release);
}

/// makepkg refuses blanks, colons, slashes and hyphens within a part, and what is not ASCII.
bool is_valid_part(std::string_view part) noexcept {
  for (const char c : part) {
    if (c <= ' ' || c > '~' || c == ':' || c == '/' || c == '-') return false;
  }
  return !part.empty() && !is_separator(part.back());
}

bool is_valid(std::string_view version) noexcept {
  const Evr evr = parse(version);
  return !version.starts_with(':') && is_valid_part(evr.version) && (!evr.release || is_valid_part(*evr.release));
}

constexpr Scheme kScheme{"pacman", "Arch packages: epoch, version and release, as libalpm compares them", &compare, &compare_to_bound,
                         &compare_to_bound, &is_valid};

}  // namespace pacman_detail

const Scheme& pacman() { return pacman_detail::kScheme; }

}  // namespace eclair::version
