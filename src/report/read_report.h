// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "report/report.h"
#include "util/result.h"

namespace eclair::report {

/// What a file with reports holds.
struct SavedReports {
  Document document;
  std::uint64_t hidden = 0;  ///< findings that were left out when it was written (--severity and its like): they are lost
};

inline constexpr std::size_t kMostSavedBytes = 512u << 20;

/// Reads what the format "json" writes, of one target or several, or a line for each report: schema/report-1.json. What a newer 1.x adds is passed
/// over. The format "json" then writes the same bytes again, unless findings or suppressions were left out.
/// Not there any more: what each layer changed, namespaces of feeds, repositories and products of packages. Anybody may have written the file: all
/// numbers and references are checked.
/// errors: invalid_input (not JSON; a report or SBOM of another program, named; "findings[3].package: no such package"), unsupported (another
/// major version; packages were left out), limit (kMostSavedBytes).
Result<SavedReports> read_reports(std::string_view text);

}  // namespace eclair::report
