// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Formats of rows on reports made by hand. What their readers see: tests/e2e/report_readers.sh.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "report/escape.h"
#include "report/report.h"
#include "report/words.h"
#include "support/report_sample.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::report {
namespace rows_test_detail {

std::size_t times(std::string_view text, std::string_view what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++n;
  return n;
}

/// As many findings, each with a long title and description.
Report large(std::uint32_t n) {
  Report out = test::sample();
  const Finding one = out.findings[0];
  out.findings.clear();
  for (std::uint32_t i = 0; i < n; ++i) {
    out.findings.push_back(one);
    out.findings.back().vulnerability = "CVE-2024-" + std::to_string(10000 + i);
    out.findings.back().id = std::to_string(i);
    out.findings.back().severity = i < n / 2 ? Severity::high : Severity::low;
    out.findings.back().text.title = "A heap buffer overflow in the parsing of certificates allows remote attackers to run code, number " + std::to_string(i);
    out.findings.back().text.description = std::string(4, ' ') + "Words & more <words> \"quoted\" " + std::string(2000, 'd');
  }
  return out;
}

Report with_base(Report report) {
  report.base = BaseImage{"debian:12-slim", "", 1, "label"};
  return report;
}

Report with_suppressed(Report report) {
  Suppression by;
  by.kind = "ignore";
  by.status = "not_affected";
  by.reason = "TLS 1.0 is off";
  by.expires = "2026-12-31";
  report.suppressed = {{report.findings[4], by}};
  report.findings.erase(report.findings.begin() + 4);
  return report;
}

}  // namespace rows_test_detail
using namespace rows_test_detail;

TEST_CASE("csv: quotes by RFC 4180, no formulas, the columns that are documented") {
  CHECK(csv_cell("a") == "a");
  CHECK(csv_cell("") == "");
  CHECK(csv_cell("a,b") == "\"a,b\"");
  CHECK(csv_cell("a\"b") == "\"a\"\"b\"");
  CHECK(csv_cell(" a") == "\" a\"");
  for (const char* const formula : {"=1", "+1", "-1", "@x", "%x", "|x", "  =1"}) CHECK(csv_cell(formula).find('\'') < 2);
  CHECK(csv_cell("1-2") == "1-2");
  Report report = with_base(test::sample());
  report.findings[0].text.exploited = Exploited{1707523200, 0, false};
  report.findings[0].text.epss = Epss{0.01297, -1, 0};
  const std::string out = test::rendered("csv", {{report}, {}});
  const auto lines = text::split(out, '\n');
  REQUIRE(lines.size() == 8);
  CHECK(lines[0] == "target,digest,layer,base,package,version,type,purl,path,vulnerability,severity,status,fixed_in,cvss,epss,kev,url\r");
  CHECK(lines[1] ==
        "registry.example.com/shop/api:1.4,sha256:6c3c624b58db0000000000000000000000000000000000000000000000000000,1,base,libkrb5-3,1.20.1-2+deb12u1,deb,"
        "pkg:deb/debian/libkrb5-3@1.20.1-2%2Bdeb12u1?arch=amd64&distro=debian-12,var/lib/dpkg/status,CVE-2024-37371,critical,fixed,1.20.1-2+deb12u2,9.1,0.01297,"
        "2024-02-10,https://security-tracker.debian.org/tracker/CVE-2024-37371\r");
  CHECK(lines[3].find(",own,requests,2.31.0,pypi,pkg:pypi/requests@2.31.0,app/requests/METADATA,GHSA-9wx4-h78v-vm56,high,fixed,2.32.0,") != std::string::npos);
}

TEST_CASE("rows for what is suppressed are there on demand alone") {
  const Report report = with_suppressed(test::sample());
  View all;
  all.show_suppressed = true;
  for (const char* const format : {"csv", "tsv", "markdown", "junit", "gitlab", "github-annotations", "trivy-json", "grype-json"}) {
    CAPTURE(std::string(format));
    CHECK(test::rendered(format, {{report}, {}}).find("CVE-2011-3389") == std::string::npos);
    CHECK(test::rendered(format, {{report}, {}}, all).find("CVE-2011-3389") != std::string::npos);
  }
  // A page has room for it.
  CHECK(test::rendered("html", {{report}, {}}).find("TLS 1.0 is off") != std::string::npos);
  View none = all;
  none.severities = {Severity::critical};
  CHECK(test::rendered("csv", {{report}, {}}, none).find("CVE-2011-3389") == std::string::npos);
  CHECK(test::rendered("junit", {{report}, {}}, all).find("<skipped message=\"suppressed: not_affected: TLS 1.0 is off (until 2026-12-31)\"/>") != std::string::npos);
}

