// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "report/report.h"
#include "suppress/statement.h"

namespace eclair::suppress {

/// Days before its end in which an entry is spoken of.
inline constexpr int kNoticeDays = 14;

/// What statements did to the reports so far: which were of no use.
struct Use {
  std::vector<std::vector<bool>> used;  ///< by source, by statement
};

/// Moves what is set aside from findings to suppressed, and writes what else is said to remarks. sources: the first one has priority; of a
/// finding the first source decides that says suppress or confirm, within it the statement that was said last.
/// Entries that have expired set nothing aside; those, and entries that soon will, become a coverage of the report ("ignore_expired",
/// "ignore_expires") where they speak of a finding in it. The clock is report.generated_at, also where a past day is asked about.
/// To be called before rules are evaluated: policy results point into findings.
void apply(const std::vector<Source>& sources, report::Report& report, Use& use);

/// Whether all that a statement asks for is so, but for its date.
bool holds(const Statement& statement, const report::Report& report, const Finding& finding);

}  // namespace eclair::suppress
