// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "report/columns.h"
#include "report/report.h"
#include "support/report_sample.h"
#include "util/text.h"

// The rules these tests hold the table to are those of docs/user/cli.md, "The table".
namespace eclair::report {
namespace table_test_detail {

std::string render(const Report& report, const View& view = {}) { return test::rendered("table", {{report}, {}}, view); }

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view line : text::split(text, '\n')) out.emplace_back(line);
  out.pop_back();
  return out;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::size_t rows(const std::string& text) {
  std::size_t out = 0;
  for (const std::string& line : lines(text)) {
    Severity severity{};
    if (!line.empty() && line[0] >= 'a' && parse(std::string_view(line).substr(0, line.find(' ')), severity)) ++out;
  }
  return out;
}

/// No control character but line ends, no blanks at a line's end.
void check_clean(const std::string& text) {
  CHECK(text.back() == '\n');
  for (const std::string& line : lines(text)) {
    CAPTURE(line);
    CHECK((line.empty() || line.back() != ' '));
    CHECK(std::none_of(line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
    CHECK(text::clean(line, line.size() + 10) == line);
  }
}

}  // namespace table_test_detail

using namespace table_test_detail;

TEST_CASE("the table of a small image, as written down in the rules") {
  const std::string got = render(test::sample());
  const std::string want =
      "registry.example.com/shop/api:1.4   sha256:6c3c624b58db   linux/amd64\n"
      "Debian 12 (bookworm), 4 packages in 3 layers\n"
      "advisories of 2026-08-21 05:40 UTC (20 minutes old), snapshot 8f31c2aabbcc\n"
      "\n"
      "SEVERITY    VULNERABILITY        PACKAGE      INSTALLED         FIXED IN          LAYER  PATH\n"
      "critical    CVE-2024-37371       libkrb5-3    1.20.1-2+deb12u1  1.20.1-2+deb12u2  1\n"
      "high        CVE-2023-45853       zlib1g       1:1.2.13.dfsg-1   - will not fix    1\n"
      "high        GHSA-9wx4-h78v-vm56  requests     2.31.0            2.32.0            3      METADATA\n"
      "medium      CVE-2024-0553        libgnutls30  3.7.9-2           3.7.9-2+deb12u2   1\n"
      "negligible  CVE-2011-3389        libgnutls30  3.7.9-2           - no fix          1\n"
      "unknown     CVE-2099-0001        libgnutls30  3.7.9-2           - no fix          1\n"
      "\n"
      "Unknown: 1, Negligible: 1, Low: 0, Medium: 1, High: 2, Critical: 1   (fixable: 3)\n"
      "\n"
      "NAMED FILE  STATE    LAYER  PATH\n"
      "usr/bin/nc  present  2      usr/bin/nc\n"
      "**/id_rsa   absent\n";
  CHECK(got == want);
  check_clean(got);
}

TEST_CASE("what is hidden is counted, and the way to see it is named") {
  View view;
  view.severities = {Severity::high, Severity::critical};
  std::string got = render(test::sample(), view);
  CHECK(rows(got) == 3);
  CHECK(has(got, "\nUnknown, Negligible and Medium hidden: 3; show with --severity all\n"));
  CHECK(has(got, "\nUnknown: 1, Negligible: 1, Low: 0, Medium: 1, High: 2, Critical: 1   (fixable: 3)\n"));
  view.ignore_unfixed = true;
  got = render(test::sample(), view);
  CHECK(rows(got) == 2);
  CHECK(has(got, "\nWithout a fix hidden: 1; show with --no-ignore-unfixed\n"));
}

TEST_CASE("a terminal shows up to 40 rows whole, of more only medium and above; a pipe shows everything") {
  View terminal;
  terminal.terminal = true;
  CHECK(rows(render(test::sample(), terminal)) == 6);

  Report big = test::sample();
  for (int i = 0; i < 40; ++i) big.findings.push_back(test::finding("CVE-2000-" + std::to_string(1000 + i), 0, Severity::low, ""));
  const std::string got = render(big, terminal);
  CHECK(has(got, "Negligible and Low hidden: 41; show with --severity all"));
  CHECK(rows(got) == 5);
  CHECK(rows(render(big)) == 46);
}

TEST_CASE("many rows on a terminal collapse by source package and by upgrade; never elsewhere") {
  const Report crowd = test::crowd(20);  // 60 findings
  View terminal;
  terminal.terminal = true;
  const std::string got = render(crowd, terminal);
  CHECK(rows(got) == 11);  // ten unfixed ones, and one row for all that the same version fixes
  CHECK(has(got, "libcrypto (+2: libssl3, openssl)"));
  CHECK(has(got, "CVE-2024-1000  +9 "));
  terminal.width = 80;
  CHECK(has(render(crowd, terminal), "\nhigh        CVE-2024-1000  +9  libcrypto +2  3.0.1-1    3.0.9-1   1\n"));
  terminal.group = false;
  CHECK(rows(render(crowd, terminal)) == 60);
  CHECK(rows(render(crowd)) == 60);
  terminal.group = true;
  CHECK(rows(render(test::crowd(13), terminal)) == 39);
}

TEST_CASE("nothing found is said only where looking was possible") {
  Report report = test::sample();
  report.findings.clear();
  report.inventory.files.clear();
  CHECK(has(render(report), "\nNo known vulnerabilities in 4 packages.\n"));

  report.coverage = {test::coverage("unreadable", "var/lib/rpm/Packages: not a database", 0, true)};
  std::string got = render(report);
  CHECK(has(got, "No known vulnerabilities in 4 packages.\nNote: var/lib/rpm/Packages: not a database\n"));

  report.coverage = {test::coverage("no_data", "no advisory data for debian:12, and --offline is set", 4, true)};
  report.feeds.clear();
  got = render(report);
  CHECK_FALSE(has(got, "No known vulnerabilities"));
  CHECK(has(got, "Not judged: no advisory data for debian:12, and --offline is set; 4 packages\n"));
  CHECK(has(got, "\nno advisory data\n"));

  report.coverage = {test::coverage("unknown_distribution", "no advisories are known for the distribution foo 3: 4 packages were not judged", 4, true)};
  CHECK(has(render(report), "Not judged: no advisories are known for the distribution foo 3; 4 packages\n"));

  // Packages that no source speaks of need not be named by any coverage: without data nothing is judged.
  report.coverage.clear();
  CHECK_FALSE(has(render(report), "No known vulnerabilities"));

  report.feeds = test::sample().feeds;
  report.coverage = {test::coverage("third_party", "1 package of docker were not judged: the distribution's advisories do not speak of them", 1, false)};
  got = render(report);
  CHECK(has(got, "No known vulnerabilities in 3 packages.\nNot judged: "));
  report.feeds.clear();

  report.inventory.packages.clear();
  report.coverage = {test::coverage("no_packages", "no package database found", 0, true)};
  got = render(report);
  CHECK_FALSE(has(got, "No known vulnerabilities"));
  CHECK(has(got, "Not judged: no package database found; 0 packages\n"));
  report.coverage.clear();
  got = render(report);
  CHECK_FALSE(has(got, "No known vulnerabilities"));
  CHECK(has(got, "Not judged: no packages found; 0 packages\n"));
}

TEST_CASE("caveats stand below findings too") {
  Report report = test::sample();
  report.coverage = {test::coverage("stale", "advisories for debian:12 are 6 days old (limit 5)", 3, false)};
  CHECK(has(render(report), "(fixable: 3)\nNote: advisories for debian:12 are 6 days old (limit 5)\n"));
}

TEST_CASE("packages without findings are listed when asked for") {
  Report report = test::sample();
  report.findings.resize(1);
  View view;
  view.list_packages = true;
  const std::string got = render(report, view);
  CHECK(has(got, "\n-           -               zlib1g       1:1.2.13.dfsg-1"));
  CHECK(has(got, "requests"));
}

TEST_CASE("whose a finding is, where the base image is known") {
  Report report = test::sample();
  report.base = BaseImage{"debian:12-slim", "", 2, "label"};
  std::string got = render(report);
  CHECK(has(got, "Debian 12 (bookworm), 4 packages in 3 layers (2 of base image debian:12-slim)\n"));
  CHECK(has(got, "   (fixable: 3, own layers: 1)\n"));
  CHECK(has(got, "zlib1g       1:1.2.13.dfsg-1   - will not fix    1 base\n"));
  CHECK(has(got, "requests     2.31.0            2.32.0            3 own   METADATA\n"));
  report.base->name.clear();
  CHECK(has(render(report), " (2 of its base image)\n"));

  View view;
  view.summary = true;
  got = render(report, view);
  CHECK(rows(got) == 0);
  CHECK(has(got, "\nLAYERS  U  N  L  M  H  C  FIXABLE\nbase    1  1  0  1  1  1  2\nown     0  0  0  0  1  0  1\n\nUnknown: 1, "));
}

TEST_CASE("rows in parts: by layer, with what made it, and by source package") {
  Report report = test::sample();
  report.base = BaseImage{"", "", 2, "option"};
  View view;
  view.group_by = "layer";
  std::string got = render(report, view);
  CHECK(has(got, "\nlayer 1 of 3  base  RUN step 1  (1 critical, 1 high, 1 medium, 1 negligible, 1 unknown)\nSEVERITY    VULNERABILITY "));
  CHECK(has(got, "\n\nlayer 3 of 3  own  RUN step 3  (1 high)\nSEVERITY    VULNERABILITY        PACKAGE      INSTALLED         FIXED IN          PATH\n"));
  CHECK(rows(got) == 6);
  check_clean(got);
  view.columns = {"+layer"};
  CHECK(has(render(report, view), "FIXED IN          LAYER   PATH\n"));
  view.columns = {};
  view.group_by = "package";
  got = render(report, view);
  CHECK(has(got, "\n\ngnutls28 3.7.9-2  (1 medium, 1 negligible, 1 unknown)\nSEVERITY "));
  CHECK(has(got, "\n\nzlib 1:1.2.13.dfsg-1  (1 high)\n"));
  CHECK(rows(got) == 6);

  // What shares a row is counted all the same.
  Report crowd = test::crowd(20);
  view.terminal = true;
  CHECK(has(render(crowd, view), "\nopenssl 3.0.1-1  (60 high)\n"));
}

TEST_CASE("what is suppressed is counted, and shown on demand with the reason") {
  Report report = test::sample();
  Suppression by;
  by.kind = "ignore";
  by.file = ".eclairignore.yaml";
  by.line = 3;
  by.status = "not_affected";
  by.justification = "vulnerable_code_not_present";
  by.reason = "minizip_x is not built";
  by.expires = "2026-12-31";
  report.suppressed.push_back({report.findings[1], by});
  report.findings.erase(report.findings.begin() + 1);
  std::string got = render(report);
  CHECK(has(got, "(fixable: 3, suppressed: 1)\nSuppressed: 1; show with --show-suppressed\n"));
  CHECK_FALSE(has(got, "CVE-2023-45853"));
  View view;
  view.show_suppressed = true;
  view.width = 250;
  got = render(report, view);
  CHECK(has(got, "\n\nSuppressed\nSEVERITY    VULNERABILITY   PACKAGE  INSTALLED        FIXED IN        LAYER  WHY\n"
                 "high        CVE-2023-45853  zlib1g   1:1.2.13.dfsg-1  - will not fix  1      "
                 "not affected: vulnerable code not present: minizip_x is not built (.eclairignore.yaml:3, until 2026-12-31)\n"));
  CHECK_FALSE(has(got, "show with --show-suppressed"));
  view.ignore_unfixed = true;
  CHECK(has(render(report, view), "Suppressed, and hidden by the same filters: 1\n"));

  report.findings.clear();
  CHECK(has(render(report), "Suppressed: 1; show with --show-suppressed\nNo other known vulnerabilities in 4 packages.\n"));
}

TEST_CASE("several targets end in a table of totals") {
  Report failed = test::sample();
  failed.image.name = "b";
  failed.policy = {{"high", false, {0}, ""}};
  const std::string got = test::rendered("table", {{test::sample(), failed}, {{"c.tar", "no such file"}}});
  CHECK(has(got, "\nTARGET                             U  N  L  M  H  C  FIXABLE  POLICY\n"
                 "registry.example.com/shop/api:1.4  1  1  0  1  2  1  3        -\n"
                 "b                                  1  1  0  1  2  1  3        failed\n"
                 "c.tar                              -  -  -  -  -  -  -        error\n"));
  CHECK_FALSE(has(render(failed), "TARGET"));
}

TEST_CASE("narrow screens: first the path goes, then versions are cut in the middle, ids and names never") {
  const Report report = test::sample();
  for (unsigned width = 20; width <= 140; ++width) {
    CAPTURE(width);
    View view;
    view.width = width;
    view.unicode = width % 2 == 0;
    const std::string got = render(report, view);
    check_clean(got);
    for (const Finding& one : report.findings) {
      CHECK(has(got, one.vulnerability));
      CHECK(has(got, report.inventory.packages[one.package].package.name));
    }
    std::size_t widest = 0;
    for (const std::string& line : lines(got)) {
      if (has(line, "CVE-") || has(line, "GHSA-")) widest = std::max(widest, columns_of(line));
    }
    // 10 + 19 + 11 + 9 + 9 + 1 and the gaps is as narrow as it gets; the header LAYER is wider than its cells.
    CHECK(widest <= std::max(width, 73u));
    if (width < 97) CHECK_FALSE(has(got, "  PATH\ncritical"));
    if (width >= 97) CHECK(has(got, "1.20.1-2+deb12u1"));
    view.wide = true;
    CHECK(has(render(report, view), "1.20.1-2+deb12u1"));
  }
}

TEST_CASE("cells are cut in the middle, by letters and not by bytes") {
  CHECK(shorten_middle("1:2.36-9+deb12u7", 12, true) == "1:2.36-9…2u7");
  CHECK(shorten_middle("1:2.36-9+deb12u7", 12, false) == "1:2.36-..2u7");
  CHECK(shorten_middle("short", 12, true) == "short");
  CHECK(shorten_middle("ääääääääää", 5, true) == "äää…ä");
  for (std::size_t width = 0; width < 12; ++width) {
    CAPTURE(width);
    CHECK(columns_of(shorten_middle("öbcdefghijkö", width, true)) <= width);
    CHECK(columns_of(shorten_middle("öbcdefghijkö", width, false)) <= width);
  }
}

TEST_CASE("hostile names reach no terminal") {
  std::mt19937 random(20261125);
  INFO("seed 20261125");
  for (int round = 0; round < 50; ++round) {
    const auto noise = [&](std::size_t size) {
      std::string out;
      for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(random() % 256);
      return out;
    };
    Report report = test::sample();
    report.image.name = noise(20);
    report.inventory.systems[0].pretty = noise(20);
    for (Occurrence& one : report.inventory.packages) {
      one.package.name = noise(random() % 30);
      one.package.version = noise(random() % 30);
      one.paths = {noise(30)};
    }
    for (Finding& one : report.findings) {
      one.vulnerability = noise(random() % 30);
      one.fixed_in = noise(random() % 30);
    }
    report.inventory.files[0].file.path = noise(30);
    report.coverage = {test::coverage("no_data", noise(40), 1, true), test::coverage("stale", noise(40), 1, false)};
    View view;
    view.width = 60 + static_cast<unsigned>(random() % 80);
    view.terminal = round % 2 == 0;
    view.unicode = round % 3 == 0;
    check_clean(render(report, view));
  }
}

TEST_CASE("colours wrap the word of the severity and nothing else") {
  View view;
  view.color = true;
  std::string got = render(test::sample(), view);
  CHECK(has(got, "\x1b[1;31mcritical\x1b[0m    CVE-2024-37371"));
  CHECK(has(got, "\x1b[31mhigh\x1b[0m        CVE-2023-45853"));
  for (const std::string_view escape : {"\x1b[1;31m", "\x1b[31m", "\x1b[33m", "\x1b[36m", "\x1b[2m", "\x1b[0m"}) {
    for (std::size_t at = got.find(escape); at != std::string::npos; at = got.find(escape)) got.erase(at, escape.size());
  }
  CHECK(got == render(test::sample()));
}

}  // namespace eclair::report
