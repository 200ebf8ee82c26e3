// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// GitLab's two artifacts: container scanning (gl-container-scanning-report.json) and code quality (gl-code-quality-report.json).
// source: gitlab-org/security-products/security-report-schemas v15.2.1, container-scanning-report-format.json; docs.gitlab.com, "Code Quality"
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::report {
namespace gitlab_detail {

constexpr std::size_t kPiece = 64;  // findings
constexpr std::string_view kVersion = "15.2.1";

std::string_view severity_word(Severity severity) {
  switch (severity) {
    case Severity::critical: return "Critical";
    case Severity::high: return "High";
    case Severity::medium: return "Medium";
    case Severity::low: return "Low";
    case Severity::negligible: return "Info";
    case Severity::unknown: break;
  }
  return "Unknown";
}

/// "cve" of "CVE-2024-1": what GitLab groups identifiers by.
std::string kind_of(std::string_view id) {
  std::string out = text::lower(id.substr(0, id.find('-')));
  const bool known = out.size() < id.size() && !out.empty() && std::all_of(out.begin(), out.end(), [](char c) { return text::is_alpha(c); });
  return known ? out : "other";
}

void identifier(json::Writer& w, std::string_view id, const std::string& url) {
  const std::string cleaned = text::clean(id, 200);
  if (cleaned.empty()) return;
  w.begin_object().member("type", kind_of(cleaned)).member("name", cleaned).member("value", cleaned);
  if (!url.empty()) w.member("url", url);
  w.end_object();
}

/// Whether each part of a vector is one of the base, temporal or environmental metrics that the schema names.
bool has_metrics(std::string_view parts, std::string_view metrics) {
  const auto all = text::words(metrics);
  for (const std::string_view part : text::split(parts, '/')) {
    const auto [key, value] = text::cut(part, ':');
    const bool known = std::any_of(all.begin(), all.end(), [&, key = key, value = value](std::string_view one) {
      const auto [name, values] = text::cut(one, '=');
      const auto choices = text::split(values, ',');
      return name == key && std::find(choices.begin(), choices.end(), value) != choices.end();
    });
    if (!known) return false;
  }
  return true;
}

/// Only vectors of version 2 and 3 may be told, and only well-formed ones; one that is not would cost the whole report.
bool may_tell(const VulnerabilityText::Cvss& one) {
  constexpr std::string_view kTwo =
      "AV=N,A,L AC=L,M,H Au=M,S,N C=N,P,C I=N,P,C A=N,P,C E=U,POC,F,H,ND RL=OF,TF,W,U,ND RC=UC,UR,C,ND CDP=N,L,LM,MH,H,ND TD=N,L,M,H,ND "
      "CR=L,M,H,ND IR=L,M,H,ND AR=L,M,H,ND";
  constexpr std::string_view kThree =
      "AV=N,A,L,P AC=L,H PR=N,L,H UI=N,R S=U,C C=N,L,H I=N,L,H A=N,L,H E=X,U,P,F,H RL=X,O,T,W,U RC=X,U,R,C CR=X,L,M,H IR=X,L,M,H AR=X,L,M,H "
      "MAV=X,N,A,L,P MAC=X,L,H MPR=X,N,L,H MUI=X,N,R MS=X,U,C MC=X,N,L,H MI=X,N,L,H MA=X,N,L,H";
  const std::string_view vector = one.vector;
  if (vector.size() > 128) return false;
  if (vector.substr(0, 9) == "CVSS:3.0/" || vector.substr(0, 9) == "CVSS:3.1/") return vector.size() >= 32 && has_metrics(vector.substr(9), kThree);
  return vector.size() >= 16 && has_metrics(vector, kTwo);
}

void vectors(json::Writer& w, const Finding& finding) {
  std::vector<const VulnerabilityText::Cvss*> told;
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    if (told.size() < 10 && may_tell(one)) told.push_back(&one);
  }
  if (told.empty()) return;
  w.key("cvss_vectors").begin_array();
  for (const VulnerabilityText::Cvss* const one : told) {
    const std::string vendor = text::clean(one->source, 200);
    w.begin_object().member("vendor", vendor.empty() ? "unknown" : vendor).member("vector", one->vector).end_object();
  }
  w.end_array();
}

/// among: what tells this image from others of the report; "" = it is alone.
void vulnerability(json::Writer& w, const Report& report, const Told& told, const std::string& among) {
  const Finding& finding = *told.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  const std::string package = text::clean(occurrence.package.name, 200);
  const std::string title = title_of(finding);
  const std::string id = text::clean(finding.vulnerability, 100);
  w.begin_object().member("id", uuid_of(among.empty() ? finding.id : among + '\0' + finding.id));
  w.member("name", text::clean(id + (title.empty() ? " in " + package : ": " + title), 240)).member("severity", severity_word(finding.severity));
  const std::string description = description_of(finding, 64u << 10);
  if (!description.empty()) w.member("description", description);
  w.member("solution", text::clean(advice(report, finding), 1000)).key("identifiers").begin_array();
  identifier(w, finding.vulnerability.empty() ? "unknown" : finding.vulnerability, link_of(finding));
  for (const std::string& alias : finding.aliases) identifier(w, alias, "");
  for (const std::string& cwe : finding.text.cwes) {
    const std::string_view number = std::string_view(cwe).substr(std::min<std::size_t>(4, cwe.size()));
    identifier(w, cwe, text::parse_number(number) ? "https://cwe.mitre.org/data/definitions/" + std::string(number) + ".html" : "");
  }
  w.end_array();
  vectors(w, finding);
  w.key("links").begin_array();
  w.begin_object().member("url", link_of(finding)).end_object();
  for (const std::string& url : finding.text.urls) {
    const std::string safe = safe_url(url);
    if (!safe.empty() && safe.size() > 8 && safe != link_of(finding)) w.begin_object().member("url", safe).end_object();
  }
  w.end_array();
  if (told.by != nullptr) {
    const std::string reason = text::clean(told.by->reason.empty() ? told.by->status : told.by->reason, 1000);
    w.key("flags").begin_array().begin_object().member("type", "flagged-as-likely-false-positive").member("origin", "eclair");
    w.member("description", reason.empty() ? "suppressed" : reason).end_object().end_array();
  }
  w.key("location").begin_object().key("dependency").begin_object().key("package").begin_object().member("name", package).end_object();
  w.member("version", text::clean(occurrence.package.version, 200)).end_object();
  const Os& os = os_of(report, occurrence);
  w.member("operating_system", os ? text::clean(os.id + (os.version.empty() ? "" : " " + os.version), 100) : std::string("Unknown"));
  const std::string image = text::clean(report.image.name, 300);
  w.member("image", image.empty() ? "unknown" : image).end_object();
  w.end_object();
}

void message(json::Writer& w, std::string_view level, const std::string& value) {
  if (!value.empty()) w.begin_object().member("level", level).member("value", value).end_object();
}

/// GitLab wants times of UTC without a zone.
std::string time_of(const Document& document) {
  return document.reports.empty() ? "1970-01-01T00:00:00" : rfc3339(document.reports.front().generated_at).substr(0, 19);
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  const std::string version = document.reports.empty() || document.reports.front().tool_version.empty() ? "0" : document.reports.front().tool_version;
  w.begin_object().member("version", kVersion);
  w.member("schema", "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v" + std::string(kVersion) +
                         "/dist/container-scanning-report-format.json");
  w.key("scan").begin_object();
  for (const char* const part : {"analyzer", "scanner"}) {
    w.key(part).begin_object().member("id", "eclair").member("name", "Eclair").member("version", version);
    w.key("vendor").begin_object().member("name", "The Eclair authors").end_object().end_object();
  }
  w.member("start_time", time_of(document)).member("end_time", time_of(document));
  w.member("status", document.failures.empty() ? "success" : "failure").member("type", "container_scanning").key("messages").begin_array();
  for (const Report& report : document.reports) {
    for (const Coverage& one : report.coverage) message(w, one.incomplete ? "warn" : "info", text::clean(one.message, 1000));
  }
  for (const Failure& failure : document.failures) message(w, "fatal", text::clean(failure.target + ": " + failure.message, 1000));
  w.end_array().end_object().key("vulnerabilities").begin_array();
  std::size_t n = 0;
  std::map<std::string, std::size_t> seen;  // an image may be named twice
  for (const Report& report : document.reports) {
    const std::size_t nth = seen[report.image.name]++;
    const std::string among = document.reports.size() == 1 ? std::string() : report.image.name + (nth == 0 ? std::string() : '\0' + std::to_string(nth));
    for (const Told& told : told_findings(report, view)) {
      vulnerability(w, report, told, among);
      if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
    }
  }
  w.end_array().end_object();
  return out(w.take() + "\n");
}

// ---- code quality

std::string_view quality_word(Severity severity) {
  switch (severity) {
    case Severity::critical: return "blocker";
    case Severity::high: return "critical";
    case Severity::medium: return "major";
    case Severity::low: return "minor";
    case Severity::negligible:
    case Severity::unknown: break;
  }
  return "info";
}

Result<> render_quality(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  w.begin_array();
  std::size_t n = 0;
  for (const Report& report : document.reports) {
    for (const Told& told : told_findings(report, view)) {
      if (told.by != nullptr) continue;  // there is no word for it here
      const Finding& finding = *told.finding;
      const Occurrence& occurrence = occurrence_of(report, finding);
      const std::string id = text::clean(finding.vulnerability, 100);
      const std::string title = title_of(finding);
      const bool has_path = is_language_package(occurrence.package) && !occurrence.paths.empty();
      w.begin_object().member("type", "issue").member("check_name", id);
      w.member("description", id + " in " + text::clean(occurrence.package.name, 200) + " " + text::clean(occurrence.package.version, 200) +
                                  (title.empty() ? "" : ": " + title) + ". " + advice(report, finding));
      w.key("categories").begin_array().string("Security").end_array();
      w.member("severity", quality_word(finding.severity));
      w.member("fingerprint", uuid_of(repository_of(report.image.name) + '\0' + finding.id));
      w.key("location").begin_object();
      w.member("path", has_path ? text::clean(occurrence.paths.front(), 1000) : repository_of(report.image.name));
      w.key("lines").begin_object().member("begin", std::int64_t{1}).end_object().end_object().end_object();
      if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
    }
  }
  w.end_array();
  return out(w.take() + "\n");
}

}  // namespace gitlab_detail

namespace format {
const Format& gitlab() {
  static constexpr Format kOne = {"gitlab", "GitLab's container scanning report 15.2.1", &gitlab_detail::render};
  return kOne;
}
const Format& gitlab_codequality() {
  static constexpr Format kOne = {"gitlab-codequality", "GitLab's code quality report", &gitlab_detail::render_quality};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
