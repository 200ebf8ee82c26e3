// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/json_parts.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "model/cvss_vector.h"

namespace eclair::report {
namespace json_parts_detail {

/// Optional values are left out, not written empty.
void optional(json::Writer& w, std::string_view name, std::string_view value) {
  if (!value.empty()) w.member(name, value);
}
void optional_time(json::Writer& w, std::string_view name, UnixTime t) {
  if (t != 0) w.member(name, rfc3339(t));
}
std::string day(UnixTime t) { return t == 0 ? std::string() : rfc3339(t).substr(0, 10); }
void strings(json::Writer& w, std::string_view name, const std::vector<std::string>& values) {
  w.key(name).begin_array();
  for (const std::string& one : values) w.string(one);
  w.end_array();
}
std::int64_t number(std::uint64_t n) { return static_cast<std::int64_t>(n); }

void note(json::Writer& w, std::string_view code, std::string_view message, std::string_view path, const Coverage* coverage) {
  w.begin_object().member("code", code).member("message", message);
  optional(w, "path", path);
  if (coverage != nullptr) {
    w.member("packages", number(coverage->packages)).member("incomplete", coverage->incomplete);
  }
  w.end_object();
}

std::string octal(std::uint32_t mode) {
  std::string out;
  for (int shift = 9; shift >= 0; shift -= 3) out += static_cast<char>('0' + ((mode >> shift) & 7));
  return out;
}

/// What is said of a finding of the report's own list; sorted by its index.
void remarks(json::Writer& w, const Report& report, const Finding& finding) {
  // A suppressed finding is no element of that list.
  const Finding* const begin = report.findings.data();
  const Finding* const end = begin + report.findings.size();
  if (report.remarks.empty() || std::less<>{}(&finding, begin) || !std::less<>{}(&finding, end)) return;
  const auto index = static_cast<std::uint32_t>(&finding - begin);
  const auto at = std::lower_bound(report.remarks.begin(), report.remarks.end(), index, [](const Remark& one, std::uint32_t i) { return one.finding < i; });
  if (at == report.remarks.end() || at->finding != index) return;
  w.key("remarks").begin_array();
  for (auto one = at; one != report.remarks.end() && one->finding == index; ++one) write_suppression(w, one->said);
  w.end_array();
}

}  // namespace json_parts_detail

std::string package_key(std::uint32_t index) { return "p" + std::to_string(index + 1); }

void write_preamble(json::Writer& w, const Report& report) {
  w.member("schema", "urn:eclair:schema:report-1").member("schema_version", kSchemaVersion);
  w.key("tool").begin_object().member("name", "eclair").member("version", report.tool_version).end_object();
  w.member("generated_at", rfc3339(report.generated_at));
}

void write_target(json::Writer& w, const Report& report) {
  const Image& image = report.image;
  w.begin_object().member("kind", image.kind).member("name", image.name);
  json_parts_detail::optional(w, "digest", image.digest.text);
  json_parts_detail::optional(w, "config_digest", image.config_digest.text);
  if (!image.platform.os.empty()) w.member("platform", image.platform.text());
  w.member("source", image.source);
  if (image.size > 0) w.member("size", json_parts_detail::number(image.size));
  if (report.base) {
    w.key("base").begin_object();
    json_parts_detail::optional(w, "name", report.base->name);
    json_parts_detail::optional(w, "digest", report.base->digest);
    w.member("layers", std::int64_t{report.base->layers}).member("known_by", report.base->known_by).end_object();
  }
  w.key("distribution");
  if (report.inventory.systems.empty() || !report.inventory.systems[0]) {
    w.null();  // looked for, and there is none that we know
  } else {
    const Os& os = report.inventory.systems[0];
    w.begin_object().member("id", os.id).member("version", os.version);
    json_parts_detail::optional(w, "codename", os.codename);
    json_parts_detail::optional(w, "pretty", os.pretty);
    json_parts_detail::optional(w, "cpe", os.cpe);
    if (report.eol) w.member("eol", report.eol->date).member("past_eol", report.eol->past);
    w.end_object();
  }
  // Root folders within the image, with a distribution of their own.
  if (report.inventory.systems.size() > 1) {
    w.key("systems").begin_array();
    for (std::size_t i = 1; i < report.inventory.systems.size(); ++i) {
      const Os& os = report.inventory.systems[i];
      w.begin_object().member("id", os.id).member("version", os.version);
      json_parts_detail::optional(w, "codename", os.codename);
      json_parts_detail::optional(w, "pretty", os.pretty);
      json_parts_detail::optional(w, "cpe", os.cpe);
      w.end_object();
    }
    w.end_array();
  }
  w.end_object();
}

void write_layer(json::Writer& w, const Report& report, const LayerInfo& layer, bool leave_open) {
  w.begin_object();
  if (!layer.empty) {
    w.member("index", std::int64_t{layer.index});
    if (report.base) w.member("base", in_base(report, layer.index));
    json_parts_detail::optional(w, "digest", layer.digest.text);
    json_parts_detail::optional(w, "diff_id", layer.diff_id.text);
    json_parts_detail::optional(w, "media_type", layer.media_type);
    if (layer.size > 0) w.member("size", json_parts_detail::number(layer.size));
  }
  json_parts_detail::optional(w, "created_by", layer.created_by);
  json_parts_detail::optional(w, "created", layer.created);
  json_parts_detail::optional(w, "not_analysed", layer.not_analysed);
  w.member("empty", layer.empty);
  if (!leave_open) w.end_object();
}

void write_package_version(json::Writer& w, const PackageVersion& package) {
  w.member("name", package.name).member("version", package.version);
  json_parts_detail::optional(w, "arch", package.arch);
  w.member("type", package.type);
  w.key("source").begin_object().member("name", package.source()).member("version", package.source_ver()).end_object();
  json_parts_detail::optional(w, "module", package.module);
  json_parts_detail::optional(w, "vendor", package.vendor);
}

void write_package(json::Writer& w, const Report& report, const Occurrence& one) {
  w.begin_object();
  write_package_version(w, one.package);
  const bool has_os = one.os < report.inventory.systems.size();
  w.member("purl", match::purl(one.package, has_os ? report.inventory.systems[one.os] : Os{}));
  if (one.layer > 0) w.member("layer", std::int64_t{one.layer});
  if (one.removed_in > 0) w.member("removed_in", std::int64_t{one.removed_in});
  if (one.os > 0 && has_os) w.member("system", std::int64_t{one.os});
  json_parts_detail::strings(w, "paths", one.paths);
  if (one.locked) w.member("state", "locked");
  json_parts_detail::optional(w, "owned_by", one.owned_by);
  w.end_object();
}

void write_judgement(json::Writer& w, const Judgement& judgement) {
  w.begin_object().member("feed", judgement.feed);
  json_parts_detail::optional(w, "record", judgement.record);
  w.member("namespace", judgement.name_space).member("package", judgement.package_name);
  w.member("installed", judgement.installed_version).member("scheme", judgement.scheme).member("rule", judgement.rule);
  w.end_object();
}

void write_exploited(json::Writer& w, const Exploited& listed) {
  w.key("known_exploited").begin_object();
  json_parts_detail::optional(w, "added", json_parts_detail::day(listed.added));
  json_parts_detail::optional(w, "due", json_parts_detail::day(listed.due));
  w.member("ransomware", listed.ransomware).end_object();
}

void write_epss(json::Writer& w, const Epss& epss) {
  w.key("epss").begin_object().key("score").number(epss.score);
  if (epss.percentile >= 0) w.key("percentile").number(epss.percentile);
  json_parts_detail::optional(w, "date", json_parts_detail::day(epss.date));
  w.end_object();
}

void write_suppression(json::Writer& w, const Suppression& by) {
  w.begin_object().member("kind", by.kind);
  json_parts_detail::optional(w, "file", by.file);
  if (by.line > 0) w.member("line", std::int64_t{by.line});
  const std::pair<std::string_view, const std::string*> rest[] = {{"rule", &by.rule}, {"status", &by.status}, {"justification", &by.justification},
                                                                  {"reason", &by.reason}, {"owner", &by.owner}, {"ticket", &by.ticket}, {"expires", &by.expires}};
  for (const auto& [key, value] : rest) json_parts_detail::optional(w, key, *value);
  w.end_object();
}

void write_finding(json::Writer& w, const Report& report, const Finding& finding) {
  w.begin_object().member("id", finding.id).member("vulnerability", finding.vulnerability);
  json_parts_detail::strings(w, "aliases", finding.aliases);
  json_parts_detail::strings(w, "references", finding.references);
  w.member("package", package_key(finding.package)).member("severity", name(finding.severity));
  json_parts_detail::optional(w, "severity_source", finding.severity_source);
  w.member("status", name(finding.status)).key("fixed_in");
  if (finding.fixed_in.empty()) {
    w.null();
  } else {
    w.string(finding.fixed_in);
  }
  w.key("cvss").begin_array();
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    w.begin_object().member("version", one.version).member("vector", one.vector);
    if (one.score >= 0) w.key("score").number(one.score);
    json_parts_detail::optional(w, "source", one.source);
    const CvssVector vector = cvss_vector(one.vector);
    if (vector.access) w.member("access_vector", name(*vector.access));
    if (vector.complexity) w.member("access_complexity", name(*vector.complexity));
    w.end_object();
  }
  w.end_array();
  json_parts_detail::strings(w, "cwes", finding.text.cwes);
  json_parts_detail::optional(w, "title", finding.text.title);
  json_parts_detail::optional(w, "description", finding.text.description);
  json_parts_detail::strings(w, "urls", finding.text.urls);
  json_parts_detail::optional_time(w, "published", finding.text.published);
  json_parts_detail::optional_time(w, "modified", finding.text.modified);
  if (finding.text.exploited) write_exploited(w, *finding.text.exploited);
  if (finding.text.epss) write_epss(w, *finding.text.epss);
  if (finding.layer > 0) {
    w.member("layer", std::int64_t{finding.layer});
    if (report.base) w.member("base", in_base(report, finding.layer));
  }
  if (!finding.evidence.empty()) {
    w.key("evidence");
    write_judgement(w, finding.evidence[0]);
  }
  if (finding.evidence.size() > 1) {
    w.key("further_evidence").begin_array();
    for (std::size_t i = 1; i < finding.evidence.size(); ++i) write_judgement(w, finding.evidence[i]);
    w.end_array();
  }
  json_parts_detail::remarks(w, report, finding);
  w.end_object();
}

