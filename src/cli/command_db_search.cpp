// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What is known, by any name.
#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <utility>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "report/columns.h"
#include "report/explain.h"
#include "report/json_parts.h"
#include "util/json_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_db_search_detail {

using report::Cell;

/// "7.5"
std::string decimals(double value, int digits) {
  std::array<char, 32> out{};
  const int length = std::snprintf(out.data(), out.size(), "%.*f", digits, value);
  return {out.data(), static_cast<std::size_t>(std::max(length, 0))};
}

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
  write_time(w, "known_since", row.opened);
  write_time(w, "known_until", row.closed);
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

Result<store::AdvisoryQuery> query_of(const Invocation& call) {
  store::AdvisoryQuery out;
  if (call.arguments.size() > 1) return fail(Errc::invalid_input, "db search takes one id: CVE-2024-3094, GHSA-..., DSA-...");
  if (!call.arguments.empty()) out.id = call.arguments.front();
  out.package = call.settings.text("package");
  out.name_space = call.settings.text("namespace");
  out.feed = call.settings.text("feed");
  out.history = call.settings.flag("history");
  for (const std::string& words : call.settings.list("status")) {
    for (const std::string_view word : text::split(words, ',')) {
      Status status{};
      if (!parse(word, status)) {
        return fail(Error{Errc::invalid_input, "no status " + text::quoted(word),
                          "one of: fixed, affected, fix_deferred, will_not_fix, end_of_life, under_investigation, not_affected, unknown"});
      }
      out.statuses.push_back(status);
    }
  }
  if (out.id.empty() && out.package.empty() && out.name_space.empty()) {
    return fail(Error{Errc::invalid_input, "db search needs an id, --package or --namespace", "eclair db search CVE-2024-3094, or eclair db search --package openssl"});
  }
  return out;
}

Result<std::vector<store::AdvisoryRow>> look_up(store::AdvisoryStore& store, store::AdvisoryQuery query) {
  ECLAIR_TRY(std::vector<store::AdvisoryRow> rows, store.search(query));
  if (!rows.empty() || query.id.empty()) return rows;
  for (char& c : query.id) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;  // "cve-2024-3094"
  return store.search(query);
}

/// What was looked for, for people: "CVE-2024-3094 in debian:12".
std::string words_of(const store::AdvisoryQuery& query) {
  std::string out = query.id.empty() ? std::string("anything") : text::quoted(query.id);
  if (!query.package.empty()) out += " of package " + text::quoted(query.package);
  if (!query.name_space.empty()) out += " in " + text::quoted(query.name_space);
  return out;
}

std::string day(UnixTime t) { return t == 0 ? std::string("-") : rfc3339(t).substr(0, 10); }

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
  ECLAIR_TRY(const store::AdvisoryQuery query, query_of(call));
  ECLAIR_TRY(const auto store, open_known_advisories(call));
  ECLAIR_TRY(const std::vector<store::AdvisoryRow> found, look_up(*store, query));
  // Of a package or a namespace the records are wanted; the texts of thousands of vulnerabilities would drown them.
  const bool with_texts = !query.id.empty();

  json::Writer w(true);
  w.begin_object().member("schema_version", report::kSchemaVersion);
  write_or_null(w, "id", query.id);
  w.key("records").begin_array();
  std::vector<std::vector<Cell>> rows;
  std::set<std::pair<std::string, std::string>> texts;
  ECLAIR_TRY(const std::vector<store::FeedState> states, store->feeds());
  for (const store::AdvisoryRow& row : found) {
    const Advisory& a = row.advisory;
    texts.emplace(row.feed, a.vulnerability);
    if (row.name_space == kVulnerabilitySpace) continue;  // speaks of no package
    write_record(w, row);
    add_enrichment(call, states, a, texts);
    std::vector<Cell> cells = {{text::clean(row.name_space, 100), report::Color::none},
                               {text::clean(row.package, 200), report::Color::none},
                               {std::string(name(a.status)), report::Color::none},
                               {a.fixed_in.empty() ? "-" : text::clean(a.fixed_in, 100), report::Color::none},
                               {std::string(name(a.severity)), report::color_of(a.severity)},
                               {text::clean(a.vulnerability, 100), report::Color::none},
                               {row.feed, report::Color::none}};
    if (query.history) cells.push_back({day(row.opened) + " to " + (row.closed == 0 ? "now" : day(row.closed)), row.closed == 0 ? report::Color::none : report::Color::dim});
    rows.push_back(std::move(cells));
  }
  w.end_array().key("vulnerabilities").begin_array();
  std::string title, known;
  if (with_texts) {
    for (const auto& [feed, vulnerability] : texts) {
      ECLAIR_TRY(const auto text, store->text(feed, vulnerability));
      if (!text) continue;
      write_text(w, feed, *text);
      if (title.empty()) title = text::clean(text->title.empty() ? text->description : text->title, 300);
      known += text_line(feed, *text);
    }
  }
  w.end_array().end_object();
  std::vector<report::Column> columns = {{"NAMESPACE"}, {"PACKAGE", 0, true}, {"STATUS"}, {"FIXED IN", 0, true}, {"SEVERITY"}, {"ID"}, {"FEED", 0, false, true}};
  if (query.history) columns.push_back({"HELD"});
  std::string table = "nothing is known of " + words_of(query) + "\n";
  if (!title.empty()) title += "\n";
  if (!rows.empty() || !title.empty() || !known.empty()) {
    const std::string head = title + known;
    table = head + (head.empty() ? "" : "\n") + (rows.empty() ? "no record of a package\n" : report::lay_out(columns, rows, view_of(call)));
  }
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

}  // namespace command_db_search_detail

namespace command {
const Command& db_search() {
  static constexpr Command kOne = {
      .name = "db search",
      .aliases = "",
      .section = Section::data,
      .purpose = "Shows what is known of a vulnerability, a package or a release: status, fixes.",
      .usage = "[ID] [options]",
      .examples = "eclair db search CVE-2024-3094                # or GHSA-h5c8-rqwp-cp95, DSA-5600-1, a record's own id\n"
                  "eclair db search --package openssl --namespace alpine:v3.19 --status fixed\n"
                  "eclair db search CVE-2023-4911 --history      # what was said of it before, and when\n"
                  "eclair db search CVE-2023-4911 -f json        # with ranges, texts and CVSS vectors",
      .notes = "",
      .run = &command_db_search_detail::run_search,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
