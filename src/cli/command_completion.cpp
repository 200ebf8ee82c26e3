// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/complete.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_completion_detail {

Result<int> run(const Invocation& call) {
  const std::string shell = call.arguments.size() == 1 ? call.arguments[0] : "";
  const std::string_view script = completion_script(shell);
  if (script.empty()) {
    return fail(Error{Errc::invalid_input, shell.empty() ? "which shell: bash, zsh or fish?" : text::quoted(shell) + ": no completion for this shell (bash, zsh, fish)",
                      "eclair completion bash"});
  }
  ECLAIR_CHECK_OK(call.console.print(script));
  return int{kOk};
}

}  // namespace command_completion_detail

namespace command {
const Command& completion() {
  static constexpr Command kOne = {
      .name = "completion",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Prints the script that completes command lines in a shell.",
      .usage = "bash | zsh | fish",
      .examples = "source <(eclair completion bash)                                   # this shell alone\n"
                  "eclair completion bash >~/.local/share/bash-completion/completions/eclair\n"
                  "eclair completion zsh >\"${fpath[1]}/_eclair\"\n"
                  "eclair completion fish >~/.config/fish/completions/eclair.fish",
      .notes = "Completes commands, options, their values, files, and images that were scanned lately. Nothing is asked of a network.",
      .run = &command_completion_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
