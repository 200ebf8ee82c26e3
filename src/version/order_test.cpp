// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What holds for every scheme and every text: the order is total. Texts are random pieces of the scheme's own grammar, close together.
#include <doctest/doctest.h>

#include <algorithm>
#include <compare>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/version_words.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::version {
namespace order_test_detail {

constexpr int kTriples = 15'000;

/// For CAPTURE: control characters and broken UTF-8 made visible.
std::string shown(const std::string& version) { return "'" + text::clean(version) + "'"; }

/// Reflexive, antisymmetric, transitive, over all orders of three texts; plain ifs, as a million doctest assertions take seconds.
bool is_total_over(const Scheme& scheme, const std::vector<std::string>& three) {
  for (const std::string& a : three) {
    if (scheme.compare(a, a) != 0) return false;
    for (const std::string& b : three) {
      const auto ab = scheme.compare(a, b);
      if (scheme.compare(b, a) != (0 <=> ab)) return false;
      for (const std::string& c : three) {
        const auto bc = scheme.compare(b, c);
        if (ab > 0 || bc > 0) continue;
        // Equals are exchangeable: a strict step anywhere makes the whole strict.
        const auto want = ab < 0 || bc < 0 ? std::strong_ordering::less : std::strong_ordering::equal;
        if (scheme.compare(a, c) != want) return false;
      }
    }
  }
  return true;
}

}  // namespace order_test_detail

TEST_CASE("schemes are listed once and found by their names") {
  std::set<std::string_view> seen;
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.id);
    CHECK(seen.insert(scheme.id).second);
    CHECK_FALSE(scheme.title.empty());
    REQUIRE(find_scheme(scheme.id) != nullptr);
    CHECK((find_scheme(scheme.id)->compare == scheme.compare));
  }
  CHECK(seen == std::set<std::string_view>{"apk", "apk2", "dpkg", "pacman", "rpm"});
  CHECK(find_scheme("") == nullptr);
  CHECK(find_scheme("DPKG") == nullptr);
  CHECK(find_scheme("npm") == nullptr);
}

TEST_CASE("every version order is total over random neighbours") {
  using namespace order_test_detail;
  for (const Scheme& scheme : schemes()) {
    const std::uint64_t seed = test::seed_or(20240601);
    MESSAGE("ECLAIR_TEST_SEED=", seed, " scheme ", scheme.id);
    test::VersionWords words(test::pieces_of(scheme.id), seed);
    int different = 0;
    for (int i = 0; i < kTriples; ++i) {
      const std::vector<std::string> three = words.triple();
      INFO(scheme.id, " seed ", seed, ": ", shown(three[0]), " ", shown(three[1]), " ", shown(three[2]));
      REQUIRE(is_total_over(scheme, three));
      different += scheme.compare(three[0], three[1]) != 0;
    }
    CHECK(different > kTriples / 2);  // the texts are worth the name
  }
}

TEST_CASE("every version order is total over any bytes, zero and 255 included") {
  using namespace order_test_detail;
  for (const Scheme& scheme : schemes()) {
    const std::uint64_t seed = test::seed_or(20240602);
    test::Random random(seed);
    constexpr std::string_view kBytes("\0\x01\x7f\x80\xff 019azAZ~^+-.:_", 21);
    for (int i = 0; i < kTriples; ++i) {
      std::vector<std::string> three(3);
      for (std::string& text : three) {
        const std::size_t length = random.below(6);
        for (std::size_t k = 0; k < length; ++k) text.push_back(kBytes[random.below(kBytes.size())]);
      }
      INFO(scheme.id, " seed ", seed, ": ", shown(three[0]), " ", shown(three[1]), " ", shown(three[2]));
      REQUIRE(is_total_over(scheme, three));
    }
  }
}

TEST_CASE("a whole list of versions sorts into one order, however it was shuffled") {
  for (const Scheme& scheme : schemes()) {
    test::VersionWords words(test::pieces_of(scheme.id), 7);
    std::vector<std::string> list;
    for (int i = 0; i < 2000; ++i) list.push_back(words.one());
    const auto older = [&scheme](const std::string& a, const std::string& b) { return scheme.compare(a, b) < 0; };
    std::stable_sort(list.begin(), list.end(), older);
    for (std::size_t i = 0; i < list.size(); i += 7) {
      for (std::size_t j = i; j < list.size(); j += 7) {
        if (scheme.compare(list[i], list[j]) > 0) FAIL(std::string(scheme.id), ": '", list[i], "' sorted before '", list[j], "'");
      }
    }
  }
}

TEST_CASE("a version of a megabyte is compared to its last character") {
  for (const Scheme& scheme : schemes()) {
    CAPTURE(scheme.id);
    std::string a = "1";
    while (a.size() < (1u << 20)) a += ".1";
    CHECK(scheme.compare(a, a + ".1") < 0);
    CHECK(scheme.compare(a + ".2", a + ".10") < 0);
  }
  const std::string digits(1u << 20, '9');
  for (const std::string_view id : {"dpkg", "rpm", "apk", "pacman"}) {
    CAPTURE(id);
    CHECK(find_scheme(id)->compare(digits, digits + "0") < 0);
    CHECK(find_scheme(id)->compare(digits + "1", digits + "2") < 0);
  }
}

TEST_CASE("dpkg: bytes above ASCII are punctuation, in byte order, on any machine") {
  const auto compare = find_scheme("dpkg")->compare;
  CHECK(compare("1\x80", "1\xff") < 0);
  CHECK(compare("1z", "1\x80") < 0);
  CHECK(compare("1{", "1\x80") < 0);
}

TEST_CASE("rpm, pacman: a bound without a release is not compared by release") {
  struct Case {
    std::string_view installed;
    std::string_view bound;
    int want;
  };
  constexpr Case kCases[] = {
      {"2.4-1.el9", "2.4", 0},  {"2.4", "2.4-1", 0},   {"2.4-1", "2.4-2", -1}, {"2.4-3", "2.4-2", 1}, {"2.3-9", "2.4", -1},
      {"2.4.1-1", "2.4", 1},    {"1:2.3-1", "2.4", 1}, {"2.4-1", "1:2.3", -1}, {"0:2.4-1", "2.4", 0}, {"2.4~rc1-1", "2.4", -1},
      {"2.4^git1-1", "2.4", 1}, {"2.4", "2.4", 0},     {"2.4-", "2.4-0", -1},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.installed);
    CAPTURE(c.bound);
    for (const std::string_view id : {"rpm", "pacman"}) {
      // What has a release is compared by it; of the rest, tilde and caret are rpm's alone.
      if (id == "pacman" && (c.installed.find_first_of("~^") != std::string_view::npos || !find_scheme(id)->is_valid(c.installed))) continue;
      CAPTURE(id);
      CHECK(find_scheme(id)->compare_to_bound(c.installed, c.bound) == (c.want <=> 0));
      CHECK(find_scheme(id)->compare_to_bound(c.bound, c.installed) == (0 <=> c.want));
    }
  }
}

}  // namespace eclair::version
