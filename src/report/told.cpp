// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/told.h"

#include <algorithm>
#include <iterator>

namespace eclair::report {

std::vector<Told> told_findings(const Report& report, const View& view) {
  std::vector<Told> out;
  for (const std::uint32_t i : shown_findings(report, view)) out.push_back({&report.findings[i], nullptr});
  if (!view.show_suppressed) return out;
  for (const Suppressed& one : report.suppressed) {
    if (shown(report, one.finding, view)) out.push_back({&one.finding, &one.by});
  }
  return out;
}

bool is_language_package(const PackageVersion& package) {
  constexpr std::string_view kSystem[] = {"deb", "rpm", "apk", "opkg", "alpm", "pacman"};
  return std::find(std::begin(kSystem), std::end(kSystem), package.type) == std::end(kSystem);
}

}  // namespace eclair::report
