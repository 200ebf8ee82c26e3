// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report.h"

/// What to do about the findings of an image: which packages to upgrade where, and what that removes. Pure.
namespace eclair::report {

/// A source package to upgrade: its binary packages come from one source in one version, so that one upgrade is all of them.
struct Upgrade {
  std::vector<std::uint32_t> packages;  ///< indexes into Inventory::packages, by name
  std::string to;                       ///< the version that has all fixes: the highest of the findings' fixed_in, by the order of its scheme
  std::vector<std::uint32_t> findings;  ///< that it removes, as Report::findings has them
  Counts counts;
};

/// Upgrades that are made in one place.
struct FixStep {
  bool base = false;             ///< in a newer base image; else in `layer`
  std::uint32_t layer = 0;       ///< of its own; 0 = not known
  std::vector<Upgrade> upgrades; ///< worst first, then by what it removes, then by name
  Counts counts;
};

struct FixPlan {
  std::vector<FixStep> steps;           ///< own layers from the bottom up, then the base image
  std::vector<std::uint32_t> unfixed;   ///< findings that no version fixes
  Counts unfixed_counts;
};

/// What a later layer removed (--scope all-layers) needs no upgrade, and is left out.
FixPlan plan_fixes(const Report& report);

std::string render_fix_table(const Report& report, const View& view);
/// {"schema_version", "tool", "generated_at", "target", "steps": [{"where", "upgrades": [...], "removes"}], "no_fix", "notes"}: docs/user/layers.md
std::string render_fix_json(const Report& report, const View& view);

}  // namespace eclair::report
