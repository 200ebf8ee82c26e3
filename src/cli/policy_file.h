// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "report/policy.h"
#include "util/result.h"

/// Rules with names, in a file.
namespace eclair::cli {

/// Reads one policy file: docs/user/policy.md. Each expression of `fail-on` is a rule of its own; they share the name of their entry.
/// file: for messages and Rule::place.
/// errors: invalid_input with line and column: an unknown key (with the nearest), an expression that is none; unsupported (a newer version); limit.
Result<std::vector<report::Rule>> read_policy(std::string_view document, const std::string& file);
/// The same of a file. errors: also not_found, unavailable.
Result<std::vector<report::Rule>> read_policy_file(const std::string& file);

/// All rules that the settings ask for: --fail-on, then those of each --policy. errors: those of parse_rules() and read_policy_file().
Result<std::vector<report::Rule>> rules_of(const Settings& settings);

/// The files that an image must be read for: --facts, and those that the rules name. Rules that cannot be read name none: rules_of() says why.
std::vector<std::string> wanted_files(const Settings& settings);

}  // namespace eclair::cli
