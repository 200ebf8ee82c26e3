// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/finding_columns.h"

#include <doctest/doctest.h>

#include "support/report_sample.h"
#include "util/text.h"

namespace eclair::report {
namespace finding_columns_test_detail {

std::string titles(const std::vector<std::string>& words, bool with_path = false) {
  std::string out;
  for (const FindingColumn one : choose_columns(words, with_path)) out += (out.empty() ? "" : "|") + std::string(layout_of(one).title);
  return out;
}

/// A sample of which the first finding is known in every respect.
Report rich() {
  Report out = test::sample();
  out.findings[0].text.exploited = Exploited{1'719'792'000, 0, false};  // 2024-07-01
  out.findings[0].text.epss = Epss{0.94358, 0.99, 0};
  out.base = BaseImage{"debian:12-slim", "", 1, "option"};
  return out;
}

std::string table(const Report& report, std::vector<std::string> columns, unsigned width = 200) {
  View view;
  view.columns = std::move(columns);
  view.width = width;
  return test::rendered("table", {{report}, {}}, view);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace finding_columns_test_detail
using namespace finding_columns_test_detail;

TEST_CASE("columns are named, added and left out") {
  CHECK(titles({}) == "SEVERITY|VULNERABILITY|PACKAGE|INSTALLED|FIXED IN|LAYER");
  CHECK(titles({}, true) == "SEVERITY|VULNERABILITY|PACKAGE|INSTALLED|FIXED IN|LAYER|PATH");
  CHECK(titles({"vulnerability", "package"}, true) == "VULNERABILITY|PACKAGE");
  CHECK(titles({"package", "+epss", "vulnerability", "-package"}) == "EPSS|VULNERABILITY");
  CHECK(titles({"+epss", "+title"}) == "SEVERITY|VULNERABILITY|PACKAGE|INSTALLED|FIXED IN|LAYER|EPSS|TITLE");
  CHECK(titles({"-layer", "-installed", "+path", "+path"}) == "SEVERITY|VULNERABILITY|PACKAGE|FIXED IN|PATH");
  CHECK(titles({"+path"}, true) == "SEVERITY|VULNERABILITY|PACKAGE|INSTALLED|FIXED IN|LAYER|PATH");
  CHECK(titles({"nonsense"}) == "");
  for (const std::string_view word : text::words(kFindingColumns)) {
    CAPTURE(word);
    CHECK(choose_columns({std::string(word)}, false).size() == 1);
  }
  CHECK(static_cast<std::size_t>(FindingColumn::why) == text::words(kFindingColumns).size());
}

TEST_CASE("what is in each column") {
  const std::string got = table(rich(), {"vulnerability", "severity", "status", "type", "epss", "cvss", "kev", "layer", "path", "title"});
  CHECK(has(got, "VULNERABILITY        SEVERITY    STATUS        TYPE  EPSS    CVSS  KEV         LAYER   PATH      TITLE\n"));
  CHECK(has(got, "\nCVE-2024-37371       critical !  fixed         deb   0.9436  9.1   2024-07-01  1 base  status    Kerberos: GSS message token handling\n"));
  CHECK(has(got, "\nCVE-2023-45853       high        will not fix  deb                             1 base  status\n"));
  CHECK(has(got, "\nGHSA-9wx4-h78v-vm56  high        fixed         pypi                            3 own   METADATA\n"));
}

TEST_CASE("an exploited one is marked, and paths are shown of languages alone unless somebody asks") {
  const std::string got = table(rich(), {});
  CHECK(has(got, "\ncritical !  CVE-2024-37371       libkrb5-3    1.20.1-2+deb12u1  1.20.1-2+deb12u2  1 base\n"));
  CHECK(has(got, "3 own   METADATA\n"));
  CHECK_FALSE(has(got, "status\n"));
  CHECK(has(table(rich(), {"+path"}), "1 base  status\n"));
}

TEST_CASE("what is too wide: the title's end first, then the title, then the path, then versions") {
  Report report = rich();
  const std::vector<std::string> columns = {"+path", "+title"};
  CHECK(has(table(report, columns, 200), "Kerberos: GSS message token handling\n"));
  const std::string cut = table(report, columns, 134);
  CHECK(has(cut, "1 base  status    Kerberos: GSS message t"));
  CHECK_FALSE(has(cut, "handling"));
  CHECK_FALSE(has(table(report, columns, 120), "TITLE"));
  CHECK(has(table(report, columns, 120), "LAYER   PATH\ncritical"));
  CHECK_FALSE(has(table(report, columns, 96), "LAYER   PATH\ncritical"));
  CHECK(has(table(report, columns, 96), "1.20.1-2+deb12u1"));
  CHECK_FALSE(has(table(report, columns, 85), "1.20.1-2+deb12u1"));
  CHECK(has(table(report, columns, 85), "libgnutls30"));
}

TEST_CASE("a link goes where a terminal follows it, and nothing of a stranger's text ends it") {
  Report report = rich();
  View view;
  CHECK_FALSE(has(test::rendered("table", {{report}, {}}, view), "\x1b"));
  view.hyperlinks = true;
  CHECK(has(test::rendered("table", {{report}, {}}, view), "  \x1b]8;;https://security-tracker.debian.org/tracker/CVE-2024-37371\x1b\\CVE-2024-37371\x1b]8;;\x1b\\       libkrb5-3"));
  CHECK(has(test::rendered("table", {{report}, {}}, view), "\x1b]8;;https://security-tracker.debian.org/tracker/CVE-2023-45853\x1b\\"));
  for (const char* const bad : {"https://x/\x1b\\\x1b[31m", "https://x/ y", "javascript:alert(1)", "https://x/\x07", "https://x/\xc3\xa4", "https://x/\"><b>"}) {
    CAPTURE(bad);
    report.findings[0].text.urls = {bad};
    CHECK(has(test::rendered("table", {{report}, {}}, view), "\x1b]8;;https://security-tracker.debian.org/tracker/CVE-2024-37371\x1b\\"));
    report.findings[0].vulnerability = "CVE-\x1b\\";
    CHECK_FALSE(has(test::rendered("table", {{report}, {}}, view), "\x1b]8;;https://security-tracker.debian.org/tracker/CVE-\x1b"));
    report.findings[0].vulnerability = "CVE-2024-37371";
  }
}

}  // namespace eclair::report
