// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/advisory.h"

namespace eclair::feeds {

/// The base score of a CVSS vector: version 2 (with or without parentheses), 3.0 and 3.1. None for version 4 (its scores are a table
/// of measured judgements, which we do not carry) and for what is not a vector with all base metrics.
/// source: first.org/cvss/v3.1/specification-document (7, Appendix A), first.org/cvss/v2/guide (3.2.1)
std::optional<double> cvss_base_score(std::string_view vector);

/// "2.0", "3.0", "3.1", "4.0" by the vector's prefix; a vector without prefix is of version 2.
std::string_view cvss_version(std::string_view vector);

/// 0 is negligible, below 4 low, below 7 medium, below 9 high, else critical; version 2 has no critical.
Severity severity_of_score(double score, std::string_view version);

}  // namespace eclair::feeds
