// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "match/families.h"
#include "match/match.h"
#include "report/describe.h"
#include "report/report.h"
#include "util/json_writer.h"
#include "util/text.h"

/// SARIF 2.1.0 as GitHub's code scanning takes it: docs/user/reports.md, "SARIF". A run a target, a rule a vulnerability and package.
/// sources: OASIS SARIF 2.1.0; docs.github.com, "SARIF support for code scanning" (limits, fields that must not be empty)
namespace eclair::report {
namespace sarif_detail {

constexpr std::size_t kMostResults = 25'000;  // GitHub refuses more in a run,
constexpr std::size_t kShownResults = 5'000;  // shows so many,
constexpr std::size_t kMostRuns = 20;         // and refuses more runs in a file
constexpr std::size_t kMostText = 1000;       // it takes 1024 characters of a description
constexpr std::size_t kAllText = 5'000'000;   // of all descriptions together: a packed file of more than 10 MB is refused as well
constexpr std::size_t kPiece = 64;            // rules or results that are handed out together

/// What becomes a result, worst first; suppressed findings come last, as those that a cut may take.
struct Row {
  const Finding* finding;
  const Suppression* suppression;  // nullptr: it counts
  std::size_t rule;                // index into Run::rules
};
struct Run {
  std::vector<Row> rows;
  std::vector<std::size_t> rules;  // the row that each rule is described by
  std::size_t all = 0;             // rows before the cut
};

std::string rule_id(const Report& report, const Finding& finding) {
  // One for each package: who dismisses an alert of one package does not mean the others, and their severities differ.
  return shortened(text::clean(finding.vulnerability + '-' + occurrence_of(report, finding).package.name, 1000), 255);
}

Run run_of(const Report& report, View view) {
  view.sort_by.clear();  // worst first, whatever a table is sorted by: a cut takes the least
  Run out;
  for (const std::uint32_t i : shown_findings(report, view)) out.rows.push_back({&report.findings[i], nullptr, 0});
  for (const Suppressed& one : report.suppressed) {
    if (shown(report, one.finding, view)) out.rows.push_back({&one.finding, &one.by, 0});
  }
  out.all = out.rows.size();
  if (out.rows.size() > kMostResults) out.rows.resize(kMostResults);
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    const auto [at, fresh] = known.try_emplace(rule_id(report, *out.rows[i].finding), out.rules.size());
    if (fresh) out.rules.push_back(i);
    out.rows[i].rule = at->second;
  }
  return out;
}

// ---- rules

bool is_system(const PackageVersion& package) { return match::is_system_type(package.type); }

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
    case Severity::high: return "error";
    case Severity::medium: return "warning";
    case Severity::low:
    case Severity::negligible:
    case Severity::unknown: return "note";
  }
  return "note";
}

/// The severity that GitHub shows for a number.
Severity band_of(double score) {
  return score > 9.0 ? Severity::critical : score >= 7.0 ? Severity::high : score >= 4.0 ? Severity::medium : score > 0 ? Severity::low : Severity::unknown;
}

/// GitHub takes its severity from this number alone. The CVSS score stands where it says what we say; where the distribution has judged
/// otherwise, a number of its severity.
std::string security_severity(const Finding& finding) {
  const VulnerabilityText::Cvss* const cvss = match::cvss_of(finding.text);
  const Severity shown = finding.severity == Severity::negligible ? Severity::low : finding.severity;
  if (cvss != nullptr && cvss->score <= 10 && band_of(cvss->score) == shown && finding.severity != Severity::negligible) {
    char text[16];
    std::snprintf(text, sizeof text, "%.1f", cvss->score);
    return text;
  }
  switch (finding.severity) {
    case Severity::critical: return "9.5";
    case Severity::high: return "8.0";
    case Severity::medium: return "5.5";
    case Severity::low: return "2.0";
    case Severity::negligible: return "0.1";
    case Severity::unknown: break;
  }
  return "0.0";
}

