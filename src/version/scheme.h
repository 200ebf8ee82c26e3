// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string_view>

namespace eclair::version {

using Compare = std::strong_ordering(std::string_view a, std::string_view b) noexcept;

/// How versions of a kind are compared. Pure, no allocation, any strings; equal is not identical.
struct Scheme {
  std::string_view id;                                  ///< "dpkg", "rpm", "apk"
  std::string_view title;                               ///< what follows it
  Compare* compare;                                     ///< a total order, to sort by
  /// An installed version against one that a source names ("fixed in 2.4"), which may lack the release: where either has none, releases
  /// do not count. So 2.4 equals 2.4-1 and 2.4-2, which differ: nothing to sort by. The same as `compare` where nothing can be missing.
  Compare* compare_to_bound;
  Compare* as_tool;                                     ///< one of the two: what the scheme's own tool says of a pair
  bool (*is_valid)(std::string_view version) noexcept;  ///< whether the scheme's own tool would take it
};

/// All schemes of schemes.def.
std::span<const Scheme> schemes();
/// nullptr: no such scheme.
const Scheme* find_scheme(std::string_view id);

}  // namespace eclair::version
