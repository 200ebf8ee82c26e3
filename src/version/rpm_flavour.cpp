// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/rpm_flavour.h"

#include "util/text.h"

namespace eclair::version {

std::string_view rpm_flavour(std::string_view version) noexcept {
  const std::size_t dash = version.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view release = version.substr(dash + 1);
  for (const std::string_view flavour : {std::string_view("ksplice"), std::string_view("fips")}) {
    // A word of its own, up to a number: "_fips", ".ksplice1".
    for (std::size_t at = release.find(flavour); at != std::string_view::npos; at = release.find(flavour, at + 1)) {
      const std::size_t end = at + flavour.size();
      const bool starts = at > 0 && !text::is_alpha(release[at - 1]) && !text::is_digit(release[at - 1]);
      if (starts && (end == release.size() || !text::is_alpha(release[end]))) return flavour;
    }
  }
  return {};
}

}  // namespace eclair::version
