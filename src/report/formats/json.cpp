// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report/json_parts.h"
#include "report/report.h"

/// The report for programs: schema/report-1.json, docs/user/report-json.md. Fields are added, never changed, within a major version.
namespace eclair::report {
namespace json_detail {

constexpr std::size_t kPiece = 128;  // packages or findings that are handed out together

Result<> write_packages(json::Writer& w, const Report& report, const Sink& out) {
  w.begin_object();
  for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
    w.key(package_key(i));
    write_package(w, report, report.inventory.packages[i]);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_object();
  return {};
}

Result<> write_findings(json::Writer& w, const Report& report, const View& view, const Sink& out) {
  w.begin_array();
  const std::vector<std::uint32_t> visible = shown_findings(report, view);
  for (std::size_t i = 0; i < visible.size(); ++i) {
    write_finding(w, report, report.findings[visible[i]]);
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array();
  return {};
}

/// All of them, whatever is shown: what is set aside is never out of sight.
Result<> write_suppressed(json::Writer& w, const Report& report, const Sink& out) {
  w.begin_array();
  for (std::size_t i = 0; i < report.suppressed.size(); ++i) {
    w.begin_object().key("finding");
    write_finding(w, report, report.suppressed[i].finding);
    w.key("by");
    write_suppression(w, report.suppressed[i].by);
    w.end_object();
    if (i % kPiece == kPiece - 1) ECLAIR_CHECK_OK(out(w.take()));
  }
  w.end_array();
  return {};
}

void write_summary(json::Writer& w, const Report& report, const View& view) {
  const Counts counts = count(report);
  w.begin_object();
  for (std::size_t i = 0; i < std::size(counts.by_severity); ++i) {
    w.member(name(static_cast<Severity>(i)), static_cast<std::int64_t>(counts.by_severity[i]));
  }
  const auto hidden = std::count_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return !shown(report, f, view); });
  w.member("fixable", static_cast<std::int64_t>(counts.fixable)).member("suppressed", static_cast<std::int64_t>(report.suppressed.size()));
  w.member("hidden", std::int64_t{hidden}).member("packages", static_cast<std::int64_t>(report.inventory.packages.size()));
  w.end_object();
}

void write_policy(json::Writer& w, const Report& report) {
  bool passed = true;
  for (const RuleResult& rule : report.policy) passed = passed && rule.passed;
  w.begin_object().member("passed", passed).key("rules").begin_array();
  for (const RuleResult& rule : report.policy) {
    w.begin_object();
    if (!rule.name.empty()) w.member("name", rule.name);
    if (!rule.place.empty()) w.member("place", rule.place);
    w.member("rule", rule.rule).member("passed", rule.passed);
    if (!rule.reason.empty()) w.member("reason", rule.reason);
    w.key("findings").begin_array();
    for (const std::uint32_t one : rule.findings) w.string(report.findings[one].id);
    w.end_array().end_object();
  }
  w.end_array().end_object();
}

Result<> write_all(json::Writer& w, const Report& report, const View& view, const Sink& out) {
  w.begin_object();
  write_preamble(w, report);
  w.key("data");
  write_data(w, report);
  w.key("target");
  write_target(w, report);
  w.key("layers").begin_array();
  for (const LayerInfo& layer : report.image.history) write_layer(w, report, layer);
  w.end_array();
  if (view.show_packages) {
    w.key("packages");
    ECLAIR_CHECK_OK(write_packages(w, report, out));
  }
  w.key("findings");
  ECLAIR_CHECK_OK(write_findings(w, report, view, out));
  w.key("suppressed");
  ECLAIR_CHECK_OK(write_suppressed(w, report, out));
  w.key("files").begin_array();
  for (const NamedFileState& file : report.inventory.files) write_named_file(w, file);
  w.end_array().key("notes");
  write_notes(w, report);
  w.key("summary");
  write_summary(w, report, view);
  w.key("policy");
  write_policy(w, report);
  w.end_object();
  return {};
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  if (document.reports.size() == 1 && document.failures.empty()) {
    ECLAIR_CHECK_OK(write_all(w, document.reports[0], view, out));
    return out(w.take() + "\n");
  }
  w.begin_object().member("schema_version", kSchemaVersion).key("targets").begin_array();
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(write_all(w, report, view, out));
  w.end_array().key("failures").begin_array();
  for (const Failure& failure : document.failures) {
    w.begin_object().member("target", failure.target).member("error", failure.message).end_object();
  }
  w.end_array().end_object();
  return out(w.take() + "\n");
}

}  // namespace json_detail

Result<> write_report(json::Writer& w, const Report& report, const View& view, const Sink& out) { return json_detail::write_all(w, report, view, out); }

namespace format {
const Format& json() {
  static constexpr Format kOne = {"json", "for programs: schema/report-1.json", &json_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
