// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/apply.h"

#include <doctest/doctest.h>

#include <string>

#include "suppress/ignore_file.h"
#include "support/report_sample.h"

namespace eclair::suppress {
namespace apply_test_detail {

Source source(const std::string& document) {
  auto read = read_ignore_file(document, "f");
  REQUIRE_MESSAGE(read, (read ? "" : read.error().text));
  return std::move(read->source);
}
/// An entry of our own form with these further lines.
Source entry(const std::string& id, const std::string& lines = {}) { return source("ignore:\n  - id: " + id + "\n    reason: r\n" + lines); }

std::string suppressed(const std::vector<Source>& sources, report::Report report) {
  Use use;
  const std::size_t before = report.findings.size();
  apply(sources, report, use);
  CHECK(report.findings.size() + report.suppressed.size() == before);
  std::string out;
  for (const report::Suppressed& one : report.suppressed) out += (out.empty() ? "" : " ") + one.finding.vulnerability;
  return out;
}

/// A statement as a VEX document makes it.
Statement said(const std::string& id, Statement::Effect effect, UnixTime at) {
  Statement out;
  out.ids = {id};
  out.effect = effect;
  out.said_at = at;
  out.by.kind = "vex";
  return out;
}

}  // namespace apply_test_detail
using namespace apply_test_detail;

TEST_CASE("what each criterion sets aside in the sample") {
  report::Report report = test::sample();
  report.base = report::BaseImage{"debian:12", "", 1, "option"};
  struct {
    std::string id, lines, want;
  } const kCases[] = {
      {"CVE-2024-37371", "", "CVE-2024-37371"},
      {"cve-2024-37371", "", "CVE-2024-37371"},
      {"GHSA-xxxx", "", "CVE-2024-37371"},  // an alias
      {"DSA-5726-1", "", ""},               // a notice is no name of the flaw
      {"CVE-2024-37371", "    packages: ['pkg:deb/debian/libkrb5-3']\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    packages: ['pkg:deb/debian/zlib1g', krb5]\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    packages: ['pkg:deb/debian/zlib1g']\n", ""},
      {"CVE-2024-37371", "    paths: ['var/lib/**']\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    paths: ['usr/**']\n", ""},
      {"CVE-2024-37371", "    images: ['registry.example.com/shop/*']\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    images: ['registry.example.com/other/*']\n", ""},
      {"CVE-2024-37371", "    layers: base\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    layers: own\n", ""},
      {"GHSA-9wx4-h78v-vm56", "    layers: own\n", "GHSA-9wx4-h78v-vm56"},
      {"CVE-2024-37371", "    layers: sha256:1111111111\n", "CVE-2024-37371"},
      {"CVE-2024-37371", "    layers: sha256:2222222222\n", ""},
      {"CVE-2024-37371", "    expires: 2026-08-21\n", "CVE-2024-37371"},  // the day of the report
      {"CVE-2024-37371", "    expires: 2026-08-20\n", ""},
      {"CVE-2024-37371", "    layers: base\n    packages: [zlib]\n", ""},  // all must hold
  };
  for (const auto& one : kCases) {
    CAPTURE(one.id);
    CAPTURE(one.lines);
    CHECK(suppressed({entry(one.id, one.lines)}, report) == one.want);
  }
}

TEST_CASE("white lists of others: an image by its name, or a distribution") {
  const report::Report report = test::sample();
  CHECK(suppressed({source("generalwhitelist:\n  CVE-2024-37371: x\nimages:\n  debian:\n    CVE-2023-45853: x\n  alpine:\n    CVE-2024-0553: x\n")}, report) == "CVE-2024-37371 CVE-2023-45853");
  CHECK(suppressed({source("images:\n  registry.example.com/shop/api: [CVE-2024-0553]\n  other: [CVE-2024-37371]\n")}, report) == "CVE-2024-0553");
}

TEST_CASE("an end that came or comes is told once") {
  report::Report report = test::sample();
  report.findings.push_back(report.findings[0]);
  Use use;
  apply({entry("CVE-2024-37371", "    expires: 2026-01-31\n"), entry("CVE-2023-45853", "    expires: 2026-08-30\n"), entry("CVE-2024-0553", "    expires: 2027-01-01\n"),
         entry("CVE-0000-0000", "    expires: 2026-01-31\n")}, report, use);
  REQUIRE(report.coverage.size() == 2);
  CHECK(report.coverage[0].code == "ignore_expired");
  CHECK(report.coverage[0].message == "CVE-2024-37371: ignore expired on 2026-01-31 (f:2)");
  CHECK_FALSE(report.coverage[0].incomplete);
  CHECK(report.coverage[1].message == "CVE-2023-45853: ignore expires on 2026-08-30 (f:2)");
  CHECK(report.suppressed.size() == 2);
  CHECK(use.used == std::vector<std::vector<bool>>{{true}, {true}, {true}, {false}});
}

TEST_CASE("who comes first decides; within a document the last word does") {
  using Effect = Statement::Effect;
  const report::Report report = test::sample();
  const Source ignore = entry("CVE-2024-37371");
  const auto vex = [](std::vector<Statement> statements) { return Source{"v", std::move(statements), {}}; };
  const std::string id = "cve-2024-37371";
  CHECK(suppressed({vex({said(id, Effect::confirm, 1)}), ignore}, report).empty());
  CHECK(suppressed({ignore, vex({said(id, Effect::confirm, 1)})}, report) == "CVE-2024-37371");
  CHECK(suppressed({vex({said(id, Effect::remark, 1)}), ignore}, report) == "CVE-2024-37371");
  CHECK(suppressed({vex({said(id, Effect::confirm, 1), said(id, Effect::suppress, 2)})}, report) == "CVE-2024-37371");
  CHECK(suppressed({vex({said(id, Effect::suppress, 2), said(id, Effect::confirm, 1)})}, report) == "CVE-2024-37371");
  CHECK(suppressed({vex({said(id, Effect::suppress, 1), said(id, Effect::confirm, 2)})}, report).empty());
  CHECK(suppressed({vex({said(id, Effect::suppress, 1), said(id, Effect::confirm, 1)})}, report).empty());

  report::Report remarked = report;
  Use use;
  apply({entry("CVE-2024-37371"), vex({said("cve-2023-45853", Effect::remark, 1)})}, remarked, use);
  REQUIRE(remarked.remarks.size() == 1);
  CHECK(remarked.findings[remarked.remarks[0].finding].vulnerability == "CVE-2023-45853");
}

TEST_CASE("products: the image, a package, a part of either") {
  using Effect = Statement::Effect;
  report::Report report = test::sample();
  report.inventory.packages[2].paths = {"app/requests/METADATA"};  // as if zlib were inside of requests
  const auto said_of = [&](Product product) {
    Statement one = said("cve-2023-45853", Effect::suppress, 1);
    one.products = {std::move(product)};
    return suppressed({Source{"v", {one}, {}}}, report) == "CVE-2023-45853";
  };
  const auto purl = [](const char* text) { return *match::parse_purl(text); };
  CHECK(said_of({purl("pkg:deb/debian/zlib1g"), {}, {}, {}}));
  CHECK_FALSE(said_of({purl("pkg:deb/debian/libc6"), {}, {}, {}}));
  CHECK(said_of({purl("pkg:oci/api"), {}, {}, {}}));
  CHECK_FALSE(said_of({purl("pkg:oci/web"), {}, {}, {}}));
  CHECK(said_of({purl("pkg:oci/api"), {purl("pkg:deb/debian/zlib1g")}, {}, {}}));
  CHECK_FALSE(said_of({purl("pkg:oci/api"), {purl("pkg:deb/debian/libc6")}, {}, {}}));
  CHECK_FALSE(said_of({purl("pkg:oci/web"), {purl("pkg:deb/debian/zlib1g")}, {}, {}}));
  CHECK(said_of({purl("pkg:pypi/requests"), {purl("pkg:deb/debian/zlib1g")}, {}, {}}));
  CHECK_FALSE(said_of({purl("pkg:deb/debian/libkrb5-3"), {purl("pkg:deb/debian/zlib1g")}, {}, {}}));  // not in one file
  CHECK(said_of({{}, {}, {"registry.example.com/shop/api:1.4"}, {}}));
  CHECK_FALSE(said_of({{}, {}, {"registry.example.com/shop/api:1.5"}, {}}));
  report.inventory.systems[0].cpe = "cpe:/o:redhat:enterprise_linux:9.4";
  CHECK(said_of({{}, {purl("pkg:deb/debian/zlib1g")}, {}, "cpe:/o:redhat:enterprise_linux:9"}));
  CHECK(said_of({{}, {purl("pkg:deb/debian/zlib1g")}, {}, "cpe:2.3:o:redhat:enterprise_linux:9.4:*:*"}));
  CHECK(said_of({{}, {purl("pkg:deb/debian/zlib1g")}, {}, "cpe:/a:redhat:enterprise_linux:9::appstream"}));
  CHECK_FALSE(said_of({{}, {purl("pkg:deb/debian/zlib1g")}, {}, "cpe:/o:redhat:enterprise_linux:8"}));
  CHECK_FALSE(said_of({{}, {purl("pkg:deb/debian/zlib1g")}, {}, "cpe:/a:redhat:openshift:9"}));
}

}  // namespace eclair::suppress
