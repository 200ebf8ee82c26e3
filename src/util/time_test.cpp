// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The wanted seconds are those of date -u -d TIME +%s.
#include "util/time.h"

#include <doctest/doctest.h>

using namespace eclair;

TEST_CASE("time: dates and RFC 3339") {
  const struct {
    const char* text;
    UnixTime seconds;
  } good[] = {
      {"1970-01-01", 0},
      {"2026-08-21T06:00:00Z", 1787292000},
      {"2026-08-21t06:00:00z", 1787292000},
      {"2026-08-21 06:00:00.123456789+02:00", 1787284800},
      {"2026-08-21T06:00:00-0530", 1787311800},
      {"2026-08-21T06:00", 1787292000},
      {"2024-02-29", 1709164800},
      {"2000-02-29", 951782400},
      {"1969-12-31T23:59:59Z", -1},
      {"2016-12-31T23:59:60Z", 1483228800},
  };
  for (const auto& row : good) {
    CAPTURE(row.text);
    const auto got = parse_time(row.text);
    REQUIRE(got.has_value());
    CHECK(*got == row.seconds);
  }
  CHECK(rfc3339(1787292000) == "2026-08-21T06:00:00Z");
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59Z");
  for (const char* bad : {"", "2026", "2026-8-21", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2023-02-29", "1900-02-29", "2026-04-31", "2026-08-21T",
                          "2026-08-21T24:00", "2026-08-21T06:60", "2026-08-21T06:00:61", "2026-08-21T06:00:00X", "2026-08-21T06:00:00+2", "2026-08-21T06:00:00Zx", "yesterday"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_time(bad).has_value());
  }
}

TEST_CASE("time: ages for people") {
  CHECK(ago(100, 101) == "1 second");
  CHECK(ago(100, 100 + 119) == "119 seconds");
  CHECK(ago(100, 100 + 120) == "2 minutes");
  CHECK(ago(100, 100 + 7199) == "119 minutes");
  CHECK(ago(100, 100 + 7200) == "2 hours");
  CHECK(ago(0, 2 * 86400) == "2 days");
  CHECK(ago(200, 100) == "0 seconds");
}