TEST_CASE("junit: with a policy, what does not fail it is skipped; rules about the whole image are cases") {
  Report report = test::sample();
  const std::string without = test::rendered("junit", {{report}, {}});
  CHECK(times(without, "<failure") == 6);
  report.policy = {{"high,fixable", false, {0, 2}, ""}, {"eol", false, {}, "Debian 12 is past its end"}, {"kev", true, {}, ""}};
  const std::string out = test::rendered("junit", {{report}, {}});
  CHECK(times(out, "<failure") == 3);
  CHECK(times(out, "<skipped") == 4);
  CHECK(out.find("tests=\"7\" failures=\"3\" errors=\"0\" skipped=\"4\"") != std::string::npos);
  CHECK(out.find("<testcase classname=\"eclair\" name=\"policy eol\"") != std::string::npos);
  CHECK(out.find("message=\"Debian 12 is past its end\"") != std::string::npos);
}

TEST_CASE("markdown: at most a mebibyte, the least grave left out first and counted") {
  CHECK(markdown_text("a|b") == "a\\|b");
  CHECK(markdown_text("www.x http://y") == "www\\.x http\\://y");
  CHECK(markdown_code("a`b") == "``a`b``");
  CHECK(markdown_paragraph("1. x") == "1\\. x");
  CHECK(markdown_paragraph("- x") == "\\- x");
  const std::string small = test::rendered("markdown", {{with_base(test::sample())}, {}});
  CHECK(small.find("left out") == std::string::npos);
  CHECK(small.find("(1 of base image `debian:12-slim`)") != std::string::npos);
  const std::string out = test::rendered("markdown", {{large(12000)}, {}});
  CHECK(out.size() <= 1u << 20);
  CHECK(out.size() > 900'000);
  CHECK(out.find(" of least severity left out") != std::string::npos);
  CHECK(times(out, "| **high** |") == 6000);
  CHECK(times(out, "| low |") > 0);
  CHECK(test::rendered("markdown", {std::vector<Report>(40, large(1000)), {}}).size() <= 1u << 20);
}

TEST_CASE("html: a thousand findings take no more than 2 MB") {
  const std::string out = test::rendered("html", {{large(1000)}, {}});
  CHECK(times(out, "<tr data-s=") == 1000);
  CHECK(out.size() < 2'000'000);
}

TEST_CASE("GitLab: ids are UUIDs that stay, and differ between images of one report") {
  const auto ids = [](const Document& document) {
    std::vector<std::string> out;
    const std::string text = test::rendered("gitlab", document);
    json::Document parsed;
    const auto root = parsed.parse(text);
    REQUIRE(root);
    (*root)["vulnerabilities"].each([&](json::Value one) {
      out.emplace_back(one["id"].string());
      return true;
    });
    return out;
  };
  Report other = test::sample();
  other.image.name = "registry.example.com/shop/api:1.5";
  CHECK(ids({{test::sample()}, {}}) == ids({{other}, {}}));
  const auto both = ids({{test::sample(), other}, {}});
  CHECK(both.size() == 12);
  CHECK(std::set<std::string>(both.begin(), both.end()).size() == 12);
  CHECK(uuid_of("x") == uuid_of("x"));
  CHECK(uuid_of("x")[14] == '8');
}

TEST_CASE("words: repositories, numbers, addresses") {
  CHECK(repository_of("registry.example.com:5000/shop/api:1.4@sha256:00") == "registry.example.com:5000/shop/api");
  CHECK(repository_of("registry.example.com:5000/shop/api") == "registry.example.com:5000/shop/api");
  CHECK(repository_of("alpine:3.19") == "alpine");
  CHECK(repository_of("build/x.tar") == "build/x.tar");
  CHECK(decimal(9.8) == "9.8");
  CHECK(decimal(10) == "10");
  CHECK(decimal(0.00001) == "0.00001");
  CHECK(decimal(0) == "0");
  CHECK(safe_url("https://x/a b\"<>'`()|\\") == "https://x/a%20b%22%3C%3E%27%60%28%29%7C%5C");
  CHECK(safe_url("javascript:alert(1)") == "");
  CHECK(safe_url("HTTPS://x") == "");
  CHECK(safe_url("https://x/" + std::string(2000, 'a')) == "");
}

}  // namespace eclair::report
