// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/ignore_places.h"
#include "cli/output.h"
#include "suppress/ignore_edit.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_ignore_prune_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<PlacedIgnores> files, placed_ignores(call));
  const UnixTime today = now();
  for (const PlacedIgnores& file : files) {
    std::vector<std::uint32_t> lines;
    std::string out;
    for (const suppress::Statement& one : file.read.source.statements) {
      if (one.expires == 0 || today < one.expires) continue;
      lines.push_back(one.by.line);
      out += text::clean(file.file, 200) + ":" + std::to_string(one.by.line) + ": " + text::clean(one.by.rule, 100) + " ended on " + text::clean(one.by.expires, 40) + ", removed\n";
    }
    if (lines.empty()) continue;
    ECLAIR_TRY(const std::string left, suppress::without_entries(file.bytes, file.file, lines));
    ECLAIR_CHECK_OK(write_file(file.file, left));
    ECLAIR_CHECK_OK(call.console.print(out));
  }
  return int{kOk};
}

}  // namespace command_ignore_prune_detail

namespace command {
const Command& ignore_prune() {
  static constexpr Command kOne = {
      .name = "ignore prune",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Removes entries that have ended.",
      .usage = "[options]",
      .examples = "eclair ignore prune\n"
                  "eclair ignore prune --ignorefile team.yaml\n"
                  "eclair ignore lint                                # what would go, among others\n"
                  "eclair ignore prune && git diff .eclairignore.yaml",
      .notes = "The comments right above an entry go with it; everything else in the file stays.",
      .run = &command_ignore_prune_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
