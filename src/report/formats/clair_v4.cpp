// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Clair 4's vulnerability report, as GET /matcher/api/v1/vulnerability_report gives it and pipelines keep it.
// source: quay/clair httptransport, quay/claircore vulnerabilityreport.go, package.go, environment.go (2026)
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "match/match.h"
#include "model/clair_names.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::report {
namespace clair_v4_detail {

constexpr std::size_t kPiece = 256;  // packages or vulnerabilities
constexpr std::string_view kCvss =
    "message/vnd.clair.map.vulnerability; enricher=clair.cvss schema=https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema";

/// Ids are numbers of the document.
class Ids {
 public:
  std::string of(const std::string& key) { return std::to_string(ids_.try_emplace(key, ids_.size() + 1).first->second); }

 private:
  std::map<std::string, std::size_t> ids_;
};

ClairDistribution distribution_of(const Os& os) {
  ClairDistribution out = clair_distribution(match::name_space(os));
  if (out.did.empty()) {
    out.did = os.id;
    out.name = os.id;
    out.version = out.version_id = os.version;
    out.version_code_name = os.codename;
    out.pretty_name = os.pretty;
  }
  if (out.did == "alpine" && out.version.empty()) out.version = std::exchange(out.version_id, {});  // as its indexer has it, not its advisories
  return out;
}

void write_distribution(json::Writer& w, const std::string& id, const ClairDistribution& one) {
  w.begin_object().member("id", id).member("did", one.did).member("name", one.name).member("version", one.version);
  w.member("version_code_name", one.version_code_name).member("version_id", one.version_id).member("arch", "").member("cpe", one.cpe);
  w.member("pretty_name", one.pretty_name).end_object();
}

void write_plain_package(json::Writer& w, const std::string& id, std::string_view name, std::string_view version, std::string_view kind) {
  w.begin_object().member("id", id).member("name", name).member("version", version);
  if (!kind.empty()) w.member("kind", kind);
  w.member("normalized_version", "").member("cpe", "").end_object();
}

/// Where it was found, in Clair's form: "var/lib/dpkg/status", "sqlite:usr/lib/sysimage/rpm", "python:usr/lib/python3/dist-packages".
std::string package_db(const Occurrence& occurrence) {
  if (occurrence.paths.empty()) return {};
  const std::string& path = occurrence.paths.front();
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash), file = path.substr(slash + 1);
  const std::string& type = occurrence.package.type;
  if (type == "rpm") return (file == "rpmdb.sqlite" ? "sqlite:" : file == "Packages.db" ? "ndb:" : "bdb:") + folder;
  if (type == "pypi") {
    const std::size_t up = folder.rfind('/');  // of the folder "NAME.dist-info"
    return "python:" + (up == std::string::npos ? folder : folder.substr(0, up));
  }
  if (type == "maven") return "jar:" + path;
  if (type == "golang") return "go:" + path;
  if (type == "gem") return "ruby:" + path;
  if (type == "npm") return "nodejs:" + path;
  return path;
}

/// All addresses, the best first, by single blanks.
std::string links_of(const Finding& finding) {
  std::string out = link_of(finding);
  for (const std::string& url : finding.text.urls) {
    const std::string safe = safe_url(url);
    if (!safe.empty() && (" " + out + " ").find(" " + safe + " ") == std::string::npos) out += " " + safe;
  }
  return out;
}

std::string updater_of(const Finding& finding) {
  if (finding.evidence.empty()) return {};
  const Judgement& why = finding.evidence.front();
  std::string out = clair_updater(why.feed, why.name_space, why.record);
  return out.empty() ? why.feed : out;
}

struct Vulnerability {
  const Finding* finding;
  std::string distribution;  ///< id
};

