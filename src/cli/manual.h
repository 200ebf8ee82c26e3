// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

/// Manual pages, made from the tables of commands and options, in roff with the macros of man(7). Pure.
namespace eclair::cli {

/// eclair(1): all commands, exit codes, environment, files.
std::string manual(std::span<const Command* const> commands, std::string_view version);
/// eclair-scan(1), eclair-db-update(1), ...
std::string manual_of(const Command& command, std::string_view version);
/// eclair-config(5): the configuration file.
std::string manual_of_config(std::string_view version);

/// The pages there are, by the names of their files: "eclair.1", "eclair-db-update.1", "eclair-config.5".
std::vector<std::string> manual_names(std::span<const Command* const> commands);
/// One of them; "" = there is none of that name.
std::string manual_named(std::string_view name, std::span<const Command* const> commands, std::string_view version);

}  // namespace eclair::cli
