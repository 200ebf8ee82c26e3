// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "match/families.h"
#include "match/match.h"
#include "report/bom.h"
#include "report/describe.h"
#include "report/report.h"
#include "util/json_writer.h"
#include "util/text.h"
#include "util/uuid.h"

/// CycloneDX in JSON: the bill of materials with its vulnerabilities, and the vulnerabilities alone as VEX. Only what 1.5 to 1.7 have in common
/// is written, so that the versions differ in their number. sources: bom-1.5, 1.6 and 1.7.schema.json of CycloneDX/specification
namespace eclair::report {
namespace cyclonedx_detail {

constexpr std::size_t kPiece = 64;
constexpr std::string_view kVersions = "1.6 1.5 1.7";
constexpr std::size_t kMostText = 20'000;

std::string_view version_of(const View& view) { return view.format_version.empty() ? "1.6" : std::string_view(view.format_version); }

/// bom-refs of a document, each once: a second one of the same name gets a number.
class Refs {
 public:
  std::string add(std::string ref) {
    const unsigned n = ++uses_[ref];
    std::string out = n == 1 ? ref : ref + "#" + std::to_string(n);
    while (n > 1 && !taken_.insert(out).second) out += "'";
    taken_.insert(out);
    return out;
  }

 private:
  std::map<std::string, unsigned> uses_;
  std::set<std::string> taken_;
};

/// The names of the parts of one report.
struct Names {
  std::string root;
  std::vector<std::string> systems;   // "" = not known, not written
  std::vector<std::string> packages;  // by index; "" = a later layer removed it: a bill says what the image holds
};

Names names_of(const Report& report, Refs& refs) {
  Names out;
  const std::string purl = match::oci_purl(report.image);
  out.root = refs.add(purl.empty() ? "image:" + text::percent_encode(report.image.name, "/:.@") : purl);
  for (const Os& os : report.inventory.systems) {
    const std::string& version = os.version.empty() ? os.codename : os.version;
    out.systems.push_back(!os ? "" : refs.add("os:" + text::percent_encode(os.id) + (version.empty() ? "" : "@" + text::percent_encode(version))));
  }
  out.packages.reserve(report.inventory.packages.size());
  for (const Occurrence& one : report.inventory.packages) out.packages.push_back(one.removed_in > 0 ? "" : refs.add(purl_of(report, one)));
  return out;
}

void member_if(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.member(name, value);
}

void write_properties(json::Writer& w, const Properties& all) {
  if (all.empty()) return;
  w.key("properties").begin_array();
  for (const auto& [name, value] : all) w.begin_object().member("name", name).member("value", value).end_object();
  w.end_array();
}

// ---- components

void write_image(json::Writer& w, const Report& report, const Names& names) {
  const Image& image = report.image;
  w.begin_object().member("bom-ref", names.root).member("type", image.kind == "rootfs" || image.kind == "layer" ? "file" : "container");
  w.member("name", shortened(text::clean(image.name, 4096), 1000));
  member_if(w, "version", image.digest.text);
  member_if(w, "purl", match::oci_purl(image));
  write_properties(w, image_properties(report));
  w.end_object();
}

void write_system(json::Writer& w, const Os& os, const std::string& ref) {
  w.begin_object().member("bom-ref", ref).member("type", "operating-system").member("name", text::clean(os.id, 200));
  member_if(w, "version", text::clean(os.version.empty() ? os.codename : os.version, 200));
  member_if(w, "description", text::clean(os.pretty, 400));
  write_properties(w, system_properties(os));
  w.end_object();
}

void write_package(json::Writer& w, const Report& report, const Occurrence& one, const std::string& ref) {
  w.begin_object().member("bom-ref", ref).member("type", "library");
  std::string name = text::clean(one.package.name, 1000), group;
  const char separator = one.package.type == "maven" ? ':' : '/';
  if (one.package.type == "maven" || one.package.type == "npm" || one.package.type == "composer") {
    if (const std::size_t at = name.find(separator); at != std::string::npos && at > 0) {
      group = name.substr(0, at);
      name.erase(0, at + 1);
    }
  }
  member_if(w, "group", group);
  w.member("name", name);
  member_if(w, "version", shortened(text::clean(one.package.version, 4096), 1000));
  w.member("purl", purl_of(report, one));
  write_properties(w, package_properties(report, one));
  w.end_object();
}

Result<> write_components(json::Writer& w, const Report& report, const Names& names, const Sink& out) {
  for (std::size_t i = 0; i < names.systems.size(); ++i) {
    if (!names.systems[i].empty()) write_system(w, report.inventory.systems[i], names.systems[i]);
  }
  for (std::size_t i = 0; i < names.packages.size(); ++i) {
    if (names.packages[i].empty()) continue;
    write_package(w, report, report.inventory.packages[i], names.packages[i]);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  return {};
}

/// The image holds distributions and what belongs to none; a distribution holds its packages.
void write_dependencies(json::Writer& w, const Report& report, const Names& names) {
  const auto system_of = [&](std::size_t i) -> std::size_t {
    const Occurrence& one = report.inventory.packages[i];
    const bool has = match::is_system_type(one.package.type) && one.os < names.systems.size() && !names.systems[one.os].empty();
    return has ? one.os : names.systems.size();
  };
  for (std::size_t owner = 0; owner <= names.systems.size(); ++owner) {
    const bool root = owner == names.systems.size();
    if (!root && names.systems[owner].empty()) continue;
    w.begin_object().member("ref", root ? names.root : names.systems[owner]).key("dependsOn").begin_array();
    if (root) {
      for (const std::string& one : names.systems) {
        if (!one.empty()) w.string(one);
      }
    }
    for (std::size_t i = 0; i < names.packages.size(); ++i) {
      if (!names.packages[i].empty() && system_of(i) == owner) w.string(names.packages[i]);
    }
    w.end_array().end_object();
  }
}

// ---- vulnerabilities

/// Findings that say the same of several packages.
struct Group {
  std::vector<const Finding*> findings;
  const Suppression* suppression;
};

std::vector<Group> groups_of(const Report& report, const View& view) {
  std::vector<Group> out;
  std::map<std::tuple<std::string, Severity, std::string, std::string>, std::size_t> known;
  const auto add = [&](const Finding& finding, const Suppression* by) {
    if (occurrence_of(report, finding).removed_in > 0) return;
    const std::string how = by == nullptr ? "" : by->kind + '\0' + by->file + '\0' + std::to_string(by->line) + '\0' + by->status + '\0' + by->justification + '\0' + by->reason;
    const auto [at, fresh] = known.try_emplace({finding.vulnerability, finding.severity, finding.severity_source, how}, out.size());
    if (fresh) out.push_back({{}, by});
    out[at->second].findings.push_back(&finding);
  };
  for (const std::uint32_t i : shown_findings(report, view)) add(report.findings[i], nullptr);
  for (const Suppressed& one : report.suppressed) {
    if (shown(report, one.finding, view)) add(one.finding, &one.by);
  }
  return out;
}

std::string_view word_of(Severity severity) { return severity == Severity::negligible ? "info" : name(severity); }

/// FIRST's words for scores; version 2 has no "critical".
std::string_view word_of(double score, std::string_view version) {
  if (score <= 0) return "none";
  if (score < 4) return "low";
  if (score < 7) return "medium";
  return score < 9 || version.starts_with("2") ? "high" : "critical";
}

std::string_view method_of(std::string_view version) {
  if (version.starts_with("2")) return "CVSSv2";
  if (version == "3.0" || version == "3") return "CVSSv3";
  if (version == "3.1") return "CVSSv31";
  return version.starts_with("4") ? "CVSSv4" : "other";
}

void write_source(json::Writer& w, std::string_view name) {
  if (!name.empty()) w.key("source").begin_object().member("name", text::clean(name, 200)).end_object();
}

void write_ratings(json::Writer& w, const Finding& finding) {
  w.key("ratings").begin_array().begin_object();
  write_source(w, finding.severity_source);
  w.member("severity", word_of(finding.severity)).member("method", "other").end_object();
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    w.begin_object();
    write_source(w, one.source);
    if (one.score >= 0) w.key("score").number(one.score);
    if (one.score >= 0) w.member("severity", word_of(one.score, one.version));
    w.member("method", method_of(one.version));
    member_if(w, "vector", text::clean(one.vector, 400));
    w.end_object();
  }
  w.end_array();
}

void write_cwes(json::Writer& w, const Finding& finding) {
  std::set<std::uint64_t> numbers;
  for (const std::string& one : finding.text.cwes) {
    if (one.starts_with("CWE-")) {
      if (const auto n = text::parse_number(std::string_view(one).substr(4)); n && *n > 0 && *n < 1'000'000) numbers.insert(*n);
    }
  }
  if (numbers.empty()) return;
  w.key("cwes").begin_array();
  for (const std::uint64_t n : numbers) w.number(static_cast<std::int64_t>(n));
  w.end_array();
}

std::string_view justification_of(std::string_view openvex) {
  if (openvex == "component_not_present" || openvex == "vulnerable_code_not_present") return "code_not_present";
  if (openvex == "vulnerable_code_not_in_execute_path") return "code_not_reachable";
  if (openvex == "vulnerable_code_cannot_be_controlled_by_adversary") return "requires_environment";
  return openvex == "inline_mitigations_already_exist" ? "protected_by_mitigating_control" : "";
}

/// What somebody said of it; in VEX, where nobody did, that it is to be looked at.
void write_analysis(json::Writer& w, const Suppression* by, bool vex) {
  if (by == nullptr && !vex) return;
  w.key("analysis").begin_object();
  if (by == nullptr) {
    w.member("state", "in_triage").end_object();
    return;
  }
  if (by->status == "not_affected") w.member("state", "not_affected");
  if (by->status == "fixed") w.member("state", "resolved");
  member_if(w, "justification", justification_of(by->justification));
  // A risk that was accepted is none of CycloneDX's states: it is a response.
  if (by->status != "not_affected" && by->status != "fixed") w.key("response").begin_array().string("will_not_fix").end_array();
  std::string detail = text::clean(by->reason, kMostText);
  for (const auto& [what, text] : {std::pair<std::string_view, std::string_view>{"owner", by->owner}, {"ticket", by->ticket}, {"until", by->expires}}) {
    if (!text.empty()) detail += (detail.empty() ? "" : "; ") + std::string(what) + " " + text::clean(text, 400);
  }
  member_if(w, "detail", detail);
  w.end_object();
}

Properties vulnerability_properties(const Finding& finding) {
  Properties out = {{"eclair:status", std::string(name(finding.status))}};
  if (finding.text.epss) {
    char number[32];
    std::snprintf(number, sizeof number, "%.5f", finding.text.epss->score);
    out.emplace_back("eclair:epss:score", number);
    std::snprintf(number, sizeof number, "%.5f", finding.text.epss->percentile);
    if (finding.text.epss->percentile >= 0) out.emplace_back("eclair:epss:percentile", number);
  }
  if (finding.text.exploited) {
    out.emplace_back("eclair:kev", "true");
    if (finding.text.exploited->added != 0) out.emplace_back("eclair:kev:added", rfc3339(finding.text.exploited->added).substr(0, 10));
  }
  return out;
}

void write_vulnerability(json::Writer& w, const Report& report, const Names& names, const Group& group, const std::string& ref, const std::string& link_to, bool vex) {
  const Finding& finding = *group.findings.front();
  w.begin_object().member("bom-ref", ref).member("id", text::clean(finding.vulnerability, 200));
  const std::vector<std::string> links = links_of(finding);
  if (!finding.evidence.empty() || !links.empty()) {
    w.key("source").begin_object();
    if (!finding.evidence.empty()) w.member("name", text::clean(finding.evidence.front().feed, 100));
    if (!links.empty()) w.member("url", links.front());
    w.end_object();
  }
  if (!finding.aliases.empty()) {
    w.key("references").begin_array();
    for (const std::string& alias : finding.aliases) {
      w.begin_object().member("id", text::clean(alias, 200)).key("source").begin_object();
      w.member("name", text::clean(text::cut(alias, '-').first, 100)).end_object().end_object();
    }
    w.end_array();
  }
  write_ratings(w, finding);
  write_cwes(w, finding);
  if (!finding.text.description.empty() || !finding.text.title.empty()) w.member("description", description_of(report, finding, kMostText));
  std::vector<std::string> advice;
  for (const Finding* const one : group.findings) {
    std::string words = advice_of(report, *one);
    if (!words.empty() && std::find(advice.begin(), advice.end(), words) == advice.end()) advice.push_back(std::move(words));
  }
  member_if(w, "recommendation", shortened(text::join(advice, "; "), kMostText));
  if (links.size() > 1) {
    w.key("advisories").begin_array();
    for (std::size_t i = 1; i < links.size(); ++i) w.begin_object().member("url", links[i]).end_object();
    w.end_array();
  }
  if (finding.text.published != 0) w.member("published", rfc3339(finding.text.published));
  if (finding.text.modified != 0) w.member("updated", rfc3339(finding.text.modified));
  write_analysis(w, group.suppression, vex);
  w.key("affects").begin_array();
  for (const Finding* const one : group.findings) {
    const std::string& package = names.packages[one->package];
    const std::string& version = occurrence_of(report, *one).package.version;
    w.begin_object().member("ref", link_to.empty() ? package : link_to + text::percent_encode(package, "-._~:/?@!$&'()*+,;=")).key("versions").begin_array();
    if (!version.empty()) w.begin_object().member("version", shortened(text::clean(version, 4096), 1000)).member("status", "affected").end_object();
    if (!one->fixed_in.empty()) w.begin_object().member("version", shortened(text::clean(one->fixed_in, 4096), 1000)).member("status", "unaffected").end_object();
    w.end_array().end_object();
  }
  w.end_array();
  write_properties(w, vulnerability_properties(finding));
  w.end_object();
}

// ---- the document

std::string serial_of(const Document& document, std::string_view what) {
  if (document.reports.size() == 1) return document_uuid(document.reports.front(), what);
  std::string all(what);
  for (const Report& one : document.reports) all += ' ' + document_uuid(one, what);
  return uuid5(all);
}

void write_metadata(json::Writer& w, const Document& document, const std::vector<Names>& names) {
  w.key("metadata").begin_object();
  UnixTime when = 0;
  for (const Report& one : document.reports) when = std::max(when, one.generated_at);
  if (when != 0) w.member("timestamp", rfc3339(when));
  w.key("tools").begin_object().key("components").begin_array().begin_object();
  w.member("type", "application").member("name", "eclair");
  if (!document.reports.empty()) member_if(w, "version", document.reports.front().tool_version);
  w.end_object().end_array().end_object();
  Properties properties;
  if (document.reports.size() == 1) {
    w.key("component");
    write_image(w, document.reports.front(), names.front());
    properties = document_properties(document.reports.front());
  }
  for (const Failure& one : document.failures) properties.emplace_back("eclair:failure", text::clean(one.target + ": " + one.message, 2000));
  write_properties(w, properties);
  w.end_object();
}

Result<> write(const Document& document, const View& view, const Sink& out, bool vex) {
  Refs refs;
  std::vector<Names> names;
  for (const Report& report : document.reports) names.push_back(names_of(report, refs));
  const std::string bom = serial_of(document, "cyclonedx");
  // In VEX packages are those of the bill that is written from the same image by the same advisories.
  const std::string link_to = vex ? "urn:cdx:" + bom + "/1#" : "";

  json::Writer w(true);
  const std::string version(version_of(view));
  w.begin_object().member("$schema", "http://cyclonedx.org/schema/bom-" + version + ".schema.json").member("bomFormat", "CycloneDX");
  w.member("specVersion", version).member("serialNumber", "urn:uuid:" + (vex ? serial_of(document, "cyclonedx-vex") : bom)).member("version", std::int64_t{1});
  write_metadata(w, document, names);
  if (!vex) {
    w.key("components").begin_array();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names.size() > 1) write_image(w, document.reports[i], names[i]);
      ECLAIR_CHECK_OK(write_components(w, document.reports[i], names[i], out));
    }
    w.end_array().key("dependencies").begin_array();
    for (std::size_t i = 0; i < names.size(); ++i) write_dependencies(w, document.reports[i], names[i]);
    w.end_array();
  }
  const bool judged = std::any_of(document.reports.begin(), document.reports.end(), was_judged);
  if (judged || vex) {
    w.key("vulnerabilities").begin_array();
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::size_t n = 0;
      for (const Group& group : groups_of(document.reports[i], view)) {
        const std::string ref = refs.add("vulnerability:" + text::percent_encode(group.findings.front()->vulnerability, ":"));
        write_vulnerability(w, document.reports[i], names[i], group, ref, link_to, vex);
        if (++n % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
      }
    }
    w.end_array();
  }
  w.end_object();
  return out(w.take() + "\n");
}

Result<> render(const Document& document, const View& view, const Sink& out) { return write(document, view, out, false); }
Result<> render_vex(const Document& document, const View& view, const Sink& out) { return write(document, view, out, true); }

}  // namespace cyclonedx_detail

namespace format {
const Format& cyclonedx() {
  static constexpr Format kOne = {.id = "cyclonedx", .title = "a bill of materials with its vulnerabilities", .render = &cyclonedx_detail::render,
                                  .aliases = "cyclonedx-json", .versions = cyclonedx_detail::kVersions};
  return kOne;
}
const Format& cyclonedx_vex() {
  static constexpr Format kOne = {.id = "cyclonedx-vex", .title = "the vulnerabilities of such a bill alone, with what was said of them", .render = &cyclonedx_detail::render_vex,
                                  .aliases = {}, .versions = cyclonedx_detail::kVersions};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