class OneReport {
 public:
  OneReport(const Report& report, const View& view) : report_(report) {
    for (std::size_t i = 0; i < report.inventory.systems.size(); ++i) {
      if (report.inventory.systems[i]) distributions_.emplace_back(std::to_string(i + 1), distribution_of(report.inventory.systems[i]));
    }
    for (const std::uint32_t i : shown_findings(report, view)) {
      const Finding& finding = report.findings[i];
      const Occurrence& occurrence = occurrence_of(report, finding);
      const std::string about = finding.evidence.empty() ? occurrence.package.name : finding.evidence.front().package_name;
      std::string key = updater_of(finding);
      for (const std::string_view part : {std::string_view(finding.vulnerability), std::string_view(about), std::string_view(finding.fixed_in), name(finding.severity)}) {
        key += '\0';
        key += part;
      }
      const std::string id = vulnerability_ids_.of(key);
      vulnerabilities_.try_emplace(std::stoull(id), Vulnerability{&finding, distribution_id(occurrence)});
      by_package_[finding.package].push_back(id);
    }
  }

  Result<> write(json::Writer& w, const Sink& out) {
    w.begin_object().member("manifest_hash", report_.image.digest.empty() ? report_.image.config_digest.text : report_.image.digest.text);
    ECLAIR_CHECK_OK(packages(w, out));
    w.key("distributions").begin_object();
    for (const auto& [id, one] : distributions_) {
      w.key(id);
      write_distribution(w, id, one);
    }
    w.end_object().key("repository").begin_object();
    for (const auto& [id, name_space] : repositories()) {
      const ClairRepository one = clair_repository(name_space);
      w.key(id).begin_object().member("id", id).member("name", one.name);
      if (!one.key.empty()) w.member("key", one.key);
      if (!one.uri.empty()) w.member("uri", one.uri);
      w.member("cpe", one.cpe).end_object();
    }
    w.end_object();
    ECLAIR_CHECK_OK(environments(w, out));
    ECLAIR_CHECK_OK(vulnerabilities(w, out));
    w.key("package_vulnerabilities").begin_object();
    for (const auto& [package, ids] : by_package_) {
      w.key(std::to_string(package + 1)).begin_array();
      for (const std::string& id : ids) w.string(id);
      w.end_array();
    }
    w.end_object();
    enrichments(w);
    w.end_object();
    return {};
  }

 private:
  std::string distribution_id(const Occurrence& occurrence) const {
    const bool known = !is_language_package(occurrence.package) && os_of(report_, occurrence);
    return known ? std::to_string(occurrence.os + 1) : std::string();
  }

  Result<> packages(json::Writer& w, const Sink& out) {
    Ids sources;
    const std::size_t all = report_.inventory.packages.size();
    w.key("packages").begin_object();
    for (std::size_t i = 0; i < all; ++i) {
      const Occurrence& one = report_.inventory.packages[i];
      const std::string id = std::to_string(i + 1);
      w.key(id).begin_object().member("id", id).member("name", one.package.name).member("version", one.package.version).member("kind", "binary").key("source");
      if (is_language_package(one.package)) {
        write_plain_package(w, "", "", "", "");
      } else {
        const std::string source(one.package.source()), version(one.package.source_ver());
        write_plain_package(w, std::to_string(all + std::stoull(sources.of(source + '\0' + version))), source, version, "source");
      }
      w.member("normalized_version", "");
      if (!one.package.module.empty()) w.member("module", one.package.module);
      if (!one.package.arch.empty()) w.member("arch", one.package.arch);
      w.member("cpe", "").end_object();
      if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
    }
    w.end_object();
    return {};
  }

  /// Those of language ecosystems that Clair has: id → namespace.
  std::map<std::string, std::string> repositories() {
    std::map<std::string, std::string> out;
    for (const Occurrence& one : report_.inventory.packages) {
      const std::string name_space = match::name_space(one.package, os_of(report_, one));
      if (is_language_package(one.package) && !clair_repository(name_space).name.empty()) out[repository_ids_.of(name_space)] = name_space;
    }
    return out;
  }

