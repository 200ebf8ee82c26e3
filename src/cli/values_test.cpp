// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/values.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair::cli {

TEST_CASE("sizes are decimal or binary by their unit") {
  struct {
    std::string text;
    std::uint64_t bytes;
  } const kTaken[] = {{"0", 0}, {"4096", 4096}, {"10MB", 10'000'000}, {"10 mb", 10'000'000}, {"2GiB", 2ull << 30}, {"1k", 1000}, {"1Ki", 1024},
                      {"1.5GB", 1'500'000'000}, {"0.5GiB", 1ull << 29}, {"7b", 7}, {"3TiB", 3ull << 40}};
  for (const auto& one : kTaken) {
    CAPTURE(one.text);
    CHECK(parse_size(one.text) == one.bytes);
  }
  for (const std::string text : {"", "MB", "-1", "1.MB", ".5MB", "1.5", "10XB", "10MBB", "1e3", "99999999999TB", "18446744073709551616", "1.1234567GB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("durations add up") {
  struct {
    std::string text;
    std::uint64_t seconds;
  } const kTaken[] = {{"90s", 90}, {"5m", 300}, {"120h", 432000}, {"7d", 604800}, {"1h30m", 5400}, {"60", 60}, {"2w", 1209600}, {"0", 0}};
  for (const auto& one : kTaken) {
    CAPTURE(one.text);
    CHECK(parse_duration(one.text) == one.seconds);
  }
  for (const std::string text : {"", "s", "5x", "1h30", "-5m", "5 m", "1.5h", "99999999999999d", "101000d"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("severities: lists, thresholds, and other vendors' words") {
  using S = Severity;
  struct {
    std::string text;
    std::vector<Severity> want;
  } const kTaken[] = {{"HIGH,critical", {S::high, S::critical}},
                      {"critical,high,critical", {S::high, S::critical}},
                      {">=high", {S::high, S::critical}},
                      {"moderate, important", {S::medium, S::high}},
                      {"defcon1", {S::critical}},
                      {"all", {S::unknown, S::negligible, S::low, S::medium, S::high, S::critical}}};
  for (const auto& one : kTaken) {
    CAPTURE(one.text);
    const auto got = parse_severities(one.text);
    REQUIRE(got);
    CHECK(*got == one.want);
  }
  for (const std::string text : {"", "hihg", "high;low", ">=", "<high", "high,"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_severities(text));
  }
  CHECK(parse_severities("hihg").error().text ==
        "hihg: not a severity (unknown, negligible, low, medium, high, critical); did you mean high?");
}

TEST_CASE("decimal numbers") {
  CHECK(parse_decimal("0.1") == 0.1);
  CHECK(parse_decimal("7") == 7);
  CHECK(parse_decimal(" 10.0 ") == 10);
  CHECK(parse_decimal("0") == 0);
  for (const char* const bad : {"", ".", ".5", "5.", "1e1", "0x1", "-1", "+1", "1.2.3", "nan", "inf", "1,5", "9999999999", "0.1234567890123456"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_decimal(bad));
  }
}

TEST_CASE("layers: base, own, a number, a digest or its beginning") {
  using Layer = report::LayerChoice::Kind;
  CHECK(parse_layer("base")->kind == Layer::base);
  CHECK(parse_layer("OWN")->kind == Layer::own);
  CHECK(parse_layer("12")->index == 12);
  CHECK(parse_layer("sha256:5dd5771a5f6a")->digest == "sha256:5dd5771a5f6a");
  CHECK(parse_layer("5dd5771a5f6a")->digest == "sha256:5dd5771a5f6a");
  CHECK(parse_layer("123456789012")->digest == "sha256:123456789012");  // what a report shows may have no letters
  for (const std::string_view bad : {"", "0", "all", "sha256:", "sha256:xyz1234", "abc", "-1"}) CHECK_FALSE(parse_layer(bad));
  CHECK(parse_layer("bass").error().text == "bass: not a layer (base, own, a number from 1, or sha256:...); did you mean base?");
}

}  // namespace eclair::cli
