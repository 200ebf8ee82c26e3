// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/read_report.h"

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "report/json_parts.h"
#include "report/saved_part.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::report {
namespace read_report_detail {

constexpr UnixTime kUsualMaxAge = 5 * 86400;  // of reports from before it was written down
constexpr std::uint64_t kMost32 = UINT32_MAX;

std::uint32_t small(const SavedPart& from, std::string_view key) { return static_cast<std::uint32_t>(from.number(key, kMost32)); }

Os read_os(const SavedPart& from) {
  Os out;
  out.id = from.text("id");
  out.version = from.text("version");
  out.codename = from.text("codename");
  out.pretty = from.text("pretty");
  out.cpe = from.text("cpe");
  return out;
}

Platform read_platform(const std::string& text) {
  const auto [os, rest] = text::cut(text, '/');
  const auto [architecture, variant] = text::cut(rest, '/');
  return {std::string(os), std::string(architecture), std::string(variant)};
}

/// From one report's object to a Report.
class Reader {
 public:
  explicit Reader(SavedPart root) : root_(std::move(root)) {}

  Report read() {
    out_.tool_version = root_.part("tool").text("version");
    out_.generated_at = root_.time("generated_at");
    read_data(root_.part("data"));
    read_target(root_.part("target"));
    root_.each("layers", [&](const SavedPart& one) { out_.image.history.push_back(read_layer(one)); });
    root_.each_member("packages", [&](std::string_view key, const SavedPart& one) { add_package(std::string(key), one); });
    root_.each("findings", [&](const SavedPart& one) {
      out_.findings.push_back(read_finding(one));
      const auto index = static_cast<std::uint32_t>(out_.findings.size() - 1);
      by_id_[out_.findings.back().id].push_back(index);
      one.each("remarks", [&](const SavedPart& said) { out_.remarks.push_back({index, read_suppression(said)}); });
    });
    root_.each("suppressed", [&](const SavedPart& one) { out_.suppressed.push_back({read_finding(one.part("finding")), read_suppression(one.part("by"))}); });
    root_.each("files", [&](const SavedPart& one) { out_.inventory.files.push_back(read_file(one)); });
    root_.each("notes", [&](const SavedPart& one) { add_note(one); });
    root_.part("policy").each("rules", [&](const SavedPart& one) { out_.policy.push_back(read_rule(one)); });
    hidden_ = root_.part("summary").number("hidden");
    out_.inventory.had_package_database = !out_.inventory.packages.empty();
    return std::move(out_);
  }
  std::uint64_t hidden() const { return hidden_; }

 private:
  void read_data(const SavedPart& from) {
    out_.snapshot = from.text("snapshot");
    out_.judged_at = from.time("known_on");
    out_.max_age_seconds = from.has("max_age") ? static_cast<UnixTime>(from.number("max_age")) : kUsualMaxAge;
    from.each("feeds", [&](const SavedPart& one) {
      store::FeedState feed;
      feed.name = one.needed_text("name");
      feed.snapshot = one.text("snapshot");
      feed.fetched_at = one.time("fetched_at");
      feed.published_at = one.time("published_at");
      feed.records = one.number("records");
      out_.feeds.push_back(std::move(feed));
    });
  }

  void read_target(const SavedPart& from) {
    Image& image = out_.image;
    image.kind = from.needed_text("kind");
    image.name = from.text("name");
    image.source = from.text("source");
    image.digest = from.digest("digest");
    image.config_digest = from.digest("config_digest");
    image.platform = read_platform(from.text("platform"));
    image.size = from.number("size");
    if (from.has("base")) {
      const SavedPart base = from.part("base");
      out_.base = BaseImage{base.text("name"), base.text("digest"), small(base, "layers"), base.text("known_by")};
    }
    const SavedPart distribution = from.part("distribution");
    out_.inventory.systems.push_back(read_os(distribution));
    if (const std::string date = distribution.text("eol"); !date.empty()) out_.eol = match::EndOfLife{date, distribution.flag("past_eol")};
    from.each("systems", [&](const SavedPart& one) { out_.inventory.systems.push_back(read_os(one)); });
  }

  LayerInfo read_layer(const SavedPart& from) {
    LayerInfo out;
    out.empty = from.flag("empty");
    if (!out.empty) {
      out.index = ++layers_;
      if (small(from, "index") != layers_) from.fault("index", "layers are not counted from 1");
      out.digest = from.digest("digest");
      out.diff_id = from.digest("diff_id");
      out.media_type = from.text("media_type");
      out.size = from.number("size");
    }
    out.created_by = from.text("created_by");
    out.created = from.text("created");
    out.not_analysed = from.text("not_analysed");
    return out;
  }

