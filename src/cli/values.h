// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/option_table.h"
#include "model/advisory.h"
#include "report/report.h"
#include "util/result.h"

/// How values of options are written.
namespace eclair::cli {

/// "10MB" (10^6), "2GiB" (2^30), "512k", "4096" bytes; a fraction ("1.5GB") may come with a unit. none: not a size, or beyond 2^63.
std::optional<std::uint64_t> parse_size(std::string_view s);
/// "90s", "5m", "120h", "7d", "1h30m"; a bare number is seconds. In seconds. none: not a duration, or beyond a century.
std::optional<std::uint64_t> parse_duration(std::string_view s);
/// "0.1", "7", "7.5": digits with at most one point. none: anything else.
std::optional<double> parse_decimal(std::string_view s);
/// true/yes/on/1 and false/no/off/0, in any case.
std::optional<bool> parse_flag(std::string_view s);
/// "high,critical" (any order), ">=high", "all". Sorted, worst last. errors: invalid_input, with the nearest word.
Result<std::vector<Severity>> parse_severities(std::string_view s);
/// "base", "own", "3", "sha256:5dd5771a5f6a" or, as reports show it, "5dd5771a5f6a". errors: invalid_input.
Result<report::LayerChoice> parse_layer(std::string_view s);

/// Whether `value` is one that the option takes. The text of an error names the option, the value, what is taken and the nearest word.
Result<> check_value(const Option& option, std::string_view value);

}  // namespace eclair::cli
