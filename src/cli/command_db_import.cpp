// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Taking in advisories.
#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/data_set_file.h"
#include "cli/db_words.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "feeds/import.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_db_import_detail {

Result<int> run_import(const Invocation& call) {
  feeds::ImportRequest request;
  request.feed = call.settings.text("feed");
  if (request.feed.empty() && call.arguments.size() == 1) return import_data_set_file(call, call.arguments.front());
  if (request.feed.empty()) {
    return fail(Error{Errc::invalid_input, "db import needs --feed: the source that the file comes from", "--feed NAME, one of: " + known_feeds()});
  }
  if (feeds::find_feed(request.feed) == nullptr) {
    return fail(Error{Errc::invalid_input, "no feed named " + text::quoted(request.feed), "--feed NAME, one of: " + known_feeds()});
  }
  if (call.arguments.empty()) return fail(Errc::invalid_input, "db import needs a file, folder or URL");
  request.origins = call.arguments;
  request.allow_shrink = call.settings.flag("allow-shrink");
  request.network.insecure = call.settings.flag("insecure");
  request.network.ca_file = call.settings.text("cacert");
  request.network.stall_seconds = static_cast<unsigned>(call.settings.number("stall-timeout").value_or(60));
  ECLAIR_TRY(const auto store, open_known_advisories(call));

  const auto progress = [&](const feeds::ImportProgress& at) {
    if (!call.console.shows_progress()) return;
    std::string line = "importing " + request.feed + "  " + size_words(at.bytes);
    if (at.bytes_total > 0) line += "/" + size_words(at.bytes_total);
    if (at.documents > 1) line += "  documents " + with_commas(at.documents);
    call.console.progress(line + "  rows " + with_commas(at.rows) + "  " + text::clean(at.part, 60));
  };
  auto report = feeds::import_feed(*store, request, Limits{}, call.stop, progress);
  call.console.clear_progress();
  if (!report) {
    Error error = std::move(report).error();
    if (error.code == Errc::conflict) error.hint = "if the source really shrank so much: the same command with --allow-shrink";
    if (error.code == Errc::cancelled) return fail(std::move(error));
    return fail(std::move(error).within("nothing was imported"));
  }
  for (const std::string& bad : report->summary.bad) call.console.detail("dropped " + bad);
  for (const std::string& note : report->notes) call.console.warning(note);
  call.console.note(summary_line(request.feed, report->summary));
  return int{kOk};
}

}  // namespace command_db_import_detail

namespace command {
const Command& db_import() {
  static constexpr Command kOne = {
      .name = "db import",
      .aliases = "",
      .section = Section::data,
      .purpose = "Takes in advisories from files, folders or URLs, or a whole data set.",
      .usage = "--feed NAME FILE|FOLDER|URL... | FILE|URL|registry:NAME:TAG [options]",
      .examples = "eclair db import --feed debian https://security-tracker.debian.org/tracker/data/json\n"
                  "eclair db import --feed alpine secdb/v3.19         # main.json and community.json of a release; packed or not\n"
                  "eclair db import data.tar.zst                      # what eclair db export wrote, or clairctl export-updaters\n"
                  "eclair db import registry:registry.example.org/acme/advisories:today",
      .notes = "What is named together is one import: all of it becomes visible, or nothing. A wrong --feed lists the feeds there are.\n"
               "A data set that is older than what is here is refused; --allow-older takes it.\n"
               "An import that would lose more than 30 % of a distribution's records is refused; --allow-shrink takes it.",
      .run = &command_db_import_detail::run_import,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
