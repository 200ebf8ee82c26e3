// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report.h"

namespace eclair::report {

/// Findings that a view does not show, for one reason.
struct Hidden {
  std::string what;         ///< "Negligible and Low", "Without a fix": begins a line
  std::uint64_t count = 0;
  std::string how;          ///< what shows them: "with --severity all", "without --layer"
};

/// Why findings are not shown, and how they would be. Each is counted once, by the first filter that hides it, in the order of View's members.
/// Together with shown_findings() they are all there are. What is suppressed is not in it.
std::vector<Hidden> hidden_by(const Report& report, const View& view);

}  // namespace eclair::report
