// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "suppress/ignore_file.h"
#include "util/result.h"

/// Where the ignore files are that the commands `ignore ...` speak of.
namespace eclair::cli {

struct PlacedIgnores {
  std::string file, bytes;
  suppress::IgnoreFile read;
};

/// Those of --ignorefile, else the ones in the working folder. errors: not_found (there are none), those of reading them.
Result<std::vector<PlacedIgnores>> placed_ignores(const Invocation& call);

/// The file that an entry is added to: the first --ignorefile, else the one that is there, else ".eclairignore.yaml".
std::string file_for_entries(const Invocation& call);

}  // namespace eclair::cli
