// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Forgetting the past.
#include <algorithm>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/progress.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_db_prune_detail {

Result<int> run(const Invocation& call) {
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "db prune takes no argument");
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  const auto keep = static_cast<UnixTime>(call.settings.number("keep").value_or(90 * 86400));
  const UnixTime before = std::max<UnixTime>(now() - keep, 0);
  ECLAIR_TRY(const store::PruneSummary done, store->prune(before));
  const std::string size = size_words(done.bytes_after) + (done.bytes_after < done.bytes_before ? " (was " + size_words(done.bytes_before) + ")" : "");
  call.console.note("forgot what no longer held on " + rfc3339(before) + ": " + counted(done.rows, "row", "rows") + ", " + counted(done.texts, "text", "texts") + ", " +
                    counted(done.snapshots, "snapshot", "snapshots") + "; advisories now take " + size);
  return int{kOk};
}

}  // namespace command_db_prune_detail

namespace command {
const Command& db_prune() {
  static constexpr Command kOne = {
      .name = "db prune",
      .aliases = "",
      .section = Section::data,
      .purpose = "Forgets states of the past, which --as-of could ask for.",
      .usage = "[options]",
      .examples = "eclair db prune                    # what was over 90 days ago\n"
                  "eclair db prune --keep 365d        # a year is remembered\n"
                  "eclair db prune --keep 0           # nothing but the present\n"
                  "eclair db prune --data-dir /srv/eclair",
      .notes = "What is known now is never touched. A past that was pruned is refused by name, not answered by less.",
      .run = &command_db_prune_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