  void add_package(std::string key, const SavedPart& from) {
    Occurrence out;
    PackageVersion& package = out.package;
    package.type = from.needed_text("type");
    package.name = from.text("name");
    package.version = from.text("version");
    package.arch = from.text("arch");
    const SavedPart source = from.part("source");
    package.source_name = source.text("name");
    package.source_version = source.text("version");
    if (package.source_name == package.name) package.source_name.clear();
    if (package.source_version == package.version) package.source_version.clear();
    package.module = from.text("module");
    package.vendor = from.text("vendor");
    out.layer = small(from, "layer");
    out.removed_in = small(from, "removed_in");
    out.os = small(from, "system");
    if (out.os >= out_.inventory.systems.size()) from.fault("system", "no such system");
    out.paths = from.texts("paths");
    out.locked = from.text("state") == "locked";
    out.owned_by = from.text("owned_by");
    keys_.emplace(std::move(key), static_cast<std::uint32_t>(out_.inventory.packages.size()));
    out_.inventory.packages.push_back(std::move(out));
  }

  Judgement read_judgement(const SavedPart& from) const {
    Judgement out;
    out.feed = from.text("feed");
    out.record = from.text("record");
    out.name_space = from.text("namespace");
    out.package_name = from.text("package");
    out.installed_version = from.text("installed");
    out.scheme = from.text("scheme");
    out.rule = from.text("rule");
    return out;
  }

  VulnerabilityText read_text(const SavedPart& from) const {
    VulnerabilityText out;
    out.title = from.text("title");
    out.description = from.text("description");
    out.urls = from.texts("urls");
    out.cwes = from.texts("cwes");
    out.published = from.time("published");
    out.modified = from.time("modified");
    from.each("cvss", [&](const SavedPart& one) {
      VulnerabilityText::Cvss cvss;
      cvss.version = one.text("version");
      cvss.vector = one.text("vector");
      cvss.score = one.real("score", 10, -1);
      cvss.source = one.text("source");
      out.cvss.push_back(std::move(cvss));
    });
    if (from.has("known_exploited")) {
      const SavedPart listed = from.part("known_exploited");
      out.exploited = Exploited{listed.time("added"), listed.time("due"), listed.flag("ransomware")};
    }
    if (from.has("epss")) {
      const SavedPart epss = from.part("epss");
      out.epss = Epss{epss.real("score", 1, 0), epss.real("percentile", 1, -1), epss.time("date")};
    }
    return out;
  }

  Finding read_finding(const SavedPart& from) const {
    Finding out;
    out.id = from.needed_text("id");
    out.vulnerability = from.needed_text("vulnerability");
    out.aliases = from.texts("aliases");
    out.references = from.texts("references");
    const auto package = keys_.find(from.text("package"));
    if (package == keys_.end()) {
      from.fault("package", "no such package");
    } else {
      out.package = package->second;
    }
    if (!parse(from.text("severity"), out.severity)) from.fault("severity", "not a severity");
    out.severity_source = from.text("severity_source");
    if (!parse(from.text("status"), out.status)) from.fault("status", "not a status");
    out.fixed_in = from.text("fixed_in");
    out.layer = small(from, "layer");
    out.text = read_text(from);
    out.text.id = out.vulnerability;
    if (from.has("evidence")) out.evidence.push_back(read_judgement(from.part("evidence")));
    from.each("further_evidence", [&](const SavedPart& one) { out.evidence.push_back(read_judgement(one)); });
    return out;
  }

  static Suppression read_suppression(const SavedPart& from) {
    Suppression out;
    out.kind = from.text("kind");
    out.file = from.text("file");
    out.line = small(from, "line");
    out.rule = from.text("rule");
    out.status = from.text("status");
    out.justification = from.text("justification");
    out.reason = from.text("reason");
    out.owner = from.text("owner");
    out.ticket = from.text("ticket");
    out.expires = from.text("expires");
    return out;
  }

  static NamedFileState read_file(const SavedPart& from) {
    NamedFileState out;
    out.pattern = from.text("pattern");
    out.present = from.flag("present");
    out.file.path = from.text("path");
    out.file.size = from.number("size");
    out.layer = small(from, "layer");
    for (const char c : from.text("mode")) {
      if (c < '0' || c > '7') from.fault("mode", "not octal");
      out.file.mode = ((out.file.mode << 3) | static_cast<std::uint32_t>(c & 7)) & 07777;
    }
    return out;
  }

