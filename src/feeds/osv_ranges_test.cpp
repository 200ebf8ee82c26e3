// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/osv_ranges.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "support/random.h"
#include "util/text.h"

namespace eclair::feeds {
namespace osv_ranges_test_detail {

/// "i1 f2 l3 x4": introduced, fixed, last_affected, limit.
std::vector<OsvEvent> events(std::string_view words) {
  std::vector<OsvEvent> out;
  for (const std::string_view word : text::words(words)) {
    const Bound bound = word[0] == 'i' ? Bound::introduced : word[0] == 'f' ? Bound::fixed : word[0] == 'l' ? Bound::last_affected : Bound::limit;
    out.push_back({bound, std::string(word.substr(1))});
  }
  return out;
}

std::string shown(const std::vector<Range>& ranges) {
  std::string out;
  for (const Range& r : ranges) out += "[" + r.introduced + "," + r.upper + (r.upper_inclusive ? "]" : ")") + (r.semver ? "s" : "");
  return out;
}

/// The evaluation as the schema words it, for whole numbers: events sorted by version, walked.
bool affected(int v, std::vector<OsvEvent> all) {
  const auto number = [](const OsvEvent& e) { return std::stoi(e.version); };
  const auto rank = [](Bound b) { return b == Bound::introduced ? 0 : b == Bound::last_affected ? 1 : b == Bound::fixed ? 2 : 3; };
  std::stable_sort(all.begin(), all.end(), [&](const OsvEvent& a, const OsvEvent& b) {
    return std::pair(number(a), rank(a.bound)) < std::pair(number(b), rank(b.bound));
  });
  bool state = false, limited = false, below = false;
  for (const OsvEvent& e : all) {
    if (e.bound == Bound::introduced && number(e) <= v) state = true;
    if (e.bound == Bound::fixed && number(e) <= v) state = false;
    if (e.bound == Bound::last_affected && number(e) < v) state = false;
    if (e.bound == Bound::limit) {
      limited = true;
      below = below || v < number(e);
    }
  }
  return state && (!limited || below);
}

bool inside(int v, const std::vector<Range>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [v](const Range& r) {
    const int from = r.introduced.empty() ? 0 : std::stoi(r.introduced);
    if (v < from) return false;
    return r.upper.empty() || v < std::stoi(r.upper) || (r.upper_inclusive && v == std::stoi(r.upper));
  });
}

}  // namespace osv_ranges_test_detail
using namespace osv_ranges_test_detail;

TEST_CASE("osv ranges: events become ranges") {
  struct {
    const char *events, *want;
  } const cases[] = {
      {"i0", "[,)"},
      {"i0 f2", "[,2)"},
      {"i1.5 f2 i3 f3.1", "[1.5,2)[3,3.1)"},
      {"f3.1 i3 f2 i1.5", "[1.5,2)[3,3.1)"},          // the list is unsorted
      {"i10 f11 i9 f9.5", "[9,9.5)[10,11)"},          // by version, not by letters
      {"i0 l2", "[,2]"},
      {"i1 l2 f3", "[1,2]"},                          // a list must not mix both, but does
      {"i1 f2 l3", "[1,2)"},
      {"i1 l2 f2", "[1,2)"},
      {"i1.2 f1.2", ""},                              // introduced comes first at one version: nothing is affected
      {"i1.2 l1.2", "[1.2,1.2]"},
      {"f1 i2", "[2,)"},
      {"f1", ""},
      {"i1 i2 f3", "[1,3)"},
      {"i5 f6 f7 f5.5", "[5,5.5)"},
      {"i0 f1 i2", "[,1)[2,)"},
      {"i0 x5", "[,5)"},
      {"i0 f3 i4 x2", "[,2)"},
      {"i1 l5 x5", "[1,5)"},
      {"i0 x2 x5", "[,5)"},                           // below one of them is enough
      {"i0 x2 x*", "[,)"},
      {"i0.0.0-0 f2", "[0.0.0-0,2)"},
      {"i1.0rc1 f1.0", "[1.0rc1,1.0)"},
      {"", ""},
  };
  for (const auto& one : cases) {
    CAPTURE(one.events);
    CHECK(shown(fold_osv_events(events(one.events), nullptr, false)) == one.want);
    if (std::string_view(one.events).find("rc") != std::string_view::npos) continue;  // later than the release, says dpkg
    CHECK(shown(fold_osv_events(events(one.events), version::find_scheme("dpkg"), false)) == one.want);
  }
  CHECK(shown(fold_osv_events(events("i0.0.0-0 f2"), nullptr, true)) == "[,2)s");  // RustSec's "from the start"
  CHECK(shown(fold_osv_events(events("i0 f1"), version::find_scheme("dpkg"), false)) == "[,1)");
  CHECK(shown(fold_osv_events(events("f1~rc1 i0~0"), version::find_scheme("dpkg"), false)) == "[0~0,1~rc1)");  // only "0" itself is the beginning
}

TEST_CASE("osv ranges: ranges say of every version what walking the events says") {
  const std::uint64_t seed = test::seed_or(7);
  CAPTURE(seed);
  test::Random random(seed);
  for (int round = 0; round < 5000; ++round) {
    std::string words;
    for (std::size_t n = random.below(8); n > 0; --n) words += std::string(1, "iiifffllx"[random.below(9)]) + std::to_string(random.below(10)) + " ";
    CAPTURE(words);
    const std::vector<OsvEvent> all = events(words);
    for (const version::Scheme* const scheme : {static_cast<const version::Scheme*>(nullptr), version::find_scheme("dpkg")}) {
      const std::vector<Range> ranges = fold_osv_events(all, scheme, false);
      for (int v = 0; v <= 10; ++v) {
        CAPTURE(v);
        CHECK(inside(v, ranges) == affected(v, all));
      }
    }
  }
}

TEST_CASE("osv ranges: the loose order") {
  const char* const ascending[] = {"0", "0.1a", "0.1", "0.9", "0.10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-rc1", "1.0.0", "1.0.0.post1", "1.0.0.1", "v1.0.1", "1.2", "2rc1", "2", "10"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t k = 0; k < std::size(ascending); ++k) {
      CAPTURE(ascending[i]);
      CAPTURE(ascending[k]);
      CHECK(loose_before(ascending[i], ascending[k]) == (i < k));
    }
  }
  // Words that make a version later than the one without, and all others earlier.
  for (const std::string word : {"post", "patch", "p", "pl", "sp", "final", "release", "GA"}) {
    CAPTURE(word);
    CHECK(loose_before("1.0", "1.0-" + word));
    CHECK_FALSE(loose_before("1.0-" + word, "1.0"));
  }
  for (const std::string word : {"a", "beta", "rc", "dev", "snapshot", "preview"}) {
    CAPTURE(word);
    CHECK(loose_before("1.0-" + word, "1.0"));
    CHECK_FALSE(loose_before("1.0", "1.0-" + word));
  }
  CHECK_FALSE(loose_before("1.0", "01.00"));
  CHECK_FALSE(loose_before("01.00", "1.0"));
}

}  // namespace eclair::feeds
