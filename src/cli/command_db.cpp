// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The advisory data: taking it in, saying what is there, asking it.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "feeds/import.h"
#include "report/columns.h"
#include "report/explain.h"
#include "report/json_parts.h"
#include "util/json_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_db_detail {

using report::Cell;

/// "7.5"
std::string decimals(double value, int digits) {
  std::array<char, 32> out{};
  const int length = std::snprintf(out.data(), out.size(), "%.*f", digits, value);
  return {out.data(), static_cast<std::size_t>(std::max(length, 0))};
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return with_commas(n) + " " + std::string(n == 1 ? one : many);
}

Result<> write_outputs(const Invocation& call, const std::vector<Output>& outputs, const std::string& table, const std::string& json) {
  for (const Output& output : outputs) {
    const std::string& text = output.format == "json" ? json : table;
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return {};
}

void write_strings(json::Writer& w, std::string_view key, const std::vector<std::string>& list) {
  w.key(key).begin_array();
  for (const std::string& one : list) w.string(one);
  w.end_array();
}

void write_or_null(json::Writer& w, std::string_view key, std::string_view value) {
  w.key(key);
  if (value.empty()) {
    w.null();
  } else {
    w.string(value);
  }
}

void write_time(json::Writer& w, std::string_view key, UnixTime t) { write_or_null(w, key, t == 0 ? std::string() : rfc3339(t)); }

// ---- import

std::string summary_line(std::string_view feed, const store::ImportSummary& summary) {
  std::string out = "imported " + std::string(feed) + ": " + counted(summary.rows, "row", "rows") + ", " +
                    counted(summary.vulnerabilities, "vulnerability", "vulnerabilities");
  if (summary.unchanged) {
    out += ", unchanged";
  } else if (summary.changed + summary.closed > 0) {
    out += " (" + with_commas(summary.added) + " new, " + with_commas(summary.changed) + " changed, " + with_commas(summary.closed) + " gone)";
  }
  if (summary.bad_records > 0) {
    out += ", " + counted(summary.bad_records, "record", "records") + " dropped";
    if (!summary.bad.empty()) out += " (first: " + summary.bad.front() + ")";
  }
  return out;
}

Result<int> run_import(const Invocation& call) {
  feeds::ImportRequest request;
  request.feed = call.settings.text("feed");
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

// ---- status

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

Result<int> run_status(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "db status takes no argument");
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  ECLAIR_TRY(const std::vector<store::FeedState> states, store->feeds());
  const UnixTime at = now();
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
  w.end_array().end_object();
  const std::vector<report::Column> columns = {{"FEED"}, {"FETCHED"}, {"CHANGED"}, {"RECORDS"}, {"VULNERABILITIES"}, {"NAMESPACES", 0, true}, {"SNAPSHOT", 0, false, true}};
  const std::string table = rows.empty() ? "no advisory data in " + text::clean(folder) + "\n" : report::lay_out(columns, rows, view_of(call));
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

// ---- search

void write_record(json::Writer& w, const store::AdvisoryRow& row) {
  const Advisory& a = row.advisory;
  constexpr std::string_view kNameKinds[] = {"source", "binary", "both"};
  w.begin_object();
  w.member("vulnerability", a.vulnerability);
  write_strings(w, "aliases", a.aliases);
  write_strings(w, "references", a.references);
  w.member("feed", row.feed).member("record", a.record.empty() ? a.vulnerability : a.record);
  w.member("namespace", row.name_space).member("package", row.package);
  w.member("name_kind", kNameKinds[static_cast<std::size_t>(a.name_kind)]);
  w.member("status", name(a.status));
  write_or_null(w, "fixed_in", a.fixed_in);
  w.key("ranges").begin_array();
  for (const Range& range : a.ranges) {
    w.begin_object();
    write_or_null(w, "introduced", range.introduced);
    write_or_null(w, range.upper_inclusive ? "last_affected" : "fixed", range.upper);
    w.end_object();
  }
  w.end_array();
  write_strings(w, "versions", a.versions);
  write_strings(w, "arches", a.arches);
  write_or_null(w, "module", a.module);
  write_strings(w, "cpes", a.cpes);
  w.member("severity", name(a.severity));
  write_or_null(w, "severity_word", a.severity_word);
  write_or_null(w, "reason", a.reason);
  w.end_object();
}

void write_text(json::Writer& w, const std::string& feed, const VulnerabilityText& text) {
  w.begin_object().member("feed", feed).member("id", text.id);
  write_or_null(w, "title", text.title);
  write_or_null(w, "description", text.description);
  w.member("severity", name(text.severity));
  w.key("cvss").begin_array();
  for (const VulnerabilityText::Cvss& cvss : text.cvss) {
    w.begin_object().member("version", cvss.version).member("vector", cvss.vector).key("score");
    if (cvss.score < 0) {
      w.null();
    } else {
      w.number(cvss.score);
    }
    if (!cvss.source.empty()) w.member("source", cvss.source);
    w.end_object();
  }
  w.end_array();
  write_strings(w, "cwes", text.cwes);
  write_strings(w, "urls", text.urls);
  write_time(w, "published", text.published);
  write_time(w, "modified", text.modified);
  if (text.exploited) report::write_exploited(w, *text.exploited);
  if (text.epss) report::write_epss(w, *text.epss);
  w.end_object();
}

/// What is known of a vulnerability apart from packages, for people: "nvd: critical, CVSS 3.1 9.8 (nvd@nist.gov)".
std::string text_line(const std::string& feed, const VulnerabilityText& text) {
  std::vector<std::string> parts;
  if (text.severity != Severity::unknown) parts.emplace_back(name(text.severity));
  if (!text.cvss.empty() && text.cvss.front().score >= 0) {
    const VulnerabilityText::Cvss& first = text.cvss.front();
    parts.push_back("CVSS " + text::clean(first.version, 10) + " " + decimals(first.score, 1) + (first.source.empty() ? "" : " (" + text::clean(first.source, 60) + ")"));
  }
  if (text.exploited) parts.push_back(report::exploited_words(*text.exploited));
  if (text.epss) parts.push_back(report::epss_words(*text.epss));
  return parts.empty() ? std::string() : text::clean(feed, 60) + ": " + text::join(parts, ", ") + "\n";
}

Result<std::vector<store::AdvisoryRow>> look_up(const Invocation& call, store::AdvisoryStore& store, const std::string& id) {
  ECLAIR_TRY(std::vector<store::AdvisoryRow> rows, store.search({.id = id}));
  if (rows.empty()) {  // "cve-2024-3094"
    std::string upper = id;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    ECLAIR_TRY(rows, store.search({.id = upper}));
  }
  const std::string feed = call.settings.text("feed"), name_space = call.settings.text("namespace");
  const auto unwanted = [&](const store::AdvisoryRow& row) {
    return (!feed.empty() && row.feed != feed) || (!name_space.empty() && row.name_space != name_space);
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), unwanted), rows.end());
  return rows;
}

