// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"

namespace eclair::cli {

#define ECLAIR_COMMAND(name) const Command& name();
namespace command {
#include "cli/commands.def"
}
#undef ECLAIR_COMMAND

std::span<const Command* const> commands() {
#define ECLAIR_COMMAND(name) &command::name(),
  static const Command* const kAll[] = {
#include "cli/commands.def"
  };
#undef ECLAIR_COMMAND
  return kAll;
}

}  // namespace eclair::cli
