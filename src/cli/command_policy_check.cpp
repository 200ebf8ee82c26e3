// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "cli/command.h"
#include "cli/policy_file.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_policy_check_detail {

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "no policy file named", "eclair policy check policy.yaml"});
  std::string out;
  for (const std::string& file : call.arguments) {
    ECLAIR_TRY(const std::vector<report::Rule> rules, read_policy_file(file));
    for (const report::Rule& rule : rules) {
      out += text::clean(rule.place, 300) + "  " + (rule.name.empty() ? "" : text::clean(rule.name, 200) + ": ") + text::clean(rule.text, 300);
      out += report::is_reservation(rule) ? "  (exit 3)\n" : "\n";
    }
    out += text::clean(file, 300) + ": " + std::to_string(rules.size()) + (rules.size() == 1 ? " rule\n" : " rules\n");
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  return int{kOk};
}

}  // namespace command_policy_check_detail

namespace command {
const Command& policy_check() {
  static constexpr Command kOne = {
      .name = "policy check",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Reads policy files and prints their rules, or what is wrong with them.",
      .usage = "FILE... [options]",
      .examples = "eclair policy check policy.yaml\n"
                  "eclair policy check policy.yaml team.yaml         # several\n"
                  "eclair scan IMAGE --policy policy.yaml            # what they are for\n"
                  "eclair scan IMAGE --policy policy.yaml --no-fail  # only says what would fail",
      .notes = "",
      .run = &command_policy_check_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
