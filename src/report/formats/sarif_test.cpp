// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What GitHub's code scanning needs and no schema says. Whether it is SARIF at all, tests/e2e/formats_valid.sh asks the validator of others.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "report/report.h"
#include "support/report_sample.h"
#include "util/json.h"

namespace eclair::report {
namespace sarif_test_detail {

/// The first run, in a document that must outlive it.
struct Parsed {
  explicit Parsed(const Document& reports, const View& view = {}) : text(test::rendered("sarif", reports, view)) {
    auto parsed = document.parse(text);
    REQUIRE(parsed);
    root = *parsed;
    root["runs"].each([&](json::Value run) {
      runs.push_back(run);
      return true;
    });
  }
  std::vector<json::Value> list(json::Value of) const {
    std::vector<json::Value> out;
    of.each([&](json::Value one) {
      out.push_back(one);
      return true;
    });
    return out;
  }
  std::vector<json::Value> rules(std::size_t run = 0) const { return list(runs[run]["tool"]["driver"]["rules"]); }
  std::vector<json::Value> results(std::size_t run = 0) const { return list(runs[run]["results"]); }
  std::string text;
  json::Document document;
  json::Value root;
  std::vector<json::Value> runs;
};

}  // namespace sarif_test_detail
using sarif_test_detail::Parsed;

TEST_CASE("SARIF: a rule a vulnerability and package, worst first, with the number that GitHub takes its severity from") {
  Report report = test::sample();
  report.base = BaseImage{"debian:12-slim", "", 2, "option"};
  report.findings[1].text.exploited = Exploited{};
  report.findings[1].text.cvss = {{"3.1", "V", 9.8, "nvd"}};  // the distribution calls it high
  const Parsed got({{report}, {}});
  REQUIRE(got.runs.size() == 1);
  const auto rules = got.rules();
  REQUIRE(rules.size() == 6);
  CHECK(rules[0]["id"].string() == "CVE-2024-37371-libkrb5-3");
  CHECK(rules[0]["name"].string() == "OsPackageVulnerability");
  CHECK(rules[0]["shortDescription"]["text"].string() == "Kerberos: GSS message token handling");
  CHECK(rules[0]["helpUri"].string() == "https://example.com/CVE-2024-37371");
  CHECK(rules[0]["properties"]["security-severity"].string() == "9.1");
  CHECK(rules[0]["properties"]["precision"].string() == "very-high");
  std::string tags;
  for (const json::Value one : got.list(rules[0]["properties"]["tags"])) tags += std::string(one.string()) + " ";
  CHECK(tags == "vulnerability security CRITICAL fixable base-image ");
  // known exploited comes first among equals; a score that says otherwise than the distribution gives way
  CHECK(rules[1]["id"].string() == "CVE-2023-45853-zlib1g");
  CHECK(rules[1]["properties"]["security-severity"].string() == "8.0");
  CHECK(rules[2]["id"].string() == "GHSA-9wx4-h78v-vm56-requests");
  CHECK(rules[2]["name"].string() == "LanguageSpecificPackageVulnerability");
  CHECK(rules[2]["helpUri"].string() == "https://security-tracker.debian.org/tracker/GHSA-9wx4-h78v-vm56");
  CHECK(rules[3]["defaultConfiguration"]["level"].string() == "warning");
  CHECK(rules[5]["properties"]["security-severity"].string() == "0.0");
}

TEST_CASE("SARIF: where a result is survives a rebuild") {
  Report report = test::sample();
  report.image.source = "registry";
  const Parsed got({{report}, {}});
  const auto results = got.results();
  REQUIRE(results.size() == 6);
  const auto place = [&](std::size_t i) { return got.list(results[i]["locations"])[0]; };
  CHECK(place(0)["physicalLocation"]["artifactLocation"]["uri"].string() == "shop/api");  // no tag, no digest
  CHECK(place(2)["physicalLocation"]["artifactLocation"]["uri"].string() == "app/requests/METADATA");
  CHECK(got.list(place(2)["logicalLocations"])[0]["fullyQualifiedName"].string() ==
        "registry.example.com/shop/api@" + report.image.digest.text + ":/app/requests/METADATA");
  CHECK(results[0]["partialFingerprints"]["primaryLocationLineHash"].string() == report.findings[0].id + ":1");
  CHECK(results[0]["message"]["text"].string() ==
        "libkrb5-3 1.20.1-2+deb12u1 is affected by CVE-2024-37371, severity critical, fixed in 1.20.1-2+deb12u2. Layer: 1 (111111111111).");
  CHECK(got.runs[0]["automationDetails"]["id"].string() == "eclair/shop/api/linux/amd64/20260821T060000Z");
  CHECK(got.list(got.runs[0]["properties"]["repoDigests"])[0].string() == "registry.example.com/shop/api@" + report.image.digest.text);
  CHECK_FALSE(static_cast<bool>(results[0]["suppressions"]));

  report.image.name = "localhost:5000/a b:1";
  CHECK(Parsed({{report}, {}}).text.find("\"uri\": \"a%20b\"") != std::string::npos);
  report.image.name = "/";
  report.image.source = "rootfs";
  CHECK(Parsed({{report}, {}}).text.find("\"uri\": \"image\"") != std::string::npos);
}

TEST_CASE("SARIF: suppressed findings are results that say so; filters hold for both") {
  Report report = test::sample();
  report.suppressed = {{report.findings[0], {.kind = "ignore", .file = ".eclairignore.yaml", .line = 3, .rule = "CVE-2024-37371", .status = "accepted", .reason = "not reachable"}},
                       {report.findings[3], {.kind = "vex", .status = "not_affected", .justification = "vulnerable_code_not_present"}}};
  report.findings.erase(report.findings.begin());
  const Parsed got({{report}, {}});
  const auto results = got.results();
  REQUIRE(results.size() == 7);
  CHECK(got.list(results[0]["suppressions"]).empty());
  CHECK(got.list(results[5]["suppressions"])[0]["justification"].string() == "not reachable");
  CHECK(got.list(results[6]["suppressions"])[0]["justification"].string() == "vulnerable_code_not_present");
  View view;
  view.severities = {Severity::critical};
  CHECK(Parsed({{report}, {}}, view).results().size() == 1);
}

TEST_CASE("SARIF: texts are cut, never broken") {
  Report report = test::sample();
  std::string wide;
  for (int i = 0; i < 700; ++i) wide += "🦀";  // two UTF-16 units each
  report.findings[0].text.description = wide;
  report.findings[0].text.title = "a\nb\x1b[31m";
  report.findings[0].text.urls = {"javascript:alert(1)", "https://example.com/a b", "https://example.com/<x>", "https://example.com/ok"};
  const Parsed got({{report}, {}});
  const auto rule = got.rules()[0];
  CHECK(rule["fullDescription"]["text"].string().size() == 498 * 4 + 3);
  CHECK(rule["shortDescription"]["text"].string() == "a b\\x1b[31m");
  CHECK(rule["helpUri"].string() == "https://example.com/ok");
}

TEST_CASE("SARIF: GitHub's limits cut the least severe, and it is said") {
  Report report = test::sample();
  report.findings.clear();
  for (std::uint32_t i = 0; i < 25'100; ++i) report.findings.push_back(test::finding("CVE-2024-" + std::to_string(100'000 + i), 2, i < 200 ? Severity::low : Severity::high, ""));
  report.findings[500].text.description = std::string(2000, 'x');
  const Document document{{report}, {{"x.tar", "no such file"}}};
  const Parsed got(document);
  CHECK(got.runs[0]["results"].size() == 25'000);
  CHECK(got.rules().size() == 25'000);
  CHECK(got.rules()[300]["fullDescription"]["text"].string().size() == 200);  // or the file would be too large
  CHECK(got.results()[24'999]["level"].string() == "note");
  CHECK(got.results()[24'899]["level"].string() == "error");
  std::string notes;
  for (const json::Value one : got.list(got.list(got.runs[0]["invocations"])[0]["toolExecutionNotifications"])) notes += std::string(one["message"]["text"].string()) + "\n";
  CHECK(notes == "x.tar: no report: no such file.\n"
                 "registry.example.com/shop/api:1.4: 100 of 25100 results are left out, the least severe: GitHub takes 25000 in a run.\n"
                 "20000 results are beyond the 5000 that GitHub shows, the least severe.\n");
  const Format& format = *find_format("sarif");
  REQUIRE((format.left_out != nullptr));
  CHECK(format.left_out(document, {}).size() == 1);
  CHECK(format.left_out({{test::sample()}, {}}, {}).empty());

  const Document many{std::vector<Report>(21, test::sample()), {}};
  CHECK(Parsed(many).runs.size() == 20);
  CHECK(format.left_out(many, {}).size() == 1);
}

TEST_CASE("JSON lines: one report a line, and a line for what has none") {
  const std::string text = test::rendered("jsonl", {{test::sample(), test::sample()}, {{"x.tar", "no such file"}}});
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  REQUIRE(lines.size() == 3);
  json::Document document;
  const auto root = document.parse(lines[1]);
  REQUIRE(root);
  CHECK((*root)["findings"].size() == 6);
  CHECK(lines[2] == "{\"target\":\"x.tar\",\"error\":\"no such file\"}");
}

}  // namespace eclair::report