  Result<> environments(json::Writer& w, const Sink& out) {
    w.key("environments").begin_object();
    for (std::size_t i = 0; i < report_.inventory.packages.size(); ++i) {
      const Occurrence& one = report_.inventory.packages[i];
      const LayerInfo* const layer = layer_of(report_, one.layer);
      w.key(std::to_string(i + 1)).begin_array().begin_object().member("package_db", package_db(one));
      w.member("introduced_in", layer == nullptr ? std::string() : layer->digest.empty() ? layer->diff_id.text : layer->digest.text);
      w.member("distribution_id", distribution_id(one)).key("repository_ids").begin_array();
      const std::string name_space = match::name_space(one.package, os_of(report_, one));
      if (is_language_package(one.package) && !clair_repository(name_space).name.empty()) w.string(repository_ids_.of(name_space));
      w.end_array().end_object().end_array();
      if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
    }
    w.end_object();
    return {};
  }

  Result<> vulnerabilities(json::Writer& w, const Sink& out) {
    w.key("vulnerabilities").begin_object();
    std::size_t n = 0;
    for (const auto& [number, one] : vulnerabilities_) {
      const Finding& finding = *one.finding;
      const Occurrence& occurrence = occurrence_of(report_, finding);
      const std::string id = std::to_string(number);
      w.key(id).begin_object().member("id", id).member("updater", updater_of(finding)).member("name", finding.vulnerability);
      w.member("description", finding.text.description.empty() ? finding.text.title : finding.text.description);
      w.member("issued", finding.text.published == 0 ? "0001-01-01T00:00:00Z" : rfc3339(finding.text.published)).member("links", links_of(finding));
      w.member("severity", capitalised(finding.severity)).member("normalized_severity", capitalised(finding.severity)).key("package");
      const std::string about = finding.evidence.empty() ? occurrence.package.name : finding.evidence.front().package_name;
      write_plain_package(w, "", about, "", about == occurrence.package.source() && about != occurrence.package.name ? "source" : "binary");
      w.key("distribution");
      const auto at = std::find_if(distributions_.begin(), distributions_.end(), [&, &d = one.distribution](const auto& known) { return known.first == d; });
      write_distribution(w, at == distributions_.end() ? "" : at->first, at == distributions_.end() ? ClairDistribution{} : at->second);
      w.key("repository").begin_object().member("cpe", "").end_object().member("fixed_in_version", finding.fixed_in).end_object();
      if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
    }
    w.end_object();
    return {};
  }

  /// CVSS of version 3 by vulnerability. Quay reads the first key and the first element of its list, so there is no other.
  void enrichments(json::Writer& w) const {
    w.key("enrichments").begin_object();
    bool any = false;
    for (const auto& [number, one] : vulnerabilities_) {
      bool first = true;
      for (const VulnerabilityText::Cvss& scoring : one.finding->text.cvss) {
        if (scoring.version.substr(0, 1) != "3" || scoring.score < 0) continue;
        if (!std::exchange(any, true)) w.key(kCvss).begin_array().begin_object();
        if (std::exchange(first, false)) w.key(std::to_string(number)).begin_array();
        w.begin_object().member("version", scoring.version).member("vectorString", scoring.vector).key("baseScore").number(scoring.score);
        w.member("baseSeverity", scoring.score >= 9 ? "CRITICAL" : scoring.score >= 7 ? "HIGH" : scoring.score >= 4 ? "MEDIUM" : scoring.score > 0 ? "LOW" : "NONE").end_object();
      }
      if (!first) w.end_array();
    }
    if (any) w.end_object().end_array();
    w.end_object();
  }

  const Report& report_;
  std::vector<std::pair<std::string, ClairDistribution>> distributions_;  ///< by id
  Ids vulnerability_ids_, repository_ids_;
  std::map<std::uint64_t, Vulnerability> vulnerabilities_;
  std::map<std::uint32_t, std::vector<std::string>> by_package_;
};

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  const bool several = document.reports.size() + document.failures.size() != 1;
  if (several) w.begin_array();
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(OneReport(report, view).write(w, out));
  for (const Failure& failure : document.failures) {
    w.begin_object().member("code", "internal-error").member("message", failure.target + ": " + failure.message).end_object();
  }
  if (several) w.end_array();
  return out(w.take() + "\n");
}

}  // namespace clair_v4_detail

namespace format {
const Format& clair_v4() {
  static constexpr Format kOne = {"clair-v4", "Clair 4: the vulnerability report", &clair_v4_detail::render, "clair"};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
