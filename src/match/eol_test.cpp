// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "match/match.h"

namespace eclair::match {

TEST_CASE("end of security support") {
  struct Case {
    std::string_view id, version, codename, pretty, want;
  };
  const Case cases[] = {
      {"debian", "10", "", "", "2024-06-30"},
      {"debian", "12.4", "", "", "2028-06-30"},
      {"debian", "", "trixie", "", "2030-06-30"},
      {"debian", "", "sid", "", ""},
      {"raspbian", "10", "", "", ""},
      {"ubuntu", "18.04", "", "", "2023-05-31"},
      {"ubuntu", "25.10", "", "", "2026-07-09"},
      {"ubuntu", "99.04", "", "", ""},
      {"alpine", "3.2.3", "", "", "2017-05-01"},
      {"alpine", "3.20.3", "", "", "2026-04-01"},
      {"alpine", "3.23_alpha20250612", "", "", ""},
      {"rhel", "7.9", "", "", "2024-06-30"},
      {"rhel", "9.3", "", "", "2032-05-31"},
      {"centos", "8", "", "CentOS Linux 8", "2021-12-31"},
      {"centos", "8", "", "CentOS Stream 8", "2024-05-31"},
      {"centos", "9", "", "CentOS Stream 9", "2027-05-31"},
      {"amzn", "2018.03", "", "", "2023-12-31"},
      {"fedora", "40", "", "", "2025-05-13"},
      {"opensuse-leap", "15.5", "", "", "2024-12-31"},
      {"sles", "15", "", "", "2019-12-31"},
      {"wolfi", "20230201", "", "", ""},
      {"", "", "", "", ""},
  };
  for (const Case& each : cases) {
    CAPTURE(each.id);
    CAPTURE(each.version);
    Os os;
    os.id = each.id;
    os.version = each.version;
    os.codename = each.codename;
    os.pretty = each.pretty;
    const auto end = end_of_life(os, 0);
    CHECK((end ? end->date : std::string()) == each.want);
  }
}

TEST_CASE("the last day still counts as supported") {
  Os os;
  os.id = "debian";
  os.version = "10";
  const UnixTime day = *parse_time("2024-06-30");
  CHECK(!end_of_life(os, day - 1)->past);
  CHECK(!end_of_life(os, day + 86399)->past);
  CHECK(end_of_life(os, day + 86400)->past);
}

}  // namespace eclair::match
