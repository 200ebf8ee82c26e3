// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/classic_versions.h"

#include <algorithm>
#include <cstddef>

#include "match/classic_names.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::service::classic {
namespace classic_versions_detail {

bool only(std::string_view part, std::string_view symbols) {
  return std::all_of(part.begin(), part.end(),
                     [&](char c) { return text::is_digit(c) || text::is_alpha(c) || symbols.find(c) != std::string_view::npos; });
}

std::string_view fault(std::string_view version, bool digit_first) {
  version = text::trim(version);
  if (version.empty()) return "Version string is empty";
  if (version == kMinVersion || version == kMaxVersion) return {};
  if (const std::size_t colon = version.find(':'); colon != std::string_view::npos) {
    const std::string_view epoch = version.substr(0, colon);
    const bool negative = epoch.size() > 1 && epoch.front() == '-';
    const std::string_view digits = epoch.substr(negative || (epoch.size() > 1 && epoch.front() == '+') ? 1 : 0);
    if (digits.empty() || digits.size() > 18 || !std::all_of(digits.begin(), digits.end(), text::is_digit)) return "epoch in version is not a number";
    if (negative) return "epoch in version is negative";
    version.remove_prefix(colon + 1);
  }
  const std::size_t dash = version.rfind('-');
  const std::string_view upstream = version.substr(0, dash);
  const std::string_view revision = dash == std::string_view::npos ? std::string_view{} : version.substr(dash + 1);
  if (upstream.empty()) return "No version";
  if (digit_first && !text::is_digit(upstream.front())) return "version does not start with digit";
  if (!only(upstream, ".-+~:_^")) return "invalid character in version";
  if (!only(revision, ".+~_^")) return "invalid character in revision";
  return {};
}

}  // namespace classic_versions_detail

std::string_view v0_version_fault(std::string_view version) { return classic_versions_detail::fault(version, true); }

std::string_view v1_version_fault(std::string_view format, std::string_view name_space, std::string_view version) {
  if (version == kNone) return {};
  if (format.empty()) format = match::classic_version_format(name_space);
  if (format != "dpkg" && format != "rpm" && version::find_scheme(format) == nullptr) return "unknown version format";
  if (format == "dpkg" || format == "rpm") return classic_versions_detail::fault(version, false).empty() ? std::string_view{} : "invalid version";
  return text::trim(version).empty() ? "invalid version" : std::string_view{};
}

std::string v0_version(std::string_view version) {
  if (version.substr(0, 2) == "0:") version.remove_prefix(2);
  return std::string(version);
}

}  // namespace eclair::service::classic
