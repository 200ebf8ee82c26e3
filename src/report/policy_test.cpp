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
  const auto results = evaluate(*rules, report, {{"old.json", {"CVE-2024-37371-1"}}});
  if (results.empty() || results[0].passed) return 0;
  return results[0].findings.empty() ? -2 : static_cast<int>(results[0].findings.size());
}

}  // namespace policy_test_detail

TEST_CASE("rules and how many findings of the sample fail them") {
  report::Report report = test::sample();
  report.base = report::BaseImage{"debian:12", "", 2, "option"};
  report.findings[1].text.exploited = Exploited{};
  report.findings[1].text.epss = Epss{0.97, 0.9, 0};
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
      {"id:", -1},
      {"kev", 1}, {"KEV,high", 1}, {"kev,medium,fixable", 0}, {"epss>0.5", 1}, {"epss>=0.97", 1}, {"epss>0.97", 0}, {"epss>=0", 1}, {"cvss>9", 1}, {"cvss>=9.1", 1},
      {"cvss>9.1", 0}, {"high,cvss>=7", 1}, {"own", 1}, {"base", 5}, {"high,own", 1}, {"critical,own", 0}, {"av:network", 1}, {"av:local", 0}, {"ac:low", 1},
      {"ac:high", 0}, {"high,av:Network,ac:low", 1}, {"repo:registry.example.com/shop/*", -2}, {"repo:docker.io/*", 0}, {"high,repo:registry.example.com/**", 3},
      {"file:usr/bin/nc", -2}, {"file:/usr/bin/nc", -2}, {"no-file:usr/bin/nc", 0}, {"file:**/id_rsa", 0}, {"no-file:**/id_rsa", -2}, {"file:etc/none", -2},
      {"critical,file:usr/bin/nc", 1}, {"critical,no-file:usr/bin/nc", 0}, {"new:high@old.json", 2}, {"new:high@old.json,fixable", 1}, {"new:low@gone", 4},
      {"epss", -1}, {"epss>", -1}, {"epss>2", -1}, {"epss>x", -1}, {"epss<0.5", -1}, {"epss>-1", -1}, {"cvss>11", -1}, {"cvss>=9x", -1}, {"cvss>nan", -1}, {"av:", -1}, {"av:web", -1},
      {"ac:none", -1}, {"file:", -1}, {"no-file:/", -1}, {"repo:", -1}, {"new:high", -1}, {"new:@x", -1}, {"new:eol@x", -1}, {"new:hihg@x", -1},
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
      {{"hihg"}, "--fail-on hihg: not a severity, fixable, kev, epss>0.5, cvss>=9, own, base, count:high>5, id:CVE, pkg:NAME, repo:NAME, av:network, ac:low, file:PATH, no-file:PATH, "
                 "new:high@OLD, eol, stale, incomplete or none; did you mean high?"},
      {{"epss>5"}, "--fail-on epss>5: a score is a number between 0 and 1"},
      {{"av:netwrk"}, "--fail-on av:netwrk: not av:network, av:adjacent, av:local or av:physical; did you mean network?"},
      {{"new:high"}, "--fail-on new:high: not like new:high@old-report.json or new:high@IMAGE"},
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

TEST_CASE("a rule of a policy file is told by its name, and what rules need beside the report can be asked of them") {
  report::Report report = test::sample();
  auto rules = parse_rules({"critical", "file:etc/b", "no-file:etc/a,high", "new:high@old.json"});
  REQUIRE(rules);
  (*rules)[0].name = "nothing critical";
  CHECK(failure_line(evaluate(*rules, report)[0], report) == "nothing critical (critical): 1 finding (CVE-2024-37371 libkrb5-3)");
  CHECK(files_of(*rules) == std::vector<std::string>{"etc/a", "etc/b"});
  CHECK(olds_of(*rules) == std::vector<std::string>{"old.json"});
  const auto results = evaluate(*rules, report);
  CHECK(failure_line(results[1], report) == "file:etc/b: etc/b was not looked for");
  CHECK_FALSE(is_reservation((*rules)[1]));
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
