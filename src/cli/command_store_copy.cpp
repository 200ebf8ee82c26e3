// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Moving house: all that is kept, from one place to another.
#include <algorithm>

#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/progress.h"
#include "cli/server_settings.h"
#include "store/copy.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_store_copy_detail {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

Result<int> run(const Invocation& call) {
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "store copy takes no argument");
  const std::string from = call.settings.text("from"), to = call.settings.text("to");
  if (from.empty() || to.empty()) {
    return fail(Error{Errc::invalid_input, "store copy needs --from URL and --to URL", "eclair store copy --from /var/lib/eclair --to postgres://eclair@db/eclair"});
  }
  auto done = store::copy_stores(from, to, [&](std::string_view store, std::string_view table, std::uint64_t rows) {
    if (call.console.shows_progress()) call.console.progress("copying " + std::string(store) + ": " + std::string(table) + ", " + counted(rows, "row", "rows"));
  }, call.stop);
  call.console.clear_progress();
  if (!done) return fail(std::move(done).error());
  std::size_t wide = 5, rows_wide = 4;
  std::uint64_t all = 0;
  for (const store::CopiedTable& one : *done) {
    wide = std::max(wide, one.table.size());
    rows_wide = std::max(rows_wide, with_commas(one.rows).size());
    all += one.rows;
  }
  std::string out = "STORE       " + padded("TABLE", wide) + "  " + padded("ROWS", rows_wide) + "  CHECKSUM\n";
  for (const store::CopiedTable& one : *done) {
    out += padded(std::string(one.store), 10) + "  " + padded(one.table, wide) + "  " + padded(with_commas(one.rows), rows_wide) + "  " + one.sum + "\n";
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  call.console.note("copied " + counted(all, "row", "rows") + " to " + text::clean(without_password(to), 300) + "; counts and checksums of all tables agree");
  return int{kOk};
}

}  // namespace command_store_copy_detail

namespace command {
const Command& store_copy() {
  static constexpr Command kOne = {
      .name = "store copy",
      .aliases = "",
      .section = Section::data,
      .purpose = "Copies all that is kept, layers and advisories with their past, to another place or engine.",
      .usage = "--from URL --to URL",
      .examples = "eclair store copy --from /var/lib/eclair --to postgres://eclair@db/eclair\n"
                  "eclair store copy --from 'host=db dbname=eclair user=eclair' --to /var/lib/eclair    # and back\n"
                  "eclair store copy --from ~/.local/share/eclair --to sqlite:/srv/eclair\n"
                  "PGPASSFILE=~/.pgpass eclair store copy --from data --to postgres://eclair@db/eclair",
      .notes = "A place is what `eclair serve --store` takes. Nothing may be yet where it goes to. Stop the service before: what it\n"
               "writes meanwhile is not copied. Every table is read again and compared, by count and checksum, before the copy\n"
               "counts; until then, and after an error, the tables there are empty.",
      .run = &command_store_copy_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
