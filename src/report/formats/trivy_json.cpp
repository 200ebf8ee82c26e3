// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// For scripts that read Trivy's JSON: the members of schema version 2 that speak of packages and vulnerabilities. What is not known is left out,
// as there; nothing of secrets, licences and misconfigurations is.  source: aquasecurity/trivy pkg/types/report.go (v0.74)
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::report {
namespace trivy_json_detail {

constexpr std::size_t kPiece = 64;

/// It has no word for what is negligible, and calls Debian's "unimportant" low.
std::string upper(Severity severity) {
  if (severity == Severity::negligible) return "LOW";
  std::string out(name(severity));
  for (char& c : out) c = static_cast<char>(c - 32);
  return out;
}

void optional(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.member(name, value);
}

/// Its name of a language's packages, and of their targets.
std::pair<std::string_view, std::string_view> language_of(std::string_view type) {
  if (type == "pypi") return {"python-pkg", "Python"};
  if (type == "npm") return {"node-pkg", "Node.js"};
  if (type == "gem") return {"gemspec", "Ruby"};
  if (type == "maven") return {"jar", "Java"};
  if (type == "golang") return {"gobinary", ""};
  if (type == "cargo") return {"rustbinary", ""};
  return {type, ""};
}

std::string release_of(const Os& os) { return os.version.empty() ? os.codename : os.version; }

/// A result is a distribution's packages, or those of a language (of Go and Rust: of a file).
struct Group {
  std::string target, type;
  bool language = false;
  std::vector<Told> findings;
};

std::string key_of(const Occurrence& occurrence) {
  if (!is_language_package(occurrence.package)) return "0" + std::to_string(occurrence.os);
  const auto [type, target] = language_of(occurrence.package.type);
  return "1" + std::string(type) + (target.empty() && !occurrence.paths.empty() ? '\0' + occurrence.paths.front() : std::string());
}

std::vector<Group> groups_of(const Report& report, const View& view) {
  std::map<std::string, Group> out;
  for (const Occurrence& one : report.inventory.packages) {
    Group& group = out[key_of(one)];
    if (!group.type.empty()) continue;
    group.language = is_language_package(one.package);
    const Os& os = os_of(report, one);
    if (group.language) {
      const auto [type, target] = language_of(one.package.type);
      group.type = type;
      group.target = !target.empty() ? std::string(target) : one.paths.empty() ? std::string(type) : one.paths.front();
    } else {
      group.type = os ? os.id : one.package.type;
      group.target = report.image.name + (os ? " (" + os.id + " " + release_of(os) + ")" : std::string());
    }
  }
  for (const Told& told : told_findings(report, view)) out[key_of(occurrence_of(report, *told.finding))].findings.push_back(told);
  std::vector<Group> list;
  for (auto& [key, one] : out) list.push_back(std::move(one));
  return list;
}

void write_cvss(json::Writer& w, const Finding& finding) {
  std::map<std::string, std::vector<const VulnerabilityText::Cvss*>> by_source;
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    const bool of_nvd = one.source.empty() || one.source.find("nvd") != std::string::npos;
    by_source[of_nvd ? "nvd" : one.source].push_back(&one);
  }
  if (by_source.empty()) return;
  w.key("CVSS").begin_object();
  for (const auto& [source, all] : by_source) {
    w.key(source).begin_object();
    std::string told;  // one of each version; an object has no member twice
    for (const VulnerabilityText::Cvss* const one : all) {
      const std::string prefix = one->version.substr(0, 1) == "4" ? "V40" : one->version.substr(0, 1) == "2" ? "V2" : "V3";
      if (told.find(prefix) != std::string::npos) continue;
      told += prefix + " ";
      w.member(prefix + "Vector", one->vector);
      if (one->score >= 0) w.key(prefix + "Score").number(one->score);
    }
    w.end_object();
  }
  w.end_object();
}

void write_vulnerability(json::Writer& w, const Report& report, const Finding& finding) {
  const Occurrence& occurrence = occurrence_of(report, finding);
  w.begin_object().member("VulnerabilityID", finding.vulnerability);
  if (!finding.references.empty()) {
    w.key("VendorIDs").begin_array();
    for (const std::string& one : finding.references) w.string(one);
    w.end_array();
  }
  w.member("PkgID", occurrence.package.name + "@" + occurrence.package.version).member("PkgName", occurrence.package.name);
  if (is_language_package(occurrence.package) && !occurrence.paths.empty()) w.member("PkgPath", occurrence.paths.front());
  w.key("PkgIdentifier").begin_object().member("PURL", purl_of(report, occurrence)).end_object();
  w.member("InstalledVersion", occurrence.package.version);
  optional(w, "FixedVersion", finding.fixed_in);
  w.member("Status", name(finding.status));
  if (const LayerInfo* const layer = layer_of(report, finding.layer)) {
    w.key("Layer").begin_object();
    optional(w, "Digest", layer->digest.text);
    optional(w, "DiffID", layer->diff_id.text);
    w.end_object();
  }
  optional(w, "SeveritySource", finding.severity_source);
  w.member("PrimaryURL", link_of(finding));
  if (!finding.evidence.empty()) w.key("DataSource").begin_object().member("ID", finding.evidence.front().feed).end_object();
  optional(w, "Title", finding.text.title);
  optional(w, "Description", finding.text.description);
  w.member("Severity", upper(finding.severity));
  if (!finding.text.cwes.empty()) {
    w.key("CweIDs").begin_array();
    for (const std::string& one : finding.text.cwes) w.string(one);
    w.end_array();
  }
  write_cvss(w, finding);
  if (!finding.text.urls.empty()) {
    w.key("References").begin_array();
    for (const std::string& one : finding.text.urls) w.string(one);
    w.end_array();
  }
  if (finding.text.published != 0) w.member("PublishedDate", rfc3339(finding.text.published));
  if (finding.text.modified != 0) w.member("LastModifiedDate", rfc3339(finding.text.modified));
  w.end_object();
}

void write_suppressed(json::Writer& w, const Report& report, const Told& told) {
  w.begin_object().member("Type", "vulnerability").member("Status", told.by->kind == "vex" ? told.by->status : "ignored");
  w.member("Statement", told.by->reason).member("Source", told.by->file).key("Finding");
  write_vulnerability(w, report, *told.finding);
  w.end_object();
}

Result<> write_results(json::Writer& w, const Report& report, const View& view, const Sink& out) {
  std::size_t n = 0;
  for (const Group& one : groups_of(report, view)) {
    w.begin_object().member("Target", one.target).member("Class", one.language ? "lang-pkgs" : "os-pkgs").member("Type", one.type);
    std::vector<Told> suppressed;
    bool any = false;
    for (const Told& told : one.findings) {
      if (told.by != nullptr) {
        suppressed.push_back(told);
        continue;
      }
      if (!any) w.key("Vulnerabilities").begin_array();
      any = true;
      write_vulnerability(w, report, *told.finding);
      if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
    }
    if (any) w.end_array();
    if (!suppressed.empty()) {
      w.key("ExperimentalModifiedFindings").begin_array();
      for (const Told& told : suppressed) write_suppressed(w, report, told);
      w.end_array();
    }
    w.end_object();
  }
  return {};
}

void write_metadata(json::Writer& w, const Report& report) {
  const Image& image = report.image;
  w.key("Metadata").begin_object();
  if (image.size > 0) w.member("Size", static_cast<std::int64_t>(image.size));
  if (!report.inventory.systems.empty() && report.inventory.systems[0]) {
    const Os& os = report.inventory.systems[0];
    w.key("OS").begin_object().member("Family", os.id).member("Name", release_of(os));
    if (report.eol && report.eol->past) w.member("EOSL", true);
    w.end_object();
  }
  optional(w, "ImageID", image.config_digest.text);
  w.key("DiffIDs").begin_array();
  for (const LayerInfo& layer : image.history) {
    if (!layer.empty && !layer.diff_id.empty()) w.string(layer.diff_id.text);
  }
  w.end_array().key("RepoTags").begin_array();
  if (image.source == "registry" && image.name.find('@') == std::string::npos) w.string(image.name);
  w.end_array().key("RepoDigests").begin_array();
  if (!image.digest.empty()) w.string(repository_of(image.name) + "@" + image.digest.text);
  w.end_array().end_object();
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  w.begin_object().member("SchemaVersion", std::int64_t{2});
  if (!document.reports.empty()) w.member("CreatedAt", rfc3339(document.reports.front().generated_at));
  // Trivy knows one artifact; the results of several stand in one list, each with its image in its target.
  std::string names;
  for (const Report& report : document.reports) names += (names.empty() ? "" : ", ") + report.image.name;
  w.member("ArtifactName", names).member("ArtifactType", document.reports.size() == 1 && document.reports[0].image.kind == "rootfs" ? "filesystem" : "container_image");
  if (document.reports.size() == 1) write_metadata(w, document.reports.front());
  w.key("Results").begin_array();
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(write_results(w, report, view, out));
  w.end_array().end_object();
  return out(w.take() + "\n");
}

}  // namespace trivy_json_detail

namespace format {
const Format& trivy_json() {
  static constexpr Format kOne = {"trivy-json", "for scripts that read Trivy's JSON: vulnerabilities", &trivy_json_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
