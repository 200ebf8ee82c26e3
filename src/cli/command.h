// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "cli/settings.h"
#include "util/cancel.h"
#include "util/result.h"

namespace eclair::cli {

/// Exit codes: docs/user/cli.md. Of several targets the worst counts, in the order error, policy, reservations, ok.
enum Exit : int { kOk = 0, kError = 1, kPolicyFailed = 2, kReservations = 3, kNewerData = 100, kInterrupted = 130, kBrokenPipe = 141 };

/// What a command is given.
struct Invocation {
  const Settings& settings;
  const std::vector<std::string>& arguments;  ///< what is no option and not the command's own name
  Console& console;
  const Cancel& stop;
  std::string_view version;  ///< of the program
};

/// Part of the first help screen.
enum class Section : std::uint8_t { scan, inspect, serve, data, settings };

/// One command: a file command_NAME.cpp and a line in commands.def.
/// A command's options are the rows of the option table that name it.
struct Command {
  std::string_view name;      ///< one word, or two ("db import")
  std::string_view aliases;   ///< by blanks
  Section section;
  std::string_view purpose;   ///< one line
  std::string_view usage;     ///< without "eclair NAME": "TARGET..."
  std::string_view examples;  ///< lines "eclair scan alpine:3.19   # why"
  std::string_view notes;     ///< further lines of help; may be empty
  /// Does it. The value is the exit code. An Error is printed as "error: ..." and gives exit 1.
  Result<int> (*run)(const Invocation& call);
  bool hidden = false;        ///< on no list of commands
};

/// All commands of commands.def, in that order.
std::span<const Command* const> commands();

/// Where the stores are: --data-dir, else $XDG_DATA_HOME/eclair, else ~/.local/share/eclair.
/// errors: not_found (no home folder).
Result<std::string> data_folder(const Settings& settings);

/// The whole program but for main()'s boundary: reads the command line, finds the command, runs it, tells errors. Returns the exit code.
/// arguments: without the program's name. `compat NAME ...` is not read by our table of options: NAME reads what follows.
int run(std::span<const std::string_view> arguments, std::string_view version, const Cancel& stop);

}  // namespace eclair::cli
