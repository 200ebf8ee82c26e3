// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/path.h"

namespace eclair::path {

void clean(std::string_view raw, std::string& out) {
  out.clear();
  while (!raw.empty()) {
    const std::size_t slash = raw.find('/');
    const std::string_view part = raw.substr(0, slash);
    raw.remove_prefix(slash == std::string_view::npos ? raw.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const std::size_t up = out.rfind('/');
      out.resize(up == std::string::npos ? 0 : up);
      continue;
    }
    if (!out.empty()) out += '/';
    out += part;
  }
}

std::string clean(std::string_view raw) {
  std::string out;
  clean(raw, out);
  return out;
}

}  // namespace eclair::path
