// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/cvss.h"

#include <doctest/doctest.h>

namespace eclair::feeds {

TEST_CASE("cvss: base scores of known vulnerabilities") {
  // Scores as the National Vulnerability Database publishes them for the vulnerability named.
  struct {
    const char* vector;
    double score;
    const char* of;
  } const cases[] = {
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, "CVE-2021-44228"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8, "CVE-2021-3177"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5, "CVE-2014-0160"},
      {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8, "CVE-2021-3156"},
      {"CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:C/C:H/I:N/A:N", 5.6, "CVE-2017-5754"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, "CVE-2020-11022"},
      {"CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:N", 3.7, "CVE-2015-4000"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, "no impact"},
      {"CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N/E:P/RL:O", 1.6, "temporal metrics do not count"},
      {"AV:N/AC:L/Au:N/C:P/I:N/A:N", 5.0, "CVE-2014-0160, version 2"},
      {"(AV:N/AC:L/Au:N/C:C/I:C/A:C)", 10.0, "CVE-2014-6271, version 2"},
      {"AV:L/AC:M/Au:N/C:N/I:N/A:N", 0.0, "no impact, version 2"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.of);
    const auto score = cvss_base_score(one.vector);
    REQUIRE(score);
    CHECK(*score == doctest::Approx(one.score).epsilon(1e-9));
  }
}

TEST_CASE("cvss: what is no vector with all base metrics has no score") {
  for (const char* vector : {"", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:Z/C:H/I:H/A:H",
                             "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "7.5", "("}) {
    CAPTURE(vector);
    CHECK_FALSE(cvss_base_score(vector));
  }
}

TEST_CASE("cvss: versions and severities") {
  CHECK(cvss_version("CVSS:4.0/AV:N") == "4.0");
  CHECK(cvss_version("CVSS:3.0/AV:N") == "3.0");
  CHECK(cvss_version("AV:N/AC:L") == "2.0");
  CHECK(cvss_version("CVSS:9/AV:N") == "");
  const std::pair<double, Severity> table[] = {{-1, Severity::unknown}, {0, Severity::negligible}, {0.1, Severity::low},  {3.9, Severity::low},     {4.0, Severity::medium},
                                               {6.9, Severity::medium}, {7.0, Severity::high},     {8.9, Severity::high}, {9.0, Severity::critical}, {10, Severity::critical}};
  for (const auto& [score, severity] : table) {
    const auto& this_score = score;  // clang cannot capture a binding
    CAPTURE(this_score);
    CHECK(severity_of_score(score, "3.1") == severity);
  }
  CHECK(severity_of_score(10, "2.0") == Severity::high);
}

}  // namespace eclair::feeds
