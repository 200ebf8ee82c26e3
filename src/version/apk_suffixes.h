// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The words after an underscore that apk-tools knows, in all its generations.
namespace eclair::version {

struct ApkSuffix {
  std::string_view word{};
  int rank = 0;  ///< below zero: older than no suffix; above: newer
};

inline constexpr ApkSuffix kApkSuffixes[] = {
    {"alpha", -4}, {"beta", -3}, {"pre", -2}, {"rc", -1}, {"cvs", 1}, {"svn", 2}, {"git", 3}, {"hg", 4}, {"p", 5},
};

constexpr bool is_apk_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace eclair::version