/// NVD and others speak of CVEs alone; a search for an advisory or an alias is one for its CVE.
void add_enrichment(const Invocation& call, const std::vector<store::FeedState>& states, const Advisory& advisory,
                    std::set<std::pair<std::string, std::string>>& texts) {
  const std::string only = call.settings.text("feed");
  std::vector<std::string> ids = advisory.aliases;
  ids.push_back(advisory.vulnerability);
  for (const store::FeedState& state : states) {
    const bool enriches = std::find(state.namespaces.begin(), state.namespaces.end(), kVulnerabilitySpace) != state.namespaces.end();
    if (!enriches || (!only.empty() && only != state.name)) continue;
    for (const std::string& id : ids) texts.emplace(state.name, id);
  }
}

Result<int> run_search(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  if (call.arguments.size() != 1) return fail(Errc::invalid_input, "db search takes one id: CVE-2024-3094, GHSA-..., DSA-...");
  const std::string& id = call.arguments.front();
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  ECLAIR_TRY(const std::vector<store::AdvisoryRow> found, look_up(call, *store, id));

  json::Writer w(true);
  w.begin_object().member("schema_version", report::kSchemaVersion).member("id", id).key("records").begin_array();
  std::vector<std::vector<Cell>> rows;
  std::set<std::pair<std::string, std::string>> texts;
  ECLAIR_TRY(const std::vector<store::FeedState> states, store->feeds());
  for (const store::AdvisoryRow& row : found) {
    const Advisory& a = row.advisory;
    texts.emplace(row.feed, a.vulnerability);
    if (row.name_space == kVulnerabilitySpace) continue;  // speaks of no package
    write_record(w, row);
    add_enrichment(call, states, a, texts);
    rows.push_back({{text::clean(row.name_space, 100), report::Color::none},
                    {text::clean(row.package, 200), report::Color::none},
                    {std::string(name(a.status)), report::Color::none},
                    {a.fixed_in.empty() ? "-" : text::clean(a.fixed_in, 100), report::Color::none},
                    {std::string(name(a.severity)), report::color_of(a.severity)},
                    {text::clean(a.vulnerability, 100), report::Color::none},
                    {row.feed, report::Color::none}});
  }
  w.end_array().key("vulnerabilities").begin_array();
  std::string title, known;
  for (const auto& [feed, vulnerability] : texts) {
    ECLAIR_TRY(const auto text, store->text(feed, vulnerability));
    if (!text) continue;
    write_text(w, feed, *text);
    if (title.empty()) title = text::clean(text->title.empty() ? text->description : text->title, 300);
    known += text_line(feed, *text);
  }
  w.end_array().end_object();
  const std::vector<report::Column> columns = {{"NAMESPACE"}, {"PACKAGE", 0, true}, {"STATUS"}, {"FIXED IN", 0, true}, {"SEVERITY"}, {"ID"}, {"FEED", 0, false, true}};
  std::string table = "nothing is known of " + text::quoted(id) + "\n";
  if (!title.empty()) title += "\n";
  if (!rows.empty() || !title.empty() || !known.empty()) {
    const std::string head = title + known;
    table = head + (head.empty() ? "" : "\n") + (rows.empty() ? "no record of a package\n" : report::lay_out(columns, rows, view_of(call)));
  }
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

}  // namespace command_db_detail

