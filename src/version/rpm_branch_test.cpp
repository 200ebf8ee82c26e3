// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/rpm_branch.h"

#include <doctest/doctest.h>

namespace eclair::version {

TEST_CASE("rpm: the minor release that a build was made for") {
  struct Case {
    const char *version, *branch, *major;
  };
  // Builds of RHEL's rebuilds, and releases that look alike but say nothing of a minor.
  const Case cases[] = {
      {"32:9.16.23-14.el9_3.4", "el9_3", "9"},
      {"11.9-8.el9_3.3.alma.1", "el9_3", "9"},
      {"5.14.0-162.12.1.rt21.175.el9_1", "el9_1", "9"},
      {"5.14.0-570.el10_0", "el10_0", "10"},
      {"1.8.0.352.b08-2.el8_7", "el8_7", "8"},
      {"1:2.0.8-8.module+el8.4.0+553+7a69454b", "el8.4.0", "8"},
      {"1.7.0-1.module_el9.3.0+52+21733919", "el9.3.0", "9"},
      {"4.18.0-553.30.1.el8_10", "el8_10", "8"},
      {"7.76.1-14.el9", "", "9"},
      {"3.36.5-8.el8.rocky.0.1", "", "8"},
      {"5.1.8-6.el9.1", "", "9"},
      {"2.6.32-754.el6", "", "6"},
      {"1.2.3-4.fc40", "", ""},
      {"1.2.3-4.amzn2", "", ""},
      {"1-2.kernel9_1", "", ""},
      {"1-2.del9_1", "", ""},
      {"1-2.el", "", ""},
      {"1-2.el9_", "", "9"},
      {"1-2.el9_x", "", "9"},
      {"1-2.module_el9.", "", "9"},
      {"1-2.module_el9.3", "el9.3", "9"},
      {"el9_3", "", ""},
      {"1.el9_3-2", "", ""},
      {"-el9_3", "el9_3", "9"},
      {"", "", ""},
      {"-", "", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.version);
    CHECK(rpm_branch(one.version) == one.branch);
    CHECK(rpm_major(one.version) == one.major);
  }
}

}  // namespace eclair::version
