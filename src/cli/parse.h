// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "util/result.h"

/// Reads a command line by the option table.
namespace eclair::cli {

struct CommandLine {
  std::vector<std::string> words;     ///< what is no option, in order
  std::size_t words_before_dashes = 0;  ///< how many of them came before "--": only those can name a command
};

/// --x, --no-x, --x=v, --x v, -x v, -xv, -x=v, bundles of flags (-qd), options after words, "--" ends options, "-" is a word.
/// Fills `settings` with what was given (Origin::flag).
/// errors: invalid_input: unknown flag (the nearest is named, or what another scanner's flag is called here), missing or bad value.
Result<CommandLine> parse_command_line(std::span<const std::string_view> arguments, Settings& settings);

/// The original's flags have one dash (-config=FILE, -log-level debug): behind `serve` or `config check`, a word of one dash that names an
/// option of the table is given the second one.
std::vector<std::string> with_two_dashes(std::span<const std::string_view> arguments);

/// That every option given belongs to the command. errors: invalid_input.
Result<> check_applicable(const Settings& settings, std::string_view command);

/// ECLAIR_<NAME> for every option that takes one. look_up returns nullptr for what is not set; an empty variable counts as not set.
/// errors: invalid_input, naming the variable.
Result<> read_environment(const char* (*look_up)(const char* name), Settings& settings);

}  // namespace eclair::cli
