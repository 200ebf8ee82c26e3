// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/read_report.h"

#include <doctest/doctest.h>

#include <string>

#include "support/report_sample.h"

namespace eclair::report {
namespace read_report_test_detail {

/// A report with everything that the JSON tells.
Report full() {
  Report out = test::sample();
  out.max_age_seconds = 86400;
  out.judged_at = out.generated_at - 86400;
  out.feeds[0].published_at = out.generated_at - 3 * 86400;
  out.base = BaseImage{"debian:12-slim", "sha256:" + std::string(64, '7'), 1, "label"};
  out.coverage = {test::coverage("stale", "6 days old", 3, true)};
  out.image.notes = {"picked linux/amd64"};
  out.inventory.notes = {{"unreadable", "var/lib/rpm", "cannot be read"}};
  out.image.history[0].not_analysed = "foreign layer";
  out.inventory.systems.push_back({.id = "alpine", .version = "3.19.1", .codename = {}, .id_like = {}, .cpe = {}, .pretty = "Alpine Linux v3.19"});
  out.inventory.packages[0].removed_in = 3;
  out.inventory.packages[1].os = 1;
  out.inventory.packages[3].locked = true;
  out.inventory.packages[3].owned_by = "python3-requests";
  out.findings[1].text.exploited = Exploited{1'700'000'000 / 86400 * 86400, 0, true};
  out.findings[1].text.epss = Epss{0.5, 0.901, 1'787'000'000 / 86400 * 86400};
  out.findings[1].evidence.push_back({"osv", "debian:12", "DEBIAN-CVE-2023-45853", "zlib", "1", "dpkg", "says so too"});
  out.suppressed = {{test::finding("CVE-2020-1", 2, Severity::low, ""),
                     {"ignore", ".eclairignore.yaml", 3, "CVE-2020-1", "not_affected", "vulnerable_code_not_present", "not built", "me", "T-1", "2026-12-31"}}};
  out.policy = {{"high,fixable", false, {0, 2}, "", "grave", "policy.yaml:4"}, {"eol", true, {}, ""}};
  return out;
}

std::string json_of(const Document& document) { return test::rendered("json", document); }
std::string json_of(const Report& report) { return json_of(Document{{report}, {}}); }

std::string error_of(std::string_view text) {
  const auto read = read_reports(text);
  return read ? "" : read.error().text;
}
std::string with(std::string_view from, std::string_view to) {
  std::string text = json_of(full());
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace read_report_test_detail
using namespace read_report_test_detail;

TEST_CASE("a report that was written as JSON is read, and written as the same bytes again") {
  const std::string text = json_of(full());
  const auto read = read_reports(text);
  REQUIRE_MESSAGE(read, read.error().text);
  REQUIRE(read->document.reports.size() == 1);
  CHECK(json_of(read->document) == text);
  CHECK(read->hidden == 0);
  const Report& report = read->document.reports[0];
  CHECK(report.base == full().base);
  CHECK(report.findings[0].package == 1);
  CHECK(report.inventory.packages[1].package.source() == "krb5");
  CHECK(report.policy[0].findings == std::vector<std::uint32_t>{0, 2});
  // Every format is what it is of the report itself.
  for (const Format* const format : formats()) {
    CAPTURE(format->id);
    CHECK(test::rendered(format->id, read->document) == test::rendered(format->id, Document{{full()}, {}}));
  }
}

TEST_CASE("several targets, with failures, and a report a line") {
  Document several{{full(), test::sample()}, {{"gone:1", "image not found"}}};
  const std::string text = json_of(several);
  const auto read = read_reports(text);
  REQUIRE_MESSAGE(read, read.error().text);
  CHECK(json_of(read->document) == text);
  const std::string lines = R"({"schema_version":"1.0","target":{"kind":"image"},"packages":{},"findings":[]})" "\n";
  const auto two = read_reports(lines + lines + "\n");
  REQUIRE_MESSAGE(two, two.error().text);
  CHECK(two->document.reports.size() == 2);
  CHECK(error_of(lines + "{}\n").starts_with("line 2: not a report"));
}

TEST_CASE("what was left out of a report is counted") {
  View view;
  view.severities = {Severity::critical};
  const auto read = read_reports(test::rendered("json", Document{{full()}, {}}, view));
  REQUIRE(read);
  CHECK(read->hidden == 5);
  CHECK(read->document.reports[0].findings.size() == 1);
  CHECK(read->document.reports[0].policy[0].findings == std::vector<std::uint32_t>{0});
}

TEST_CASE("what is no report is named, and what is wrong in one") {
  CHECK(error_of("").starts_with("json: "));
  CHECK(error_of("{}") == "not a report");
  CHECK(error_of("[]") == "not a report");
  CHECK(error_of(R"({"SchemaVersion":2,"ArtifactName":"x","Results":[]})") == "a Trivy report, not a report of eclair");
  CHECK(error_of(R"({"matches":[],"descriptor":{}})") == "a Grype report, not a report of eclair");
  CHECK(error_of(R"({"bomFormat":"CycloneDX"})") == "a CycloneDX document, not a report of eclair");
  CHECK(error_of(R"({"schema_version":"2.0","findings":[]})") == "report of schema version 2.0, this program reads 1");
  CHECK(error_of(R"({"schema_version":"1.0","findings":[]})") == "packages were left out of this report");
  CHECK(error_of(with(R"("package": "p4")", R"("package": "p9")")) == "findings[2].package: no such package");
  CHECK(error_of(with(R"("severity": "critical")", R"("severity": 5)")) == "findings[0].severity: not a text");
  CHECK(error_of(with(R"("index": 2)", R"("index": 7)")) == "layers[2].index: layers are not counted from 1");
  CHECK(error_of(with(R"("score": 9.1)", R"("score": -3)")) == "findings[0].cvss[0].score: not a number, or out of bounds");
  CHECK(error_of(with(R"("system": 1)", R"("system": 2)")) == "packages.p2.system: no such system");
  CHECK(error_of(with("2026-08-21T06:00:00Z", "yesterday")).starts_with("generated_at: not a date or time"));
  CHECK(error_of(with(R"("sha256:6c3c624b58db)", R"("sha256:XX)")).starts_with("target.digest: "));
  const std::string whole = json_of(full());
  for (std::size_t n = 0; n + 2 < whole.size(); n += 97) CHECK_FALSE(read_reports(std::string_view(whole).substr(0, n)));
}

}  // namespace eclair::report
