// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// CycloneDX and SPDX: what no schema says. Whether they are valid at all, tests/e2e/formats_valid.sh asks the schemas and readers of others.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/report.h"
#include "support/report_sample.h"
#include "util/json.h"

namespace eclair::report {
namespace bom_test_detail {

std::vector<json::Value> list(json::Value of) {
  std::vector<json::Value> out;
  of.each([&](json::Value one) {
    out.push_back(one);
    return true;
  });
  return out;
}

struct Parsed {
  Parsed(std::string_view format, const Document& reports, const View& view = {}) : text(test::rendered(format, reports, view)) {
    auto parsed = document.parse(text);
    REQUIRE(parsed);
    root = *parsed;
  }
  json::Value vulnerability(std::string_view id) const {
    for (const json::Value one : list(root["vulnerabilities"])) {
      if (one["id"].string() == id) return one;
    }
    FAIL("no such vulnerability");
    return root;
  }
  std::string text;
  json::Document document;
  json::Value root;
};

std::string property(json::Value of, std::string_view name) {
  std::string out;
  for (const json::Value one : list(of["properties"])) {
    if (one["name"].string() == name) out += (out.empty() ? "" : " ") + std::string(one["value"].string());
  }
  return out;
}

}  // namespace bom_test_detail
using bom_test_detail::list;
using bom_test_detail::Parsed;
using bom_test_detail::property;

TEST_CASE("CycloneDX: packages with their layer and source, vulnerabilities with who says what") {
  Report report = test::sample();
  report.findings[0].text.cvss.push_back({"4.0", "CVSS:4.0/AV:N", 9.3, "cna"});
  report.findings[0].text.cvss.push_back({"2.0", "AV:N", 10, "nvd"});
  report.findings[0].text.cwes = {"CWE-190", "CWE-x", "NVD-CWE-noinfo", "CWE-190"};
  report.findings[0].text.epss = Epss{0.5, -1, 0};
  const Parsed got("cyclonedx", {{report}, {}});
  CHECK(got.root["specVersion"].string() == "1.6");
  CHECK(got.root["metadata"]["component"]["version"].string() == report.image.digest.text);
  const auto components = list(got.root["components"]);
  REQUIRE(components.size() == 5);
  CHECK(components[0]["type"].string() == "operating-system");
  CHECK(components[0]["name"].string() == "debian");
  CHECK(components[2]["bom-ref"].string() == "pkg:deb/debian/libkrb5-3@1.20.1-2%2Bdeb12u1?arch=amd64&distro=debian-12");
  CHECK(property(components[2], "eclair:source:name") == "krb5");
  CHECK(property(components[2], "eclair:layer:index") == "1");
  CHECK(property(components[2], "eclair:layer:digest") == "sha256:" + std::string(64, '1'));
  CHECK(property(components[4], "eclair:path") == "app/requests/METADATA");
  const json::Value first = got.vulnerability("CVE-2024-37371");
  std::string ratings;
  for (const json::Value one : list(first["ratings"])) ratings += std::string(one["method"].string()) + ":" + std::string(one["severity"].string()) + " ";
  CHECK(ratings == "other:critical CVSSv31:critical CVSSv4:critical CVSSv2:high ");
  CHECK(first["cwes"].size() == 1);
  CHECK(first["recommendation"].string() == "Upgrade libkrb5-3 to 1.20.1-2+deb12u2");
  CHECK(property(first, "eclair:epss:score") == "0.50000");
  CHECK(property(first, "eclair:epss:percentile").empty());
  CHECK(list(got.vulnerability("CVE-2011-3389")["ratings"])[0]["severity"].string() == "info");  // there is no word for negligible
  CHECK_FALSE(static_cast<bool>(first["analysis"]));
  // the image holds the distribution, and what belongs to none
  const auto dependencies = list(got.root["dependencies"]);
  REQUIRE(dependencies.size() == 2);
  CHECK(dependencies[0]["dependsOn"].size() == 3);
  CHECK(list(dependencies[1]["dependsOn"])[1].string() == "pkg:pypi/requests@2.31.0");
}

TEST_CASE("CycloneDX: one severity for two packages is one vulnerability, two are two") {
  Report report = test::sample();
  report.findings = {test::finding("CVE-2024-1", 0, Severity::high, "2"), test::finding("CVE-2024-1", 1, Severity::high, ""), test::finding("CVE-2024-1", 2, Severity::low, "")};
  const Parsed got("cyclonedx", {{report}, {}});
  const auto all = list(got.root["vulnerabilities"]);
  REQUIRE(all.size() == 2);
  CHECK(all[0]["affects"].size() == 2);
  CHECK(all[0]["bom-ref"].string() != all[1]["bom-ref"].string());
  CHECK(list(list(all[0]["affects"])[0]["versions"])[1]["status"].string() == "unaffected");
}

TEST_CASE("CycloneDX: serial numbers are of an image and a state of the advisories; VEX leads to the bill of both") {
  Report report = test::sample();
  report.suppressed = {{report.findings[0], {.kind = "vex", .status = "not_affected", .justification = "vulnerable_code_not_in_execute_path", .reason = "not called", .owner = "us"}},
                       {report.findings[1], {.kind = "ignore", .status = "accepted", .reason = "small"}},
                       {report.findings[2], {.kind = "vex", .status = "fixed"}}};
  report.findings.erase(report.findings.begin(), report.findings.begin() + 3);
  const Parsed bom("cyclonedx", {{report}, {}}), vex("cyclonedx-vex", {{report}, {}});
  const std::string serial(bom.root["serialNumber"].string());
  CHECK(serial != vex.root["serialNumber"].string());
  CHECK(vex.vulnerability("CVE-2024-37371")["analysis"]["state"].string() == "not_affected");
  CHECK(vex.vulnerability("CVE-2024-37371")["analysis"]["justification"].string() == "code_not_reachable");
  CHECK(vex.vulnerability("CVE-2024-37371")["analysis"]["detail"].string() == "not called; owner us");
  CHECK(list(vex.vulnerability("CVE-2023-45853")["analysis"]["response"])[0].string() == "will_not_fix");
  CHECK(vex.vulnerability("GHSA-9wx4-h78v-vm56")["analysis"]["state"].string() == "resolved");
  CHECK(vex.vulnerability("CVE-2024-0553")["analysis"]["state"].string() == "in_triage");
  CHECK(list(vex.vulnerability("CVE-2023-45853")["affects"])[0]["ref"].string() ==
        "urn:cdx:" + serial.substr(9) + "/1#pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12");
  CHECK(list(vex.root["components"]).empty());

  report.generated_at += 1000;
  CHECK(Parsed("cyclonedx", {{report}, {}}).root["serialNumber"].string() == serial);
  report.snapshot = "another";
  CHECK(Parsed("cyclonedx", {{report}, {}}).root["serialNumber"].string() != serial);
}

TEST_CASE("bills of several targets, of one twice, and of none") {
  const Document two{{test::sample(), test::sample()}, {{"x.tar", "no such file"}}};
  const Parsed got("cyclonedx", two);
  CHECK(got.root["components"].size() == 12);
  std::set<std::string> refs;
  for (const json::Value one : list(got.root["components"])) CHECK(refs.insert(std::string(one["bom-ref"].string())).second);
  CHECK(property(got.root["metadata"], "eclair:failure") == "x.tar: no such file");
  const Parsed spdx("spdx-json", two);
  CHECK(spdx.root["packages"].size() == 12);
  std::set<std::string> ids;
  for (const json::Value one : list(spdx.root["packages"])) CHECK(ids.insert(std::string(one["SPDXID"].string())).second);
  for (const char* const format : {"cyclonedx", "cyclonedx-vex", "spdx-json"}) {
    CAPTURE(std::string(format));
    const Parsed none(format, {{}, {{"x.tar", "no such file"}}});
    CHECK(none.text.find("no such file") != std::string::npos);
  }
}

TEST_CASE("what a later layer removed is in no bill") {
  Report report = test::sample();
  report.inventory.packages[1].removed_in = 2;
  const Parsed got("cyclonedx", {{report}, {}});
  CHECK(got.root["components"].size() == 4);
  CHECK(got.root["vulnerabilities"].size() == 5);
  CHECK(Parsed("spdx-json", {{report}, {}}).root["packages"].size() == 5);
}

TEST_CASE("what nobody looked for is not told as none") {
  Report report = test::sample();
  report.findings.clear();
  CHECK(list(Parsed("cyclonedx", {{report}, {}}).root["vulnerabilities"]).empty());
  CHECK(static_cast<bool>(Parsed("cyclonedx", {{report}, {}}).root["vulnerabilities"]));
  report.feeds.clear();
  CHECK_FALSE(static_cast<bool>(Parsed("cyclonedx", {{report}, {}}).root["vulnerabilities"]));
}

TEST_CASE("SPDX: hostile names stay in their line, ids are of plain letters") {
  Report report = test::sample();
  Occurrence bad = test::occurrence("a\nSPDXID: SPDXRef-DOCUMENT</text>", "1\r\n2", 1);
  bad.paths = {"x</text>\nRelationship: a b c"};
  report.inventory.packages.push_back(bad);
  const std::string text = test::rendered("spdx", {{report}, {}});
  std::map<std::string, int> tags;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    const std::string line = text.substr(from, end - from);
    from = end + 1;
    if (line.empty()) continue;
    ++tags[line.substr(0, line.find(':'))];
    const std::size_t closing = line.find("</text>");
    CHECK((closing == std::string::npos || closing + 7 == line.size()));
    if (line.starts_with("SPDXID: ")) CHECK(line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-", 8) == std::string::npos);
  }
  CHECK(tags["SPDXID"] == 8);        // the document, the image, Debian, five packages
  CHECK(tags["PackageName"] == 7);
  CHECK(tags["Relationship"] == 7);
  CHECK(text.find("PackageSourceInfo: <text>built package from: krb5 1.20.1-2+deb12u1</text>\n") != std::string::npos);

  View old;
  old.format_version = "2.2";
  const std::string before = test::rendered("spdx", {{report}, {}}, old);
  CHECK(before.find("SPDXVersion: SPDX-2.2\n") == 0);
  CHECK(before.find("ExternalRef: PACKAGE_MANAGER purl pkg:deb/") != std::string::npos);
  CHECK(before.find("PrimaryPackagePurpose") == std::string::npos);
}

}  // namespace eclair::report
