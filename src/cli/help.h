// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/command.h"

/// Texts made from the tables of commands and options. Pure.
namespace eclair::cli {

/// The first screen: all commands by section. At most 40 lines.
std::string help_screen(std::span<const Command* const> commands);
/// One command: purpose, usage, examples, options by group, exit codes.
/// hidden: also options that are not shown otherwise.
std::string help_for(const Command& command, bool hidden);
/// "eclair db": what there is below it.
std::string help_group(std::span<const Command* const> commands, std::string_view first_word);
/// The tables of options in docs/user/cli.md, Markdown.
std::string option_tables();

/// The table of Clair's keys in docs/user/service.md, Markdown.
std::string clair_key_table();

}  // namespace eclair::cli
