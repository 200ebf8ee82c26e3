// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of rpm, of [epoch:]version[-release]; source: rpm's rpmio/rpmver.c and rpmio/rpmvercmp.c, 4.18.
//
// A part is a row of segments between separators that do not count: runs of digits, runs of letters, single tildes and carets.
// Segments order as  ~ < the end < ^ < letters < digits,  two of a kind by what they hold.

#include <optional>

#include "version/digits.h"
#include "version/scheme.h"

namespace eclair::version {
namespace rpm_detail {

struct Evr {
  std::string_view epoch{};  // digits; empty is zero, also when absent
  std::string_view version{};
  std::optional<std::string_view> release{};  // absent is older than any, also than an empty one
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

enum class Kind { tilde, end, caret, letters, digits };

struct Segment {
  Kind kind = Kind::end;
  std::string_view text{};
};

Segment take_segment(std::string_view& rest) noexcept {
  const auto separates = [](char c) { return !text::is_alpha(c) && !text::is_digit(c) && c != '~' && c != '^'; };
  take_while(rest, separates);
  if (rest.empty()) return {};
  const char first = rest.front();
  if (text::is_digit(first)) return {Kind::digits, take_digits(rest)};
  if (text::is_alpha(first)) return {Kind::letters, take_while(rest, text::is_alpha)};
  rest.remove_prefix(1);
  return {first == '~' ? Kind::tilde : Kind::caret, {}};
}

std::strong_ordering compare_part(std::string_view a, std::string_view b) noexcept {
  while (true) {
    const Segment left = take_segment(a);
    const Segment right = take_segment(b);
    if (const auto order = left.kind <=> right.kind; order != 0) return order;
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

/// rpm's rule for dependencies, rpmverOverlap().
std::strong_ordering compare_to_bound(std::string_view a, std::string_view b) noexcept {
  const Evr left = parse(a);
  const Evr right = parse(b);
  if (const auto order = compare_epoch_and_version(left, right); order != 0) return order;
  if (!left.release || !right.release) return std::strong_ordering::equal;
  return compare_part(*left.release, *right.release);
}

/// rpm compares any text but an empty one; rpmbuild allows few characters, other builders more. In between: one word of visible ASCII.
bool is_valid(std::string_view version) noexcept {
  for (const char c : version) {
    if (c <= ' ' || c > '~') return false;
  }
  return !version.empty();
}

constexpr Scheme kScheme{"rpm", "rpm packages: epoch, version and release, as rpm compares them", &compare, &compare_to_bound, &compare, &is_valid};

}  // namespace rpm_detail

const Scheme& rpm() { return rpm_detail::kScheme; }

}  // namespace eclair::version
