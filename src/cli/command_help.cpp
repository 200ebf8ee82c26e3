// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_help_detail {

Result<std::string> text_for(const Invocation& call) {
  if (call.settings.flag("man")) {
    const std::string wanted = call.arguments.empty() ? "eclair.1" : call.arguments[0];
    if (wanted == "list") return text::join(manual_names(commands()), "\n") + "\n";
    std::string page = manual_named(wanted, commands(), call.version);
    if (!page.empty()) return page;
    return fail(Error{Errc::not_found, "no such page: " + text::quoted(wanted), "there are: " + text::join(manual_names(commands()), " ")});
  }
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
      .usage = "[COMMAND] [--all] | --man [PAGE]",
      .examples = "eclair help\neclair help scan\neclair help scan --all\neclair help --man eclair-scan.1 | man -l -    # a manual page",
      .notes = "With --man a manual page, in roff; \"--man list\" names them.",
      .run = &command_help_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
