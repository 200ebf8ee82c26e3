// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// For scripts that read Grype's JSON: matches with vulnerability and artifact, source, distribution.
// source: anchore/grype grype/presenter/models (v0.116)
#include <string>
#include <string_view>
#include <utility>

#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::report {
namespace grype_json_detail {

constexpr std::size_t kPiece = 64;

/// Its words of a package's type and language.
std::pair<std::string_view, std::string_view> kind_of(std::string_view type) {
  if (type == "pypi") return {"python", "python"};
  if (type == "npm") return {"npm", "javascript"};
  if (type == "gem") return {"gem", "ruby"};
  if (type == "maven") return {"java-archive", "java"};
  if (type == "golang") return {"go-module", "go"};
  if (type == "cargo") return {"rust-crate", "rust"};
  return {type, ""};
}

std::string_view state_of(const Finding& finding) {
  if (!finding.fixed_in.empty()) return "fixed";
  if (finding.status == Status::will_not_fix) return "wont-fix";
  if (finding.status == Status::affected || finding.status == Status::fix_deferred || finding.status == Status::end_of_life) return "not-fixed";
  return "unknown";
}

std::string name_space(const Report& report, const Finding& finding) {
  const Occurrence& occurrence = occurrence_of(report, finding);
  if (is_language_package(occurrence.package)) {
    const std::string feed = finding.evidence.empty() ? "" : finding.evidence.front().feed;
    return (feed == "osv" ? "github" : feed) + ":language:" + std::string(kind_of(occurrence.package.type).second);
  }
  const Os& os = os_of(report, occurrence);
  return os.id + ":distro:" + os.id + ":" + os.version;
}

void write_vulnerability(json::Writer& w, const Report& report, const Finding& finding) {
  w.begin_object().member("id", finding.vulnerability).member("dataSource", link_of(finding)).member("namespace", name_space(report, finding));
  w.member("severity", capitalised(finding.severity)).key("urls").begin_array();
  for (const std::string& one : finding.text.urls) w.string(one);
  w.end_array();
  const std::string& text = finding.text.description.empty() ? finding.text.title : finding.text.description;
  if (!text.empty()) w.member("description", text);
  w.key("cvss").begin_array();
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    w.begin_object();
    if (!one.source.empty()) w.member("source", one.source);
    w.member("type", "Primary").member("version", one.version).member("vector", one.vector).key("metrics").begin_object();
    if (one.score >= 0) w.key("baseScore").number(one.score);
    w.end_object().key("vendorMetadata").begin_object().end_object().end_object();
  }
  w.end_array();
  if (finding.text.exploited) {
    w.key("knownExploited").begin_array().begin_object().member("cve", finding.vulnerability);
    if (finding.text.exploited->added != 0) w.member("dateAdded", day(finding.text.exploited->added));
    if (finding.text.exploited->due != 0) w.member("dueDate", day(finding.text.exploited->due));
    w.member("knownRansomwareCampaignUse", finding.text.exploited->ransomware ? "Known" : "Unknown").end_object().end_array();
  }
  if (finding.text.epss) {
    w.key("epss").begin_array().begin_object().member("cve", finding.vulnerability).key("epss").number(finding.text.epss->score);
    if (finding.text.epss->percentile >= 0) w.key("percentile").number(finding.text.epss->percentile);
    if (finding.text.epss->date != 0) w.member("date", day(finding.text.epss->date));
    w.end_object().end_array();
  }
  w.key("fix").begin_object().key("versions").begin_array();
  if (!finding.fixed_in.empty()) w.string(finding.fixed_in);
  w.end_array().member("state", state_of(finding)).end_object().key("advisories").begin_array();
  for (const std::string& one : finding.references) w.begin_object().member("id", one).end_object();
  w.end_array().end_object();
}

void write_artifact(json::Writer& w, const Report& report, const Occurrence& occurrence) {
  const auto [type, language] = kind_of(occurrence.package.type);
  const std::string purl = purl_of(report, occurrence);
  w.begin_object().member("id", uuid_of(purl + (occurrence.paths.empty() ? std::string() : '\0' + occurrence.paths.front())));
  w.member("name", occurrence.package.name).member("version", occurrence.package.version).member("type", type).key("locations").begin_array();
  const LayerInfo* const layer = layer_of(report, occurrence.layer);
  for (const std::string& path : occurrence.paths) {
    w.begin_object().member("path", "/" + path);
    if (layer != nullptr) w.member("layerID", layer->diff_id.empty() ? layer->digest.text : layer->diff_id.text);
    w.end_object();
  }
  w.end_array().member("language", language).key("licenses").begin_array().end_array().key("cpes").begin_array().end_array();
  w.member("purl", purl).key("upstreams").begin_array();
  if (occurrence.package.source() != occurrence.package.name || occurrence.package.source_ver() != occurrence.package.version) {
    w.begin_object().member("name", occurrence.package.source());
    if (occurrence.package.source_ver() != occurrence.package.version) w.member("version", occurrence.package.source_ver());
    w.end_object();
  }
  w.end_array().end_object();
}

