// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/policy.h"

#include <doctest/doctest.h>

#include "support/report_sample.h"

namespace eclair::report {
namespace policy_test_detail {

/// Findings that fail a rule; -1: the rule was not understood; -2: it failed for a reason that is no finding.
int failing(const std::string& rule, const report::Report& report) {
  const auto rules = parse_rules({rule});
  if (!rules) return -1;
  const auto results = evaluate(*rules, report);
  if (results.empty() || results[0].passed) return 0;
  return results[0].findings.empty() ? -2 : static_cast<int>(results[0].findings.size());
}

}  // namespace policy_test_detail

TEST_CASE("rules and how many findings of the sample fail them") {
  report::Report report = test::sample();
  struct {
    std::string rule;
    int want;
  } const kCases[] = {
      {"critical", 1}, {"high", 3}, {"medium", 4}, {"low", 4}, {"negligible", 5}, {"HIGH", 3}, {"important", 3}, {"unknown", 1}, {"fixable", 3},
      {"high,fixable", 2}, {"high, fixable", 2}, {"fixable,unknown", 0}, {"count:high>2", 3}, {"count:high>3", 0}, {"count:high>=3", 3},
      {"count:high>=4", 0}, {"count:high>1,fixable", 2}, {"count:high>2,fixable", 0}, {"id:CVE-2024-37371", 1}, {"id:cve-2024-37371", 1},
      {"id:GHSA-xxxx", 1}, {"id:CVE-2024-3737", 0}, {"pkg:zlib1g", 1}, {"pkg:zlib", 1}, {"pkg:gnutls28,medium", 1}, {"pkg:zli", 0}, {"none", 0},
      {"eol", 0}, {"stale", 0}, {"incomplete", 0}, {"high,eol", 0},
      {"", -1}, {"hihg", -1}, {"high,", -1}, {"high,none", -1}, {"count:high", -1}, {"count:high>x", -1}, {"count:hihg>1", -1}, {"count:high>=0", -1},
      {"id:", -1}, {"kev", -1}, {"own", -1}, {"base", -1}, {"epss>0.5", -1}, {"cvss>=9", -1}, {"new:high@old.json", -1}, {"av:network", -1},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.rule);
    CHECK(policy_test_detail::failing(one.rule, report) == one.want);
  }
}

TEST_CASE("rules about the report as a whole") {
  report::Report report = test::sample();
  report.coverage = {test::coverage("stale", "6 days old", 3, false)};
  CHECK(policy_test_detail::failing("stale", report) == -2);
  CHECK(policy_test_detail::failing("incomplete", report) == 0);
  CHECK(policy_test_detail::failing("stale,high", report) == 3);
  report.coverage = {test::coverage("no_data", "no data", 3, true)};
  CHECK(policy_test_detail::failing("incomplete", report) == -2);
  CHECK(policy_test_detail::failing("stale", report) == 0);
  report.eol = match::EndOfLife{"2020-01-01", true};
  CHECK(policy_test_detail::failing("eol", report) == -2);
  CHECK(policy_test_detail::failing("eol,incomplete", report) == -2);
  CHECK(policy_test_detail::failing("eol,stale", report) == 0);

  const auto rules = parse_rules({"eol", "high", "high,eol", "stale,incomplete"});
  REQUIRE(rules);
  CHECK(is_reservation((*rules)[0]));
  CHECK_FALSE(is_reservation((*rules)[1]));
  CHECK_FALSE(is_reservation((*rules)[2]));
  CHECK(is_reservation((*rules)[3]));
}

TEST_CASE("rejected rules say what was meant") {
  struct {
    std::vector<std::string> rules;
    std::string want;
  } const kCases[] = {
      {{"hihg"}, "--fail-on hihg: not a severity, fixable, count:high>5, id:CVE, pkg:NAME, eol, stale, incomplete or none; did you mean high?"},
      {{"kev"}, "--fail-on kev: not supported yet"},
      {{"high", "none"}, "--fail-on none: stands alone or not at all"},
      {{"count:high"}, "--fail-on count:high: not like count:high>5"},
  };
  for (const auto& one : kCases) {
    const auto got = parse_rules(one.rules);
    REQUIRE_FALSE(got);
    CHECK(got.error().text == one.want);
  }
}

TEST_CASE("a failure is told in one line") {
  report::Report report = test::sample();
  const auto rules = parse_rules({"high,fixable", "critical", "stale"});
  REQUIRE(rules);
  report.coverage = {test::coverage("stale", "advisories for debian:12 are 6 days old", 3, false)};
  const auto results = evaluate(*rules, report);
  CHECK(failure_line(results[0], report) == "high,fixable: 2 findings (CVE-2024-37371 libkrb5-3, ... 1 more)");
  CHECK(failure_line(results[1], report) == "critical: 1 finding (CVE-2024-37371 libkrb5-3)");
  CHECK(failure_line(results[2], report) == "stale: advisories for debian:12 are 6 days old");
}

TEST_CASE("display filters decide nothing") {
  // evaluate() does not even see a View; this holds the table's own filter apart from it.
  report::Report report = test::sample();
  report::View view;
  view.severities = {Severity::low};
  CHECK_FALSE(report::shown(report, report.findings[0], view));
  CHECK(policy_test_detail::failing("critical", report) == 1);
}

}  // namespace eclair::report
