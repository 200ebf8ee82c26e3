// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/report.h"

namespace eclair::report {

/// Findings that share a row of a table; the first one speaks for them.
struct Row {
  std::vector<std::uint32_t> findings;     ///< indexes into Report::findings
  std::vector<std::string> also_packages;  ///< other binary packages of the same source with the same findings, as their databases write them
};

/// A row for each finding, in the order given.
std::vector<Row> separate_rows(const std::vector<std::uint32_t>& findings);

/// Binary packages of one source with the same finding share a row, then findings that one upgrade of the same packages removes. Only what lies
/// in one layer is put together. In the order of the first of each.
std::vector<Row> collapsed_rows(const Report& report, const std::vector<std::uint32_t>& findings);

}  // namespace eclair::report
