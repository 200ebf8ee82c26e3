// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/help.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_help_detail {

Result<std::string> text_for(const Invocation& call) {
  if (call.arguments.empty()) return help_screen(commands());
  const std::string wanted = text::join(call.arguments, " ");
  for (const Command* const command : commands()) {
    if (command->name == wanted) return help_for(*command, call.settings.flag("all"));
    for (const std::string_view alias : text::words(command->aliases)) {
      if (alias == wanted) return help_for(*command, call.settings.flag("all"));
    }
  }
  std::string group = help_group(commands(), wanted);
  if (!group.empty()) return group;
  return fail(Error{Errc::not_found, "no such command: " + text::quoted(wanted), "eclair help lists them"});
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::string text, text_for(call));
  ECLAIR_CHECK_OK(call.console.print(text));
  return int{kOk};
}

}  // namespace command_help_detail

namespace command {
const Command& help() {
  static constexpr Command kOne = {
      .name = "help",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Tells about a command and its options.",
      .usage = "[COMMAND] [--all]",
      .examples = "eclair help\neclair help scan\neclair help db import\neclair help scan --all",
      .notes = "",
      .run = &command_help_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
