// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/fix.h"

#include <doctest/doctest.h>

#include <string>

#include "support/report_sample.h"
#include "util/json.h"

namespace eclair::report {

TEST_CASE("upgrades are told by the place where they are made, worst first, with what they remove") {
  Report report = test::sample();
  report.base = BaseImage{"debian:12-slim", "", 2, "label"};
  // A second, later fix of libkrb5-3: that version is the one to take.
  report.findings.push_back(test::finding("CVE-2024-9999", 1, Severity::low, "1.20.1-2+deb12u10"));
  report.findings.back().layer = 1;
  report.findings.back().evidence = report.findings[0].evidence;
  const FixPlan plan = plan_fixes(report);
  REQUIRE(plan.steps.size() == 2);
  CHECK_FALSE(plan.steps[0].base);
  CHECK(plan.steps[0].layer == 3);
  REQUIRE(plan.steps[0].upgrades.size() == 1);
  CHECK(plan.steps[0].upgrades[0].to == "2.32.0");
  CHECK(plan.steps[1].base);
  REQUIRE(plan.steps[1].upgrades.size() == 2);
  const Upgrade& krb5 = plan.steps[1].upgrades[0];
  CHECK(krb5.to == "1.20.1-2+deb12u10");  // dpkg's order: u10 is after u2
  CHECK(krb5.counts.total == 2);
  CHECK(krb5.findings == std::vector<std::uint32_t>{0, 6});
  CHECK(plan.steps[1].upgrades[1].to == "3.7.9-2+deb12u2");
  CHECK(plan.steps[1].counts.total == 3);
  CHECK(plan.unfixed.size() == 3);

  View view;
  const std::string table = render_fix_table(report, view);
  CHECK(table.find("7 findings, 4 with a fix\n") != std::string::npos);
  CHECK(table.find("Upgrade in layer 3, made by: RUN step 3\n") != std::string::npos);
  CHECK(table.find("Build on a newer debian:12-slim (layers 1 to 2), one that has\n") != std::string::npos);
  CHECK(table.find("All of them remove 3 findings: 1 critical, 1 medium, 1 low\n") != std::string::npos);
  CHECK(table.find("No version fixes 3 findings: 1 high, 1 unknown, 1 negligible\n") != std::string::npos);
}

TEST_CASE("binary packages of one source are one upgrade; what was removed needs none") {
  Report report = test::crowd(4);
  FixPlan plan = plan_fixes(report);
  REQUIRE(plan.steps.size() == 1);
  REQUIRE(plan.steps[0].upgrades.size() == 1);
  CHECK(plan.steps[0].upgrades[0].packages == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(plan.steps[0].upgrades[0].counts.total == 6);
  for (Occurrence& one : report.inventory.packages) one.removed_in = 2;
  CHECK(plan_fixes(report).steps.empty());
}

TEST_CASE("the JSON of a plan names every finding once") {
  const Report report = test::sample();
  json::Document document;
  const auto root = document.parse(render_fix_json(report, {}));
  REQUIRE(root);
  std::size_t found = (*root)["no_fix"]["findings"].size();
  (*root)["steps"].each([&](json::Value step) {
    step["upgrades"].each([&](json::Value upgrade) {
      found += upgrade["findings"].size();
      return true;
    });
    return true;
  });
  CHECK(found == report.findings.size());
}

TEST_CASE("nothing to fix is said, and what was not judged") {
  Report report = test::sample();
  report.findings.clear();
  report.coverage = {test::coverage("unknown_distribution", "unknown distribution \"foo 3\"", 4, true)};
  const std::string table = render_fix_table(report, {});
  CHECK(table.find("Nothing to fix") != std::string::npos);
  CHECK(table.find("Not judged: unknown distribution") != std::string::npos);
}

}  // namespace eclair::report