/// How sure the match is: the vendor's own word, or somebody else's range of versions.
std::string_view precision_of(const Finding& finding) {
  if (finding.evidence.empty()) return "high";
  const Judgement& by = finding.evidence.front();
  const match::Family* const family = match::find_family(by.name_space);
  return family != nullptr && match::is_own_feed(*family, by.feed) ? "very-high" : "high";
}

std::string fixed_words(const Finding& finding) {
  if (!finding.fixed_in.empty()) return text::clean(finding.fixed_in, 200);
  switch (finding.status) {
    case Status::fix_deferred: return "no fix yet (deferred)";
    case Status::will_not_fix: return "no fix (will not be fixed)";
    case Status::end_of_life: return "no fix (end of life)";
    case Status::unknown:
    case Status::fixed:
    case Status::affected:
    case Status::under_investigation:
    case Status::not_affected: break;
  }
  return "no fix";
}

std::string layer_words(const Report& report, const Finding& finding) {
  if (finding.layer == 0) return "-";
  std::string out = std::to_string(finding.layer);
  if (const LayerInfo* const layer = layer_of(report, finding.layer); layer != nullptr) {
    const Digest& digest = layer->digest.empty() ? layer->diff_id : layer->digest;
    if (!digest.empty()) out += " (" + std::string(digest.brief()) + ")";
  }
  return out + (in_base(report, finding.layer) ? ", of the base image" : "");
}

