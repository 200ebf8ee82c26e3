// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/rpm_flavour.h"

#include <doctest/doctest.h>

using namespace eclair::version;

TEST_CASE("rpm: the flavour of a build is a word of its release") {
  const struct {
    const char *version, *flavour;
  } table[] = {
      {"2:1.1.1g-15.ksplice1.el8_3", "ksplice"},
      {"2:2.28-189.5.0.1.ksplice2.el8_6", "ksplice"},
      {"3.6.16-4.el8_6_fips", "fips"},
      {"10:1.1.1k-12.el8_9_fips", "fips"},
      {"1-1_fips.2", "fips"},
      {"2:1.1.1g-15.el8_3", ""},
      {"1.2_fips-3.el8", ""},    // a version's word
      {"1-2.fipsish", ""},
      {"1-2.xfips", ""},
      {"1-fips", ""},            // nothing before it
      {"1-2.nofips_fips", "fips"},
      {"1.2_fips", ""},
      {"", ""},
  };
  for (const auto& row : table) {
    CAPTURE(row.version);
    CHECK(rpm_flavour(row.version) == row.flavour);
  }
}