  void add_note(const SavedPart& from) {
    const std::string code = from.needed_text("code");
    const std::string message = from.text("message");
    if (from.has("packages")) {
      out_.coverage.push_back({code, message, small(from, "packages"), from.flag("incomplete")});
    } else if (code == "image") {
      out_.image.notes.push_back(message);
    } else {
      out_.inventory.notes.push_back({code, from.text("path"), message});
    }
  }

  RuleResult read_rule(const SavedPart& from) {
    RuleResult out;
    out.rule = from.text("rule");
    out.name = from.text("name");
    out.place = from.text("place");
    out.passed = from.flag("passed");
    out.reason = from.text("reason");
    std::map<std::string, std::size_t> taken;  // of findings with one id, the next is meant each time
    for (const std::string& id : from.texts("findings")) {
      const auto of = by_id_.find(id);
      // One that was left out is counted by the rule alone.
      if (of == by_id_.end()) continue;
      out.findings.push_back(of->second[std::min(taken[id]++, of->second.size() - 1)]);
    }
    return out;
  }

  SavedPart root_;
  Report out_;
  std::uint64_t hidden_ = 0;
  std::uint32_t layers_ = 0;
  std::unordered_map<std::string, std::uint32_t> keys_;                  ///< of packages
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_id_;    ///< of findings
};

/// What a document is that is no report of ours; "" = unknown.
std::string_view kind_of_other(json::Value root) {
  if (root["SchemaVersion"] && (root["Results"] || root["ArtifactName"])) return "a Trivy report";
  if (root["matches"].is_array() && root["descriptor"]) return "a Grype report";
  if (root["artifacts"].is_array() && root["descriptor"]) return "an SBOM of Syft";
  if (root["bomFormat"].string() == "CycloneDX") return "a CycloneDX document";
  if (root["spdxVersion"]) return "an SPDX document";
  if (root["runs"].is_array()) return "a SARIF log";
  return {};
}

Result<> check_kind(json::Value root) {
  const std::string_view version = root["schema_version"].string();
  if (!version.empty() && (root["findings"] || root["targets"])) {
    if (version.starts_with("1.")) return {};
    return fail(Errc::unsupported, "report of schema version " + text::clean(version, 20) + ", this program reads 1");
  }
  const std::string_view other = kind_of_other(root);
  const std::string what = other.empty() ? "not a report" : std::string(other) + ", not a report of eclair";
  return fail(Error{Errc::invalid_input, what, "eclair scan IMAGE -f json=report.json writes one"});
}

Result<> add_report(json::Value root, std::string place, SavedReports& to) {
  std::string fault;
  if (!root["packages"]) {
    return fail(Error{Errc::unsupported, (place.empty() ? "" : place + ": ") + "packages were left out of this report", "write it without --no-packages"});
  }
  Reader reader(SavedPart(root, std::move(place), fault));
  Report report = reader.read();
  if (!fault.empty()) return fail(Errc::invalid_input, std::move(fault));
  to.hidden += reader.hidden();
  to.document.reports.push_back(std::move(report));
  return {};
}

Result<> add_document(std::string_view text, SavedReports& to) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(text));
  ECLAIR_CHECK_OK(check_kind(root));
  if (!root["targets"]) return add_report(root, {}, to);
  Result<> done;
  std::size_t at = 0;
  root["targets"].each([&](json::Value one) {
    done = add_report(one, "targets[" + std::to_string(at++) + "]", to);
    return done.has_value();
  });
  if (!done) return done;
  std::string fault;
  SavedPart(root, {}, fault).each("failures", [&](const SavedPart& one) { to.document.failures.push_back({one.text("target"), one.text("error")}); });
  if (!fault.empty()) return fail(Errc::invalid_input, std::move(fault));
  return {};
}

/// Whether a text is a document a line, and not one document.
bool is_lines(std::string_view text) {
  const std::size_t end = text.find('\n');
  return end != std::string_view::npos && end > 1 && text[0] == '{' && text::trim(text.substr(0, end)).ends_with('}') && !text::trim(text.substr(end)).empty();
}

}  // namespace read_report_detail
using namespace read_report_detail;

Result<SavedReports> read_reports(std::string_view text) {
  if (text.size() > kMostSavedBytes) return fail(Errc::limit, "more than " + std::to_string(kMostSavedBytes >> 20) + " MiB");
  SavedReports out;
  if (!is_lines(text)) {
    ECLAIR_CHECK_OK(add_document(text, out));
    return out;
  }
  std::size_t number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    if (text::trim(line).empty()) continue;
    auto done = add_document(line, out);
    if (!done) return fail(std::move(done).error().within("line " + std::to_string(number)));
  }
  return out;
}

}  // namespace eclair::report
