// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::extract {

/// Whether a text can stand as a package's name, version or architecture: not empty, no blanks, no control characters.
/// Other bytes pass: an odd name is shown, not hidden.
constexpr bool is_plain_word(std::string_view s) {
  for (const char c : s) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return false;
  }
  return !s.empty();
}

}  // namespace eclair::extract