/// A cell of a Markdown table.
std::string cell(std::string_view untrusted) {
  std::string out;
  for (const char c : text::clean(untrusted, 400)) {
    if (std::string_view("\\`*_{}[]<>|#!~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

void write_text(json::Writer& w, std::string_view member, std::string_view text) { w.key(member).begin_object().member("text", text).end_object(); }

void write_rule(json::Writer& w, const Report& report, const Finding& finding, std::size_t most_text) {
  const PackageVersion& package = occurrence_of(report, finding).package;
  const std::vector<std::string> links = links_of(finding);
  const std::string id = text::clean(finding.vulnerability, 200), link = links.empty() ? std::string() : links.front();
  w.begin_object().member("id", rule_id(report, finding));
  w.member("name", is_system(package) ? "OsPackageVulnerability" : "LanguageSpecificPackageVulnerability");
  write_text(w, "shortDescription", title_of(report, finding, kMostText));
  write_text(w, "fullDescription", description_of(report, finding, most_text));
  w.key("defaultConfiguration").begin_object().member("level", level_of(finding.severity)).end_object();
  if (!link.empty()) w.member("helpUri", link);
  const std::string severity(name(finding.severity)), shown = text::clean(package.name, 200), installed = text::clean(package.version, 200);
  w.key("help").begin_object();
  w.member("text", id + ", severity " + severity + "\nPackage: " + shown + "\nInstalled: " + installed + "\nFixed in: " + fixed_words(finding) +
                       "\nLayer: " + layer_words(report, finding) + (link.empty() ? "" : "\nLink: " + link));
  w.member("markdown", "**" + cell(id) + "**, severity " + severity + "\n\n| Package | Installed | Fixed | Layer | Link |\n| --- | --- | --- | --- | --- |\n| " +
                           cell(shown) + " | " + cell(installed) + " | " + cell(fixed_words(finding)) + " | " + cell(layer_words(report, finding)) + " | " +
                           (link.empty() ? "-" : "[" + cell(id) + "](" + text::percent_encode(link, "%:/?#@!$&'*+,;=") + ")") + " |\n");
  w.end_object().key("properties").begin_object();
  w.member("precision", precision_of(finding)).member("security-severity", security_severity(finding));
  w.key("tags").begin_array().string("vulnerability").string("security");
  std::string upper = severity;
  for (char& c : upper) c = static_cast<char>(c - 32);
  w.string(upper);
  if (finding.text.exploited) w.string("kev");
  if (!finding.fixed_in.empty()) w.string("fixable");
  if (in_base(report, finding.layer)) w.string("base-image");
  w.end_array().end_object().end_object();
}

// ---- results

std::string encoded_path(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return text::percent_encode(path, "/");
}

/// Of packages of the distribution the repository alone: neither tag nor digest, or each build would close and open all alerts.
std::string place_of(const Report& report, const Occurrence& occurrence) {
  if (!is_system(occurrence.package) && !occurrence.paths.empty()) return encoded_path(occurrence.paths.front());
  const std::string out = encoded_path(name_parts(report.image).path);
  return out.empty() ? "image" : out;
}

void write_result(json::Writer& w, const Report& report, const Row& row, bool any_suppressed) {
  const Finding& finding = *row.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  const std::string package = text::clean(occurrence.package.name, 200), id = text::clean(finding.vulnerability, 200);
  w.begin_object().member("ruleId", rule_id(report, finding)).member("ruleIndex", static_cast<std::int64_t>(row.rule));
  w.member("level", level_of(finding.severity));
  write_text(w, "message", package + " " + text::clean(occurrence.package.version, 200) + " is affected by " + id + ", severity " + std::string(name(finding.severity)) +
                               (finding.fixed_in.empty() ? ", with " + fixed_words(finding) : ", fixed in " + fixed_words(finding)) + ". Layer: " +
                               layer_words(report, finding) + ".");
  w.key("locations").begin_array().begin_object();
  w.key("physicalLocation").begin_object().key("artifactLocation").begin_object();
  w.member("uri", place_of(report, occurrence)).member("uriBaseId", "ROOTPATH").end_object();
  w.key("region").begin_object();
  for (const char* const one : {"startLine", "startColumn", "endLine", "endColumn"}) w.member(one, std::int64_t{1});
  w.end_object().end_object();
  const ImageName image = name_parts(report.image);
  w.key("logicalLocations").begin_array().begin_object();
  w.member("fullyQualifiedName", text::clean(image.repository(), 300) + (report.image.digest.empty() ? "" : "@" + report.image.digest.text) + ":/" +
                                     (occurrence.paths.empty() ? std::string() : text::clean(occurrence.paths.front(), 400)));
  w.member("name", package).member("kind", "module").end_object().end_array();
  w.end_object().end_array();
  w.key("partialFingerprints").begin_object().member("primaryLocationLineHash", finding.id + ":1").end_object();
  if (any_suppressed) {
    w.key("suppressions").begin_array();
    if (row.suppression != nullptr) {
      const Suppression& by = *row.suppression;
      std::string why = text::clean(by.reason, kMostText);
      if (why.empty()) why = by.justification.empty() ? by.status : by.justification;
      w.begin_object().member("kind", "external").member("status", "accepted");
      if (!why.empty()) w.member("justification", why);
      w.end_object();
    }
    w.end_array();
  }
  w.end_object();
}

// ---- the run

std::string cut_words(const Report& report, const Run& run) {
  return text::clean(report.image.name, 200) + ": " + std::to_string(run.all - run.rows.size()) + " of " + std::to_string(run.all) +
         " results are left out, the least severe: GitHub takes " + std::to_string(kMostResults) + " in a run";
}

void write_notification(json::Writer& w, std::string_view level, std::string_view text) {
  w.begin_object().member("level", level);
  write_text(w, "message", text);
  w.end_object();
}

void write_invocation(json::Writer& w, const Report& report, const Run& run, const std::vector<std::string>& failures) {
  w.begin_object().member("executionSuccessful", true).member("endTimeUtc", rfc3339(report.generated_at));
  w.key("toolExecutionNotifications").begin_array();
  for (const std::string& one : failures) write_notification(w, "error", one);
  if (run.all > run.rows.size()) write_notification(w, "warning", cut_words(report, run) + ".");
  if (run.rows.size() > kShownResults) {
    write_notification(w, "note", std::to_string(run.rows.size() - kShownResults) + " results are beyond the " + std::to_string(kShownResults) +
                                      " that GitHub shows, the least severe.");
  }
  for (const Coverage& one : report.coverage) write_notification(w, one.incomplete ? "warning" : "note", text::clean(one.message, 1000) + ".");
  w.end_array().end_object();
}

Result<> write_run(json::Writer& w, const Report& report, const View& view, const std::vector<std::string>& failures, const Sink& out) {
  const Run run = run_of(report, view);
  w.begin_object().key("tool").begin_object().key("driver").begin_object();
  w.member("name", "eclair").member("version", report.tool_version).key("rules").begin_array();
  const std::size_t most_text = std::clamp(kAllText / std::max<std::size_t>(run.rules.size(), 1), std::size_t{100}, kMostText);
  for (std::size_t i = 0; i < run.rules.size(); ++i) {
    write_rule(w, report, *run.rows[run.rules[i]].finding, most_text);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array().end_object().end_object();

  const Image& image = report.image;
  const ImageName name = name_parts(image);
  // "20260821T060000Z": what follows the last slash tells runs of one category apart
  std::string when = rfc3339(report.generated_at);
  std::erase_if(when, [](char c) { return c == '-' || c == ':'; });
  w.key("automationDetails").begin_object();
  w.member("id", "eclair/" + text::clean(name.path, 300) + '/' + (image.platform.os.empty() ? "" : text::clean(image.platform.text(), 100) + '/') + when).end_object();
  w.key("invocations").begin_array();
  write_invocation(w, report, run, failures);
  w.end_array();
  w.key("originalUriBaseIds").begin_object().key("ROOTPATH").begin_object().member("uri", "file:///").end_object().end_object();
  w.member("columnKind", "utf16CodeUnits");

  w.key("results").begin_array();
  const bool any_suppressed = std::any_of(run.rows.begin(), run.rows.end(), [](const Row& row) { return row.suppression != nullptr; });
  for (std::size_t i = 0; i < run.rows.size(); ++i) {
    write_result(w, report, run.rows[i], any_suppressed);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array();

  w.key("properties").begin_object().member("imageName", text::clean(image.name, 300));
  if (!image.config_digest.empty()) w.member("imageID", image.config_digest.text);
  w.key("repoTags").begin_array();
  if (!name.tag.empty()) w.string(text::clean(image.name, 300));
  w.end_array().key("repoDigests").begin_array();
  if (!image.digest.empty()) w.string(text::clean(name.repository(), 300) + '@' + image.digest.text);
  w.end_array();
  if (!report.snapshot.empty()) w.member("snapshot", report.snapshot);
  w.end_object().end_object();
  return out(w.take());
}

std::vector<std::string> left_out(const Document& document, const View& view) {
  std::vector<std::string> out;
  if (document.reports.size() > kMostRuns) {
    out.push_back("SARIF holds the first " + std::to_string(kMostRuns) + " of " + std::to_string(document.reports.size()) + " targets: GitHub takes no more in a file");
  }
  for (std::size_t i = 0; i < std::min(document.reports.size(), kMostRuns); ++i) {
    const Run run = run_of(document.reports[i], view);
    if (run.all > run.rows.size()) out.push_back("SARIF: " + cut_words(document.reports[i], run));
  }
  return out;
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(true);
  w.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0").key("runs").begin_array();
  std::vector<std::string> failures;
  for (const Failure& one : document.failures) failures.push_back(text::clean(one.target, 300) + ": no report: " + text::clean(one.message, 1000) + ".");
  for (std::size_t i = 0; i < std::min(document.reports.size(), kMostRuns); ++i) {
    ECLAIR_CHECK_OK(write_run(w, document.reports[i], view, std::exchange(failures, {}), out));
  }
  w.end_array().end_object();
  return out(w.take() + "\n");
}

}  // namespace sarif_detail

namespace format {
const Format& sarif() {
  static constexpr Format kOne = {.id = "sarif", .title = "SARIF 2.1.0, for GitHub's code scanning and its like", .render = &sarif_detail::render,
                                  .left_out = &sarif_detail::left_out};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
