// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "report/describe.h"
#include "report/report.h"

/// What a format of rows tells, and what belongs to a row. Pure.
namespace eclair::report {

/// A row of a report: a finding, and who suppressed it where somebody did.
struct Told {
  const Finding* finding;
  const Suppression* by;  ///< nullptr: it counts
};
/// Those that are shown, in the view's order; with view.show_suppressed, then those that are suppressed. Points into the report.
std::vector<Told> told_findings(const Report& report, const View& view);

/// A package of a language ("pypi"), as opposed to the distribution's ("deb").
bool is_language_package(const PackageVersion& package);

}  // namespace eclair::report
