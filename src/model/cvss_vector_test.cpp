// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/cvss_vector.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair {

TEST_CASE("access and complexity of vectors of each version") {
  struct {
    std::string text, want;
  } const kCases[] = {
      {"AV:N/AC:L/Au:N/C:P/I:P/A:P", "network low"},
      {"(AV:L/AC:M/Au:S/C:N/I:N/A:C)", "local medium"},
      {"AV:A/AC:H/Au:M/C:N/I:N/A:N", "adjacent high"},
      {"AV:P/AC:L/Au:N/C:P/I:P/A:P", "- low"},  // version 2 knows no physical access
      {"CVSS:3.0/AV:P/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:H", "physical high"},
      {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H", "network low"},
      {"CVSS:3.1/AV:N/AC:M/PR:N/UI:N/S:U/C:H/I:N/A:H", "network -"},
      {"CVSS:3.1/MAV:N/MAC:L/AV:L/AC:H/PR:N", "local high"},  // modified metrics are others
      {"CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "adjacent low"},
      {"cvss:3.1/av:n/ac:l", "network low"},
      {"CVSS:3.1/AV:N/AV:L/AC:L", "- low"},
      {"CVSS:3.1/AV:X/AC:", "- -"},
      {"AV/AC", "- -"},
      {"", "- -"},
      {std::string(kMaxCvssVectorBytes, 'A') + "/AV:N", "- -"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.text);
    const CvssVector got = cvss_vector(one.text);
    CHECK((got.access ? std::string(name(*got.access)) : "-") + " " + (got.complexity ? std::string(name(*got.complexity)) : "-") == one.want);
  }
}

TEST_CASE("words for them") {
  AccessVector vector{};
  CHECK(parse("Network", vector));
  CHECK(vector == AccessVector::network);
  CHECK(parse("adjacent_network", vector));
  CHECK(vector == AccessVector::adjacent);
  CHECK_FALSE(parse("n", vector));
  AccessComplexity complexity{};
  CHECK(parse("high", complexity));
  CHECK(complexity == AccessComplexity::high);
  CHECK_FALSE(parse("", complexity));
}

}  // namespace eclair
