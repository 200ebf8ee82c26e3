// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/rpm_branch.h"

#include "util/text.h"

namespace eclair::version {
namespace rpm_branch_detail {

struct Tag {
  std::string_view major, branch;
};

std::size_t digits(std::string_view s, std::size_t at) {
  while (at < s.size() && text::is_digit(s[at])) ++at;
  return at;
}

/// The first "el<number>" of the release that begins a part of it.
Tag tag_of(std::string_view version) {
  const std::size_t hyphen = version.rfind('-');
  if (hyphen == std::string_view::npos) return {};
  const std::string_view release = version.substr(hyphen + 1);
  for (std::size_t at = release.find("el"); at != std::string_view::npos; at = release.find("el", at + 2)) {
    if (at > 0 && (text::is_alpha(release[at - 1]) || text::is_digit(release[at - 1]))) continue;
    const std::size_t major = at + 2;
    std::size_t end = digits(release, major);
    if (end == major) continue;
    Tag tag;
    tag.major = release.substr(major, end - major);
    // "el9_3" is a minor; in "el9.1" what follows the dot counts rebuilds, unless a module's whole platform stands there: "el8.9.0+".
    const bool module = at > 0 && (release[at - 1] == '+' || release[at - 1] == '_');
    if (end < release.size() && (release[end] == '_' || (module && release[end] == '.'))) {
      const char separator = release[end];
      const std::size_t minor = end + 1;
      end = digits(release, minor);
      if (end > minor) {
        if (separator == '.' && end < release.size() && release[end] == '.') end = digits(release, end + 1);
        tag.branch = release.substr(at, end - at);
      }
    }
    return tag;
  }
  return {};
}

}  // namespace rpm_branch_detail

std::string_view rpm_branch(std::string_view version) noexcept { return rpm_branch_detail::tag_of(version).branch; }
std::string_view rpm_major(std::string_view version) noexcept { return rpm_branch_detail::tag_of(version).major; }

}  // namespace eclair::version
