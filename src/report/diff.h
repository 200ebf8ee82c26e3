// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "report/report.h"

/// What tells two reports apart: of two images, or of one image on two days. Pure.
namespace eclair::report {

/// What is in both, by its index in the old and in the new report.
using Both = std::pair<std::uint32_t, std::uint32_t>;

struct Difference {
  // indexes into Report::findings. Findings are the same by their id: vulnerability, package without its version, path.
  std::vector<std::uint32_t> findings_added;    ///< of the new report
  std::vector<std::uint32_t> findings_removed;  ///< of the old one
  std::vector<Both> findings_changed;           ///< another severity, status, fixed version or exploited state
  std::uint64_t findings_same = 0;
  // indexes into Inventory::packages. What is gone after a layer (Occurrence::removed_in) is not looked at.
  std::vector<std::uint32_t> packages_added, packages_removed;
  std::vector<Both> packages_changed;           ///< another version
  std::uint64_t packages_same = 0;
};
Difference compare(const Report& before, const Report& now);

/// A report with no other findings than these, so that rules can be held against them.
Report with_only(const Report& report, const std::vector<std::uint32_t>& findings);

std::string render_diff_table(const Report& before, const Report& now, const Difference& difference, const View& view);
std::string render_diff_markdown(const Report& before, const Report& now, const Difference& difference, const View& view);
/// {"schema_version", "tool", "old": {"target", "data"}, "new": {...}, "findings": {"added", "removed", "changed"}, "packages": {...}, "summary"}
std::string render_diff_json(const Report& before, const Report& now, const Difference& difference, const View& view);

}  // namespace eclair::report
