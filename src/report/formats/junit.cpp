// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Findings as the test results that CI servers show: a suite for each target, a case for each finding.
// source: jenkinsci/xunit-plugin junit-10.xsd; aquasecurity/trivy contrib/junit.tpl for the names
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "report/escape.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace junit_detail {

constexpr std::size_t kPiece = 64u << 10;

std::string attribute(std::string_view name, std::string_view cleaned) { return " " + std::string(name) + "=\"" + markup(cleaned) + "\""; }

struct Suite {
  std::uint64_t tests = 0, failures = 0, errors = 0, skipped = 0;
  Suite& operator+=(const Suite& o) {
    tests += o.tests;
    failures += o.failures;
    errors += o.errors;
    skipped += o.skipped;
    return *this;
  }
};

std::string counts(const Suite& suite) {
  return attribute("tests", std::to_string(suite.tests)) + attribute("failures", std::to_string(suite.failures)) +
         attribute("errors", std::to_string(suite.errors));
}

/// Which findings are failures: those of rules that failed; without any rule, all.
struct Failing {
  explicit Failing(const Report& report) : all(report.policy.empty()) {
    for (const RuleResult& rule : report.policy) {
      if (!rule.passed) findings.insert(rule.findings.begin(), rule.findings.end());
    }
  }
  bool has(const Report& report, const Told& told) const {
    if (told.by != nullptr) return false;
    return all || findings.count(static_cast<std::uint32_t>(told.finding - report.findings.data())) > 0;
  }
  bool all;
  std::set<std::uint32_t> findings;
};

std::string upper(Severity severity) {
  std::string out(name(severity));
  for (char& c : out) c = static_cast<char>(c - 32);
  return out;
}

std::string suppressed_words(const Suppression& by) {
  std::string out = "suppressed: " + by.status;
  if (!by.reason.empty()) out += ": " + by.reason;
  if (!by.expires.empty()) out += " (until " + by.expires + ")";
  return text::clean(out, 1000);
}

std::string test_case(const Report& report, const Told& told, bool fails) {
  const Finding& finding = *told.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  const std::string package = text::clean(occurrence.package.name, 200);
  std::string out = "    <testcase" + attribute("classname", package + "-" + text::clean(occurrence.package.version, 200)) +
                    attribute("name", "[" + upper(finding.severity) + "] " + text::clean(finding.vulnerability, 80)) + attribute("time", "0") + ">\n";
  const std::string title = title_of(finding);
  if (told.by != nullptr) {
    out += "      <skipped" + attribute("message", suppressed_words(*told.by)) + "/>\n";
  } else if (!fails) {
    out += "      <skipped" + attribute("message", "does not fail the policy; " + fix_state(finding)) + "/>\n";
  } else {
    out += "      <failure" + attribute("message", title.empty() ? text::clean(finding.vulnerability, 80) + " in " + package : title) +
           attribute("type", "description") + ">";
    out += markup(advice(report, finding));
    if (finding.layer > 0) {
      out += "\nLayer " + std::to_string(finding.layer);
      const std::string_view origin = origin_of(report, finding.layer);
      if (!origin.empty()) out += " (" + std::string(origin) + ")";
      const std::string command = command_of(report, finding.layer);
      if (!command.empty()) out += ": " + markup(command);
    }
    out += "\n" + markup(link_of(finding));
    const std::string description = description_of(finding, 2000);
    if (!description.empty() && description != title) out += "\n" + markup(description);
    out += "</failure>\n";
  }
  return out + "    </testcase>\n";
}

std::string plain_case(std::string_view name, std::string_view inner) {
  return "    <testcase" + attribute("classname", "eclair") + attribute("name", name) + attribute("time", "0") +
         (inner.empty() ? "/>\n" : ">\n" + std::string(inner) + "    </testcase>\n");
}

/// Rules about the report as a whole that failed: eol, stale, incomplete.
std::vector<const RuleResult*> failed_reservations(const Report& report) {
  std::vector<const RuleResult*> out;
  for (const RuleResult& rule : report.policy) {
    if (!rule.passed && rule.findings.empty()) out.push_back(&rule);
  }
  return out;
}

Suite count(const Report& report, const std::vector<Told>& all, const Failing& failing) {
  Suite out;
  for (const Told& told : all) {
    ++out.tests;
    ++(failing.has(report, told) ? out.failures : out.skipped);
  }
  const auto reservations = failed_reservations(report).size();
  out.tests += reservations;
  out.failures += reservations;
  if (out.tests == 0) out.tests = 1;  // "no findings": a viewer that shows nothing leaves people in doubt
  return out;
}

std::string property(std::string_view name, const std::string& value) {
  return value.empty() ? "" : "      <property" + attribute("name", name) + attribute("value", text::clean(value)) + "/>\n";
}

Result<> suite(const Report& report, const View& view, std::size_t id, std::string& text, const Sink& out) {
  const std::vector<Told> all = told_findings(report, view);
  const Failing failing(report);
  const Suite counted = count(report, all, failing);
  text += "  <testsuite" + attribute("name", text::clean(report.image.name, 300)) + attribute("id", std::to_string(id)) + counts(counted) +
          attribute("skipped", std::to_string(counted.skipped)) + attribute("time", "0") + attribute("timestamp", rfc3339(report.generated_at).substr(0, 19)) +
          ">\n    <properties>\n" + property("tool", "eclair " + report.tool_version) + property("digest", report.image.digest.text) +
          property("snapshot", report.snapshot) + "    </properties>\n";
  for (const Told& told : all) {
    text += test_case(report, told, failing.has(report, told));
    if (text.size() >= kPiece) ECLAIR_CHECK_OK(out(std::exchange(text, {})));
  }
  const auto reservations = failed_reservations(report);
  for (const RuleResult* const rule : reservations) {
    text += plain_case("policy " + text::clean(rule->rule, 200),
                       "      <failure" + attribute("message", text::clean(rule->reason.empty() ? rule->rule : rule->reason, 1000)) + attribute("type", "policy") + "/>\n");
  }
  if (all.empty() && reservations.empty()) text += plain_case("no findings", "");
  text += "  </testsuite>\n";
  return {};
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  Suite total;
  for (const Report& report : document.reports) total += count(report, told_findings(report, view), Failing(report));
  total.tests += document.failures.size();
  total.errors += document.failures.size();
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "eclair") + counts(total) + attribute("time", "0") + ">\n";
  std::size_t id = 0;
  for (const Report& report : document.reports) ECLAIR_CHECK_OK(suite(report, view, id++, text, out));
  for (const Failure& failure : document.failures) {
    text += "  <testsuite" + attribute("name", text::clean(failure.target, 300)) + attribute("id", std::to_string(id++)) +
            counts({1, 0, 1, 0}) + attribute("skipped", "0") + attribute("time", "0") + ">\n" +
            plain_case("scan", "      <error" + attribute("message", text::clean(failure.message, 1000)) + attribute("type", "scan") + "/>\n") + "  </testsuite>\n";
  }
  return out(text + "</testsuites>\n");
}

}  // namespace junit_detail

namespace format {
const Format& junit() {
  static constexpr Format kOne = {"junit", "test results for CI servers (JUnit XML)", &junit_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
