// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "match/match.h"
#include "report/report.h"
#include "util/digest.h"
#include "util/json_writer.h"
#include "util/text.h"

/// OpenVEX 0.2.0: what somebody said of findings, and what is known of the others.  source: openvex/spec, OPENVEX-SPEC.md and its JSON schema
///   set aside, not_affected or fixed   the same, with the justification, else with the reason as impact statement (both are not allowed together)
///   set aside, accepted                affected: accepting a risk removes none. The reason is the action statement
///   a finding                          affected, with what to do; under_investigation where its source says that
/// A statement for each vulnerability and judgement; the product is the image, its packages are the subcomponents.
namespace eclair::report {
namespace openvex_detail {

constexpr std::size_t kPiece = 64;  // statements that are handed out together

struct Said {
  std::string vulnerability, status, justification, impact, action;
  auto operator<=>(const Said&) const = default;
};

/// Packages by the vulnerability and what is said of it.
using Statements = std::map<Said, std::set<std::string>>;

std::string purl_of(const Report& report, const Finding& finding) {
  const Occurrence& one = report.inventory.packages[finding.package];
  return match::purl(one.package, one.os < report.inventory.systems.size() ? report.inventory.systems[one.os] : Os{});
}

std::string reason_of(const Suppression& by) { return by.reason.empty() ? "no reason was given" : by.reason; }

Said said_of(const Suppressed& one) {
  Said out;
  out.vulnerability = one.finding.vulnerability;
  out.status = one.by.status == "not_affected" || one.by.status == "fixed" ? one.by.status : "affected";
  if (out.status == "affected") out.action = "accepted: " + reason_of(one.by);
  if (out.status == "not_affected" && !one.by.justification.empty()) out.justification = one.by.justification;
  else if (out.status == "not_affected") out.impact = reason_of(one.by);
  return out;
}

Said said_of(const Report& report, const Finding& finding) {
  Said out;
  out.vulnerability = finding.vulnerability;
  out.status = finding.status == Status::under_investigation ? "under_investigation" : "affected";
  if (out.status != "affected") return out;
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  switch (finding.status) {
    case Status::will_not_fix: out.action = "the source will not fix it"; break;
    case Status::end_of_life: out.action = "no fix: past its end of life"; break;
    case Status::fix_deferred: out.action = "no fix yet: put off by the source"; break;
    default: out.action = finding.fixed_in.empty() ? "no fix yet" : "upgrade " + std::string(package.source()) + " to " + finding.fixed_in;
  }
  return out;
}

/// What the document calls the image: by its digest where it has one.
std::string product_of(const Report& report) {
  const std::string purl = match::oci_purl(report.image);
  return purl.empty() ? "pkg:generic/" + text::percent_encode(report.image.name.empty() ? "image" : report.image.name) : purl;
}

void write_component(json::Writer& w, const std::string& purl) {
  w.member("@id", purl).key("identifiers").begin_object().member("purl", purl).end_object();
}

void write_statement(json::Writer& w, const Said& said, const std::string& product, const std::set<std::string>& packages) {
  w.begin_object().key("vulnerability").begin_object().member("name", said.vulnerability).end_object();
  w.key("products").begin_array().begin_object();
  write_component(w, product);
  w.key("subcomponents").begin_array();
  for (const std::string& one : packages) {
    w.begin_object();
    write_component(w, one);
    w.end_object();
  }
  w.end_array().end_object().end_array().member("status", said.status);
  if (!said.justification.empty()) w.member("justification", said.justification);
  if (!said.impact.empty()) w.member("impact_statement", said.impact);
  if (!said.action.empty()) w.member("action_statement", said.action);
  w.end_object();
}

Result<> write_statements(json::Writer& w, const Report& report, const View& view, const Sink& out) {
  Statements statements;
  for (const Suppressed& one : report.suppressed) statements[said_of(one)].insert(purl_of(report, one.finding));
  for (const std::uint32_t one : shown_findings(report, view)) {
    statements[said_of(report, report.findings[one])].insert(purl_of(report, report.findings[one]));
  }
  const std::string product = product_of(report);
  std::size_t written = 0;
  for (const auto& [said, packages] : statements) {
    write_statement(w, said, product, packages);
    if (++written % kPiece == 0) ECLAIR_CHECK_OK(out(w.take()));
  }
  return {};
}

/// The same reports give the same id.
std::string id_of(const Document& document) {
  std::string all;
  for (const Report& one : document.reports) {
    all += product_of(one) + '\n' + one.snapshot + '\n' + rfc3339(one.generated_at) + '\n';
    for (const Suppressed& each : one.suppressed) all += each.finding.id + each.by.status + each.by.justification + each.by.reason + '\n';
  }
  return "urn:eclair:vex:" + std::string(sha256(all).hex().substr(0, 32));
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  json::Writer w(view.pretty);
  const UnixTime at = document.reports.empty() ? 0 : document.reports[0].generated_at;
  const std::string version = document.reports.empty() ? "" : document.reports[0].tool_version;
  w.begin_object().member("@context", "https://openvex.dev/ns/v0.2.0").member("@id", id_of(document));
  w.member("author", "eclair").member("timestamp", rfc3339(at)).member("version", std::int64_t{1}).member("tooling", "eclair " + version);
  w.key("statements").begin_array();
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(write_statements(w, report, view, out));
  w.end_array().end_object();
  return out(w.take() + "\n");
}

}  // namespace openvex_detail

namespace format {
const Format& openvex() {
  static constexpr Format kOne = {"openvex", "OpenVEX 0.2.0: what is set aside and why, and what is affected", &openvex_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
