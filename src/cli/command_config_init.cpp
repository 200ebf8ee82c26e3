// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "cli/command.h"
#include "cli/config_defaults.h"
#include "cli/output.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_config_init_detail {

Result<int> run(const Invocation& call) {
  if (call.arguments.size() > 1) return fail(Errc::invalid_input, "config init takes one file, not " + std::to_string(call.arguments.size()));
  if (call.arguments.empty()) {
    ECLAIR_CHECK_OK(call.console.print(config_defaults()));
    return int{kOk};
  }
  const std::string& file = call.arguments[0];
  std::error_code code;
  if (std::filesystem::exists(file, code)) return fail(Error{Errc::conflict, text::quoted(file) + " is there already", "eclair config init prints the defaults"});
  ECLAIR_CHECK_OK(write_file(file, config_defaults()));
  call.console.note("wrote " + text::quoted(file));
  return int{kOk};
}

}  // namespace command_config_init_detail

namespace command {
const Command& config_init() {
  static constexpr Command kOne = {
      .name = "config init",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Prints a configuration file with all defaults, or writes one.",
      .usage = "[FILE]",
      .examples = "eclair config init                              # to look at\n"
                  "eclair config init ~/.config/eclair/config.yaml # for this user\n"
                  "eclair config init .eclair.yaml                 # for this project\n"
                  "eclair config show --origin                     # what is in force after a change",
      .notes = "All lines are comments. A file that is there stays as it is.",
      .run = &command_config_init_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
