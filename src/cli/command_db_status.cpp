// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Which advisories are there.
#include <algorithm>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "report/columns.h"
#include "report/json_parts.h"
#include "util/json_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_db_status_detail {

using report::Cell;

bool is_stale(const store::FeedState& feed, UnixTime at, std::uint64_t max_age) {
  return feed.fetched_at < at && static_cast<std::uint64_t>(at - feed.fetched_at) > max_age;
}

/// "alpine:edge, v3.18, v3.19": namespaces of one family together.
std::string namespaces_words(const std::vector<std::string>& namespaces) {
  std::string out;
  std::string_view last;
  for (const std::string& one : namespaces) {
    const auto [family, release] = text::cut(one, ':');
    const bool same = !out.empty() && family == last && !release.empty();
    out += (out.empty() ? "" : ", ") + text::clean(same ? release : std::string_view(one), 100);
    last = family;
  }
  return out;
}

/// The states that feeds were in.
void write_snapshots(json::Writer& w, const std::vector<store::Snapshot>& snapshots) {
  w.key("snapshots").begin_array();
  for (const store::Snapshot& one : snapshots) {
    w.begin_object().member("feed", one.feed).member("snapshot", one.id);
    write_time(w, "at", one.at);
    write_time(w, "seen_until", one.seen_until);
    w.member("records", static_cast<std::int64_t>(one.records)).member("vulnerabilities", static_cast<std::int64_t>(one.vulnerabilities)).end_object();
  }
  w.end_array();
}

std::string snapshot_table(const std::vector<store::Snapshot>& snapshots, const report::View& view) {
  std::vector<std::vector<Cell>> rows;
  for (const store::Snapshot& one : snapshots) {
    rows.push_back({{one.feed, report::Color::none},
                    {rfc3339(one.at), report::Color::none},
                    {with_commas(one.records), report::Color::none},
                    {with_commas(one.vulnerabilities), report::Color::none},
                    {one.id.substr(0, 12), report::Color::none}});
  }
  return report::lay_out({{"FEED"}, {"SINCE"}, {"RECORDS"}, {"VULNERABILITIES"}, {"SNAPSHOT"}}, rows, view);
}

Result<int> run_status(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "db status takes no argument");
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  ECLAIR_TRY(const std::vector<store::FeedState> states, store->feeds());
  const UnixTime at = store.as_of.value_or(now());
  const std::uint64_t max_age = call.settings.number("max-db-age").value_or(5 * 86400);
  ECLAIR_TRY(const std::string folder, data_folder(call.settings));

  json::Writer w(true);
  w.begin_object().member("schema_version", report::kSchemaVersion).member("data_dir", folder).key("feeds").begin_array();
  std::vector<std::vector<Cell>> rows;
  for (const store::FeedState& state : states) {
    const feeds::Feed* feed = feeds::find_feed(state.name);
    const bool stale = is_stale(state, at, max_age);
    w.begin_object().member("name", state.name);
    write_or_null(w, "title", feed != nullptr ? feed->title() : std::string_view{});
    w.member("snapshot", state.snapshot);
    write_time(w, "fetched_at", state.fetched_at);
    write_time(w, "changed_at", state.changed_at);
    write_time(w, "published_at", state.published_at);
    w.member("age_seconds", static_cast<std::int64_t>(std::max<UnixTime>(at - state.fetched_at, 0))).member("stale", stale);
    w.member("records", static_cast<std::int64_t>(state.records)).member("vulnerabilities", static_cast<std::int64_t>(state.vulnerabilities));
    write_strings(w, "namespaces", state.namespaces);
    w.member("origin", state.origin);
    if (feed != nullptr) w.member("lists_unfixed", feed->lists_unfixed());
    w.end_object();
    rows.push_back({{state.name, report::Color::none},
                    {ago(state.fetched_at, at) + " ago" + (stale ? " (stale)" : ""), stale ? report::Color::yellow : report::Color::none},
                    {state.changed_at == 0 ? "-" : ago(state.changed_at, at) + " ago", report::Color::none},
                    {with_commas(state.records), report::Color::none},
                    {with_commas(state.vulnerabilities), report::Color::none},
                    {namespaces_words(state.namespaces), report::Color::none},
                    {state.snapshot.substr(0, 12), report::Color::dim}});
  }
  w.end_array();
  std::string past;
  if (call.settings.flag("history")) {
    ECLAIR_TRY(const std::vector<store::Snapshot> snapshots, store->snapshots());
    write_snapshots(w, snapshots);
    past = "\n" + snapshot_table(snapshots, view_of(call));
  }
  w.end_object();
  const std::vector<report::Column> columns = {{"FEED"}, {"FETCHED"}, {"CHANGED"}, {"RECORDS"}, {"VULNERABILITIES"}, {"NAMESPACES", 0, true}, {"SNAPSHOT", 0, false, true}};
  const std::string table = rows.empty() ? "no advisory data in " + text::clean(folder) + "\n" : report::lay_out(columns, rows, view_of(call)) + past;
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

}  // namespace command_db_status_detail

namespace command {
const Command& db_status() {
  static constexpr Command kOne = {
      .name = "db status",
      .aliases = "",
      .section = Section::data,
      .purpose = "Tells which advisories are there, and how old they are.",
      .usage = "[options]",
      .examples = "eclair db status\n"
                  "eclair db status -f json                      # for programs\n"
                  "eclair db status --max-db-age 1d              # what is older is called stale\n"
                  "eclair db status --history                    # the states of the past, for --as-of",
      .notes = "",
      .run = &command_db_status_detail::run_status,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