void write_match(json::Writer& w, const Report& report, const Told& told) {
  const Finding& finding = *told.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  w.begin_object().key("vulnerability");
  write_vulnerability(w, report, finding);
  w.key("relatedVulnerabilities").begin_array();
  for (const std::string& alias : finding.aliases) w.begin_object().member("id", alias).end_object();
  w.end_array().key("matchDetails").begin_array();
  for (const Judgement& why : finding.evidence) {
    const bool direct = why.package_name == occurrence.package.name;
    w.begin_object().member("type", direct ? "exact-direct-match" : "exact-indirect-match").member("matcher", std::string(kind_of(occurrence.package.type).first) + "-matcher");
    w.key("searchedBy").begin_object().key("package").begin_object().member("name", why.package_name).member("version", why.installed_version).end_object();
    w.member("namespace", name_space(report, finding)).end_object();
    w.key("found").begin_object().member("vulnerabilityID", finding.vulnerability).member("versionConstraint", why.rule).end_object();
    if (!finding.fixed_in.empty()) w.key("fix").begin_object().member("suggestedVersion", finding.fixed_in).end_object();
    w.end_object();
  }
  w.end_array().key("artifact");
  write_artifact(w, report, occurrence);
  if (told.by != nullptr) {
    w.key("appliedIgnoreRules").begin_array().begin_object().member("vulnerability", told.by->rule).member("reason", told.by->reason);
    w.member("namespace", "").end_object().end_array();
  }
  w.end_object();
}

void write_source(json::Writer& w, const Report& report) {
  const Image& image = report.image;
  w.key("source").begin_object().member("type", image.kind == "rootfs" ? "directory" : "image").key("target");
  if (image.kind == "rootfs") {
    w.string(image.name).end_object();
    return;
  }
  w.begin_object().member("userInput", image.name).member("imageID", image.config_digest.text).member("manifestDigest", image.digest.text);
  w.key("tags").begin_array();
  if (image.source == "registry" && image.name.find('@') == std::string::npos) w.string(image.name);
  w.end_array().member("imageSize", static_cast<std::int64_t>(image.size)).key("layers").begin_array();
  for (const LayerInfo& layer : image.history) {
    if (layer.empty) continue;
    w.begin_object().member("mediaType", layer.media_type).member("digest", layer.diff_id.empty() ? layer.digest.text : layer.diff_id.text);
    w.member("size", static_cast<std::int64_t>(layer.size)).end_object();
  }
  w.end_array().key("repoDigests").begin_array();
  if (!image.digest.empty()) w.string(repository_of(image.name) + "@" + image.digest.text);
  w.end_array().member("architecture", image.platform.architecture).member("os", image.platform.os).end_object().end_object();
}

Result<> write_report(json::Writer& w, const Report& report, const View& view, const Sink& out) {
  const std::vector<Told> all = told_findings(report, view);
  w.begin_object().key("matches").begin_array();
  std::size_t n = 0;
  for (const Told& told : all) {
    if (told.by == nullptr) write_match(w, report, told);
    if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array();
  if (view.show_suppressed) {
    w.key("ignoredMatches").begin_array();
    for (const Told& told : all) {
      if (told.by != nullptr) write_match(w, report, told);
    }
    w.end_array();
  }
  write_source(w, report);
  const Os os = report.inventory.systems.empty() ? Os{} : report.inventory.systems[0];
  w.key("distro").begin_object().member("name", os.id).member("version", os.version).key("idLike").begin_array();
  for (const std::string_view one : text::words(os.id_like)) w.string(one);
  w.end_array().end_object();
  w.key("descriptor").begin_object().member("name", "eclair").member("version", report.tool_version).member("timestamp", rfc3339(report.generated_at)).end_object();
  w.end_object();
  return {};
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  const bool several = document.reports.size() != 1;  // Grype knows one; of several there is a list
  if (several) w.begin_array();
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(write_report(w, report, view, out));
  if (several) w.end_array();
  return out(w.take() + "\n");
}

}  // namespace grype_json_detail

namespace format {
const Format& grype_json() {
  static constexpr Format kOne = {"grype-json", "for scripts that read Grype's JSON: matches", &grype_json_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
