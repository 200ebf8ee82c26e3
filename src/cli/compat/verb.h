// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "cli/command.h"
#include "util/result.h"

/// Programs that people have in scripts and that this one takes the place of: `eclair compat NAME ...`, or a link of that name. Each reads
/// its command line as the original did, prints its words and ends with its codes; what is looked at, and what is known, are those of
/// `eclair scan`. Our own settings come from the environment and the configuration file.
namespace eclair::cli::compat {

/// One of them: a file of this folder and a line in verbs.def.
struct Verb {
  std::string_view name;     ///< "klar": behind `eclair compat`, and the name of a link
  std::string_view purpose;  ///< one line
  std::string_view help;     ///< what --help prints
  int error_code;            ///< how the original ends when it cannot do what it was asked for
  /// call.arguments: all words behind the name, options included. The value is the exit code.
  Result<int> (*run)(const Invocation& call);
};

/// All of verbs.def, in that order.
std::span<const Verb* const> verbs();
/// nullptr: none of that name.
const Verb* find_verb(std::string_view name);

}  // namespace eclair::cli::compat
