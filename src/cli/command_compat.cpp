// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/compat/verb.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_compat_detail {

std::string listed() {
  std::string out;
  for (const compat::Verb* const verb : compat::verbs()) {
    std::string line = "  eclair compat " + std::string(verb->name);
    line.resize(34, ' ');
    out += line + std::string(verb->purpose) + "\n";
  }
  return out;
}

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) {
    ECLAIR_CHECK_OK(call.console.print(listed()));
    return int{kOk};
  }
  const compat::Verb* const verb = compat::find_verb(call.arguments.front());
  if (verb == nullptr) {
    std::vector<std::string> names;
    for (const compat::Verb* const one : compat::verbs()) names.emplace_back(one->name);
    return fail(Error{Errc::invalid_input, "no such program: " + text::quoted(call.arguments.front()) + text::did_you_mean(call.arguments.front(), text::join(names, " ")),
                      "eclair compat lists them"});
  }
  const std::vector<std::string> rest(call.arguments.begin() + 1, call.arguments.end());
  Result<int> out = verb->run({call.settings, rest, call.console, call.stop, call.version});
  if (out || out.error().code == Errc::cancelled) return out;
  call.console.clear_progress();
  call.console.error(out.error());
  return int{verb->error_code};
}

}  // namespace command_compat_detail

namespace command {
const Command& compat() {
  static constexpr Command kOne = {
      .name = "compat",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Takes the place of another program: its command line, words, files and exit codes.",
      .usage = "[clairctl|clairctl-v4|klar|clair-scanner] ARGUMENTS...",
      .examples = "eclair compat clairctl analyze debian:12                           # counts by severity; exit 1 when there are any\n"
                  "CLAIR_OUTPUT=High CLAIR_THRESHOLD=10 eclair compat klar debian:12  # all by the environment\n"
                  "eclair compat clair-scanner -w ok.yaml -r report.json debian:12    # exit 1 for what no white list has\n"
                  "eclair compat clairctl-v4 report debian:12                         # a line for each finding",
      .notes = "A link of that name is that program: ln -s /usr/bin/eclair /usr/local/bin/klar. What follows the name is read as that program\n"
               "did; `eclair compat NAME --help` tells what it takes. Eclair's own options come from the environment and the configuration\n"
               "file: ECLAIR_OFFLINE=true, ECLAIR_SERVER=URL.",
      .run = &command_compat_detail::run,
      .hidden = true,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