namespace command {
const Command& db_import() {
  static constexpr Command kOne = {
      .name = "db import",
      .aliases = "",
      .section = Section::data,
      .purpose = "Takes in advisories from files, folders or URLs.",
      .usage = "--feed NAME FILE|FOLDER|URL... [options]",
      .examples = "eclair db import --feed debian https://security-tracker.debian.org/tracker/data/json\n"
                  "eclair db import --feed alpine secdb/v3.19         # main.json and community.json of a release\n"
                  "eclair db import --feed osv PyPI/all.zip\n"
                  "eclair db import --feed debian tracker.json.gz     # packed in any usual way",
      .notes = "What is named together is one import: all of it becomes visible, or nothing. A wrong --feed lists the feeds there are.\n"
               "An import that would lose more than 30 % of a distribution's records is refused; --allow-shrink takes it.",
      .run = &command_db_detail::run_import,
  };
  return kOne;
}

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
                  "eclair db status --data-dir /srv/eclair       # another data folder",
      .notes = "",
      .run = &command_db_detail::run_status,
  };
  return kOne;
}

const Command& db_search() {
  static constexpr Command kOne = {
      .name = "db search",
      .aliases = "",
      .section = Section::data,
      .purpose = "Shows every record of a vulnerability: packages, status, fixes.",
      .usage = "ID [options]",
      .examples = "eclair db search CVE-2024-3094\n"
                  "eclair db search GHSA-h5c8-rqwp-cp95          # an alias, a notice (DSA-5600-1) or a record's own id\n"
                  "eclair db search CVE-2023-4911 --namespace debian:12\n"
                  "eclair db search CVE-2023-4911 -f json        # with ranges, texts and CVSS vectors",
      .notes = "",
      .run = &command_db_detail::run_search,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
