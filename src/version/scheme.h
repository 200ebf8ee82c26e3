// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <span>
#include <string_view>

namespace eclair::version {

/// An order of version texts. Pure, no allocation, total over all strings; equal is not identical.
struct Scheme {
  std::string_view id;                                             ///< "dpkg", "rpm", "apk"
  std::string_view title;                                          ///< what follows it
  std::strong_ordering (*compare)(std::string_view a, std::string_view b) noexcept;
  bool (*is_valid)(std::string_view version) noexcept;             ///< whether the scheme's own tool would take it
};

/// All schemes of schemes.def.
std::span<const Scheme> schemes();
/// nullptr: no such scheme.
const Scheme* find_scheme(std::string_view id);

}  // namespace eclair::version
