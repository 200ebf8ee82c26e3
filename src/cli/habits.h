// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "cli/option_table.h"

/// Habits that people bring from other scanners: what is understood as it is meant, and what is refused with the way out.
namespace eclair::cli {

/// Flags of other scanners that will not be ours: see find_foreign(), which looks here too. nullptr: none of them.
const ForeignFlag* find_habit(std::string_view name);

/// A flag without a value that stands for an option with one: --compact is --pretty=false.
struct FlagAlias {
  std::string_view name;    ///< long name
  char letter;              ///< '\0' = none
  std::string_view option;  ///< a row of the option table
  std::string_view value;
};
const FlagAlias* find_alias(std::string_view name);
const FlagAlias* find_alias(char letter);

/// Whether a flag asks for what is so anyway ("--disable-telemetry"): it is taken, and nothing is done.
bool goes_without_saying(std::string_view name);

/// For a word that one of our options does not take, because it is a value of another scanner's option of that letter: the option of ours that
/// was meant ("--scope " for "-s squashed"); "" = none.
std::string_view meant_option(std::string_view option, std::string_view word);

/// A command of other scanners that we do not have, for lines that begin with it and say more; nullptr: none.
struct ForeignCommand {
  std::string_view name;
  std::string_view text;  ///< completes "no command 'name': ..."
  std::string_view hint;
};
const ForeignCommand* find_foreign_command(std::string_view name);

}  // namespace eclair::cli
