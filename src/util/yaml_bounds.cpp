// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/yaml_bounds.h"

#include <cstddef>

#include "util/text.h"

namespace eclair::yaml {

bool nests_too_deep(std::string_view document) {
  std::size_t open = 0;
  for (const char c : document) {
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && open > 0) --open;
    if (open > 32) return true;
  }
  // Block collections nest by indentation, or by "- - -" and "? ? ?" and ": : :" on one line.
  for (const std::string_view line : text::split(document, '\n')) {
    std::size_t marks = 0;
    for (const char c : line) {
      if (c == '-' || c == '?' || c == ':') ++marks;
      else if (c != ' ') break;
    }
    if (marks > 32) return true;
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent != std::string_view::npos && indent > 64) return true;
  }
  return false;
}

}  // namespace eclair::yaml
