// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "util/json_writer.h"

namespace eclair::cli {
namespace command_version_detail {

Result<int> run(const Invocation& call) {
  std::string out = "eclair " + std::string(call.version) + "\n";
  if (call.settings.flag("short")) out = std::string(call.version) + "\n";
  if (call.settings.flag("json")) {
    json::Writer w(true);
    out = w.begin_object().member("name", "eclair").member("version", call.version).end_object().text() + "\n";
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  return int{kOk};
}

}  // namespace command_version_detail

namespace command {
const Command& version() {
  static constexpr Command kOne = {
      .name = "version",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Says which version this is.",
      .usage = "[--short | --json]",
      .examples = "eclair version\neclair version --short\neclair version --json\neclair -V",
      .notes = "",
      .run = &command_version_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
