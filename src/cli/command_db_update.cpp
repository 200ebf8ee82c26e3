// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Advisories from their sources: what is new since the last time.
#include <algorithm>
#include <chrono>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/fetching.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_db_update_detail {

/// A feed, and what is wanted of it.
struct Wanted {
  std::string feed;
  std::vector<std::string> namespaces{};  ///< none = everything
};

Result<std::vector<Wanted>> plan(const Invocation& call, store::AdvisoryStore& store) {
  std::vector<Wanted> out;
  std::vector<std::string> names = call.arguments;
  if (!call.settings.text("feed").empty()) names.push_back(call.settings.text("feed"));
  if (call.settings.flag("all") && !names.empty()) return fail(Errc::invalid_input, "db update takes names of feeds or --all, not both");
  for (const std::string& name : names) {
    const feeds::Feed* const feed = feeds::find_feed(name);
    if (feed == nullptr) return fail(Error{Errc::invalid_input, "no feed named " + text::quoted(name), "one of: " + known_feeds()});
    const bool twice = std::any_of(out.begin(), out.end(), [&](const Wanted& one) { return one.feed == feed->id(); });
    if (!twice) out.push_back({std::string(feed->id())});
  }
  if (call.settings.flag("all")) {
    for (const feeds::Feed* const feed : feeds::feeds()) out.push_back({std::string(feed->id())});
  }
  if (!out.empty()) return out;
  ECLAIR_TRY(const std::vector<store::FeedState> states, store.feeds());
  for (const store::FeedState& state : states) {
    if (feeds::find_feed(state.name) == nullptr) continue;  // of a newer version of the program, perhaps
    Wanted one{state.name};
    ECLAIR_TRY(one.namespaces, feeds::present_namespaces(store, state.name));
    out.push_back(std::move(one));
  }
  if (out.empty()) {
    return fail(Error{Errc::not_found, "nothing to refresh: no advisories are here yet",
                      "eclair db update debian alpine, or --all; a scan fetches what its image needs"});
  }
  return out;
}

std::string result_line(const std::string& feed, const feeds::UpdateReport& report, std::int64_t milliseconds) {
  std::string out = feed + ": ";
  const std::string time = milliseconds < 950 ? std::to_string(milliseconds) + " ms" : std::to_string((milliseconds + 500) / 1000) + " s";
  const std::string cost = size_words(report.bytes) + " in " + time;
  if (report.portions == 0) return out + "nothing of what is here is published there";
  if (report.documents == 0 && report.unchanged) return out + "nothing new (" + time + ")";
  if (report.unchanged) return out + "unchanged (" + cost + ")";
  const store::ImportSummary& sum = report.summary;
  out += with_commas(sum.rows) + (sum.rows == 1 ? " row" : " rows") + " read: " + with_commas(sum.added) + " new, " + with_commas(sum.changed) +
         " changed, " + with_commas(sum.closed) + " gone";
  if (sum.bad_records > 0) out += "; " + with_commas(sum.bad_records) + (sum.bad_records == 1 ? " record" : " records") + " dropped";
  return out + " (" + cost + ")";
}

Result<int> run(const Invocation& call) {
  if (call.settings.flag("offline")) {
    return fail(Error{Errc::invalid_input, "db update needs the network, and --offline is set (by " + call.settings.where("offline") + ")",
                      "eclair db import --feed NAME FILE takes a file"});
  }
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  ECLAIR_TRY(const std::vector<Wanted> wanted, plan(call, *store));
  feeds::UpdateRequest request;
  ECLAIR_TRY(request.mirrors, feed_mirrors(call.settings));
  request.network = feed_network(call.settings);
  request.allow_shrink = call.settings.flag("allow-shrink");
  request.allow_older = call.settings.flag("allow-older");

  bool all_well = true;
  const auto complain = [&](Error error) {
    if (error.code == Errc::conflict) error.hint = "if the source really did that: the same command with --allow-shrink or --allow-older";
    call.console.error(error);
    all_well = false;
  };
  for (const Wanted& one : wanted) {
    const auto began = std::chrono::steady_clock::now();
    request.feed = one.feed;
    request.wanted = one.namespaces;
    auto report = update_with_progress(call, *store, request);
    if (!report) {
      if (report.error().code == Errc::cancelled) return fail(std::move(report).error());
      complain(std::move(report).error().within(one.feed));
      continue;
    }
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    for (const std::string& bad : report->summary.bad) call.console.detail("dropped " + bad);
    for (const std::string& note : report->notes) call.console.warning(note);
    for (Error& failure : report->failures) complain(std::move(failure));
    if (report->failures.size() < report->portions || report->portions == 0) call.console.note(result_line(one.feed, *report, passed));
  }
  return all_well ? int{kOk} : int{kError};
}

}  // namespace command_db_update_detail

namespace command {
const Command& db_update() {
  static constexpr Command kOne = {
      .name = "db update",
      .aliases = "",
      .section = Section::data,
      .purpose = "Fetches what is new from the sources of advisories.",
      .usage = "[FEED...] [options]",
      .examples = "eclair db update                       # what is here already\n"
                  "eclair db update debian alpine         # these, all of their releases\n"
                  "eclair db update --all                 # every source; some are large\n"
                  "eclair db update --mirror https://mirror.example.org/feeds",
      .notes = "Sources are asked for changes only. What fails leaves the data as it was, does not stop the others, and gives exit 1.\n"
               "An update that would lose more than 30 % of a distribution's records is refused; --allow-shrink takes it.",
      .run = &command_db_update_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
