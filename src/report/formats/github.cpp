// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// GitHub's workflow commands, and its dependency snapshots.
// source: docs.github.com, "Workflow commands for GitHub Actions" (escapes: actions/toolkit packages/core/src/command.ts);
//         docs.github.com, "REST API endpoints for dependency submission"
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::report {
namespace github_detail {

constexpr std::size_t kPiece = 64u << 10;

/// What follows "::". Cleaned text has no line ends; "%" alone is left.
std::string data(std::string_view cleaned) {
  std::string out;
  for (const char c : cleaned) out += c == '%' ? std::string("%25") : std::string(1, c);
  return out;
}

std::string property(std::string_view cleaned) {
  std::string out;
  for (const char c : data(cleaned)) out += c == ':' ? std::string("%3A") : c == ',' ? std::string("%2C") : std::string(1, c);
  return out;
}

std::string_view level(Severity severity) {
  return severity >= Severity::high ? "error" : severity == Severity::medium ? "warning" : "notice";
}

Result<> render_annotations(const Document& document, const View& view, const Sink& out) {
  std::string text;
  for (const Report& report : document.reports) {
    for (const Told& told : told_findings(report, view)) {
      const Finding& finding = *told.finding;
      const Occurrence& occurrence = occurrence_of(report, finding);
      const std::string id = text::clean(finding.vulnerability, 80), package = text::clean(occurrence.package.name, 200);
      const bool has_path = is_language_package(occurrence.package) && !occurrence.paths.empty();
      const std::string file = has_path ? text::clean(occurrence.paths.front(), 1000) : repository_of(report.image.name);
      const std::string title = title_of(finding);
      text += "::" + std::string(told.by == nullptr ? level(finding.severity) : "notice") + " file=" + property(file) + ",line=1,title=" +
              property(id + " in " + package + " (" + std::string(name(finding.severity)) + ")") + "::";
      text += data(package + " " + text::clean(occurrence.package.version, 200) + " in " + text::clean(report.image.name, 300) +
                   (title.empty() ? "" : ": " + title) + ". " +
                   (told.by == nullptr ? advice(report, finding) : "Suppressed: " + text::clean(told.by->reason, 300)) + " " + link_of(finding));
      text += '\n';
      if (text.size() >= kPiece) ECLAIR_CHECK_OK(out(std::exchange(text, {})));
    }
    for (const Coverage& one : report.coverage) {
      if (one.incomplete) text += "::warning title=" + property(text::clean(report.image.name, 300)) + "::" + data(text::clean(one.message, 1000)) + "\n";
    }
  }
  for (const Failure& failure : document.failures) {
    text += "::error title=" + property(text::clean(failure.target, 300)) + "::" + data(text::clean(failure.message, 1000)) + "\n";
  }
  return out(text);
}

void optional(json::Writer& w, std::string_view name, const std::string& value) {
  if (!value.empty()) w.member(name, text::clean(value, 500));
}

void manifest(json::Writer& w, const Report& report) {
  const std::string image = text::clean(report.image.name, 300);
  w.key(image).begin_object().member("name", image).key("metadata").begin_object();
  optional(w, "digest", report.image.digest.text);
  optional(w, "distribution", report.inventory.systems.empty() || !report.inventory.systems[0] ? std::string() : os_name(report.inventory.systems[0]));
  w.end_object().key("resolved").begin_object();
  std::set<std::string> told;  // keys of an object are unique
  for (const Occurrence& one : report.inventory.packages) {
    const std::string purl = purl_of(report, one);
    if (one.removed_in != 0 || !told.insert(purl).second) continue;
    w.key(purl).begin_object().member("package_url", purl).member("relationship", "direct").member("scope", "runtime").end_object();
  }
  w.end_object().end_object();
}

Result<> render_snapshot(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  w.begin_object().member("version", std::int64_t{0});  // of the form, as the API wants it
  if (!view.source.job.empty()) {
    w.key("job").begin_object().member("id", text::clean(view.source.job, 200)).member("correlator", text::clean(view.source.correlator, 300)).end_object();
  }
  optional(w, "sha", view.source.commit);
  optional(w, "ref", view.source.ref);
  const std::string version = document.reports.empty() ? std::string() : document.reports.front().tool_version;
  w.key("detector").begin_object().member("name", "eclair").member("version", version).member("url", "urn:eclair").end_object();
  if (!document.reports.empty()) w.member("scanned", rfc3339(document.reports.front().generated_at));
  w.key("manifests").begin_object();
  std::set<std::string> told;
  for (const Report& report : document.reports) {
    if (!told.insert(report.image.name).second) continue;
    manifest(w, report);
    ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_object().end_object();
  return out(w.take() + "\n");
}

}  // namespace github_detail

namespace format {
const Format& github_annotations() {
  static constexpr Format kOne = {"github-annotations", "workflow commands that GitHub Actions shows beside a run", &github_detail::render_annotations};
  return kOne;
}
const Format& github_snapshot() {
  static constexpr Format kOne = {"github-snapshot", "packages, for GitHub's dependency submission API", &github_detail::render_snapshot, "github"};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
