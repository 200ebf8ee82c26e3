// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <string_view>

#include "util/text.h"

// What every scheme does with runs of digits. Runs stay text: dates, commit counts and hostile input outgrow any integer.
namespace eclair::version {

/// Cuts the longest prefix of `rest` whose characters all satisfy `wanted`.
template <class Predicate>
constexpr std::string_view take_while(std::string_view& rest, Predicate wanted) noexcept {
  std::size_t length = 0;
  while (length < rest.size() && wanted(rest[length])) ++length;
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

constexpr std::string_view take_digits(std::string_view& rest) noexcept { return take_while(rest, text::is_digit); }

/// Orders two runs of digits by the numbers they spell; an empty run is zero.
constexpr std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept {
  const auto is_zero = [](char c) { return c == '0'; };
  take_while(a, is_zero);
  take_while(b, is_zero);
  if (const auto by_length = a.size() <=> b.size(); by_length != 0) return by_length;
  return a <=> b;
}

}  // namespace eclair::version
