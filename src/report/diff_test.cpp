// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/diff.h"

#include <doctest/doctest.h>

#include <string>

#include "support/report_sample.h"
#include "util/json.h"

namespace eclair::report {
namespace diff_test_detail {

/// A week later: libkrb5-3 was upgraded, requests is gone, curl is new with a finding; one severity was raised.
Report later() {
  Report out = test::sample();
  out.inventory.packages[1].package.version = "1.20.1-2+deb12u2";
  out.findings.erase(out.findings.begin());          // CVE-2024-37371
  out.findings.erase(out.findings.begin() + 1);      // GHSA-..., of requests
  out.inventory.packages[3] = test::occurrence("curl", "7.88.1-10", 2);
  out.findings.push_back(test::finding("CVE-2026-0001", 3, Severity::high, "7.88.1-11"));
  out.findings[1].severity = Severity::critical;     // CVE-2024-0553
  return out;
}

}  // namespace diff_test_detail
using diff_test_detail::later;

TEST_CASE("what two reports have and have not in common") {
  const Report before = test::sample(), now = later();
  const Difference d = compare(before, now);
  REQUIRE(d.findings_added.size() == 1);
  CHECK(now.findings[d.findings_added[0]].vulnerability == "CVE-2026-0001");
  REQUIRE(d.findings_removed.size() == 2);
  CHECK(before.findings[d.findings_removed[0]].vulnerability == "CVE-2024-37371");
  REQUIRE(d.findings_changed.size() == 1);
  CHECK(now.findings[d.findings_changed[0].second].vulnerability == "CVE-2024-0553");
  CHECK(d.findings_same == 3);
  REQUIRE(d.packages_changed.size() == 1);
  CHECK(d.packages_changed[0] == Both{1, 1});
  CHECK(d.packages_added == std::vector<std::uint32_t>{3});
  CHECK(d.packages_removed == std::vector<std::uint32_t>{3});
  CHECK(d.packages_same == 2);

  const Difference none = compare(before, before);
  CHECK(none.findings_added.size() + none.findings_removed.size() + none.findings_changed.size() + none.packages_added.size() + none.packages_removed.size() +
            none.packages_changed.size() == 0);
  CHECK(none.findings_same == before.findings.size());
}

TEST_CASE("findings with one id are counted, versions side by side are told apart") {
  Report before = test::sample();
  before.findings.resize(1);
  Report now = before;
  now.findings.push_back(now.findings[0]);
  CHECK(compare(before, now).findings_added == std::vector<std::uint32_t>{1});
  CHECK(compare(now, before).findings_removed == std::vector<std::uint32_t>{1});
  before.inventory.packages = {test::occurrence("linux", "6.1.1", 1), test::occurrence("linux", "6.1.2", 1)};
  now.inventory.packages = {test::occurrence("linux", "6.1.2", 1), test::occurrence("linux", "6.1.3", 2), test::occurrence("linux", "6.1.4", 2)};
  before.findings.clear();
  now.findings.clear();
  const Difference d = compare(before, now);
  CHECK(d.packages_same == 1);
  CHECK(d.packages_changed == std::vector<Both>{{0, 1}});
  CHECK(d.packages_added == std::vector<std::uint32_t>{2});
  // What a later layer removed is not in the image.
  now.inventory.packages[2].removed_in = 3;
  CHECK(compare(before, now).packages_added.empty());
}

TEST_CASE("a difference for people, for Markdown and for programs") {
  const Report before = test::sample();
  Report now = later();
  now.inventory.packages[3].package.name = "cu|rl";
  const Difference d = compare(before, now);
  View view;
  const std::string table = render_diff_table(before, now, d, view);
  CHECK(table.find("Findings: 1 added, 2 removed, 1 changed, 3 the same\n") != std::string::npos);
  CHECK(table.find("\n+  high") != std::string::npos);
  CHECK(table.find("\n-  critical") != std::string::npos);
  CHECK(table.find("~  medium -> critical") != std::string::npos);
  CHECK(table.find("1.20.1-2+deb12u1 -> 1.20.1-2+deb12u2") != std::string::npos);
  const std::string markdown = render_diff_markdown(before, now, d, view);
  CHECK(markdown.find("| + | high | CVE-2026-0001 | cu\\|rl |") != std::string::npos);
  json::Document document;
  const auto root = document.parse(render_diff_json(before, now, d, view));
  REQUIRE(root);
  CHECK((*root)["findings"]["added"].size() == 1);
  CHECK((*root)["findings"]["removed"].size() == 2);
  CHECK((*root)["summary"]["packages"]["changed"].integer() == 1);
  view.severities = {Severity::low};
  CHECK(render_diff_table(before, now, d, view).find("CVE-") == std::string::npos);
  CHECK(with_only(now, d.findings_added).findings.size() == 1);
}

}  // namespace eclair::report