void write_data(json::Writer& w, const Report& report) {
  w.begin_object();
  json_parts_detail::optional(w, "snapshot", report.snapshot);
  json_parts_detail::optional_time(w, "as_of", data_time(report));
  if (report.reference_time() != report.generated_at) w.member("known_on", rfc3339(report.judged_at));
  w.member("max_age", report.max_age_seconds);
  w.key("feeds").begin_array();
  for (const store::FeedState& feed : report.feeds) {
    w.begin_object().member("name", feed.name).member("snapshot", feed.snapshot).member("fetched_at", rfc3339(feed.fetched_at));
    json_parts_detail::optional_time(w, "published_at", feed.published_at);
    w.member("records", json_parts_detail::number(feed.records)).member("stale", is_stale(feed, report)).end_object();
  }
  w.end_array().end_object();
}

void write_notes(json::Writer& w, const Report& report) {
  // The same thing may be said by the reading of an image and by the judging of its packages: once is enough.
  std::set<std::string> said;
  const auto fresh = [&](const std::string& code, const std::string& path, const std::string& message) {
    return said.insert(code + '\0' + path + '\0' + message).second;
  };
  w.begin_array();
  for (const Coverage& one : report.coverage) {
    if (fresh(one.code, "", one.message)) json_parts_detail::note(w, one.code, one.message, "", &one);
  }
  for (const std::string& one : report.image.notes) {
    if (fresh("image", "", one)) json_parts_detail::note(w, "image", one, "", nullptr);
  }
  for (const Note& one : report.inventory.notes) {
    if (fresh(one.code, one.path, one.message)) json_parts_detail::note(w, one.code, one.message, one.path, nullptr);
  }
  w.end_array();
}

void write_named_file(json::Writer& w, const NamedFileState& file) {
  w.begin_object().member("pattern", file.pattern).member("present", file.present);
  if (file.present) {
    w.member("path", file.file.path).member("size", json_parts_detail::number(file.file.size)).member("mode", json_parts_detail::octal(file.file.mode));
    if (file.layer > 0) w.member("layer", std::int64_t{file.layer});
  }
  w.end_object();
}

}  // namespace eclair::report
