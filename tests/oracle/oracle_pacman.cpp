// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of `pacman` against libalpm's own: oracle_pacman [PAIRS].
#include <string>
#include <string_view>

#include "oracle/disagreements.h"
#include "support/version_words.h"
#include "version/scheme.h"

// alpm.h, without what it includes.
extern "C" int alpm_pkg_vercmp(const char* a, const char* b);

namespace {

bool has_release(std::string_view version) { return version.find('-') != std::string_view::npos; }

}  // namespace

int main(int argc, char** argv) {
  using namespace eclair;
  const version::Scheme& scheme = *version::find_scheme("pacman");
  const std::uint64_t seed = test::seed_or(20240605);
  const std::size_t pairs = test::pairs_wanted(argc, argv, 200'000);
  test::VersionWords words(test::pieces_of("pacman"), seed);
  test::Disagreements report("libalpm", seed, pairs);
  std::size_t different = 0, one_release = 0;
  for (std::size_t compared = 0; compared < pairs;) {
    const auto [a, b] = words.pair();
    if (!scheme.is_valid(a) || !scheme.is_valid(b)) continue;  // where libalpm contradicts itself: src/version/pacman.cpp
    ++compared;
    const int theirs = alpm_pkg_vercmp(a.c_str(), b.c_str());
    const auto order = scheme.as_tool(a, b);
    one_release += has_release(a) != has_release(b);
    different += theirs != 0;
    report.expect(a + "  against  " + b, test::sign_of(order < 0 ? -1 : order > 0 ? 1 : 0), test::sign_of(theirs));
  }
  std::printf("%zu pairs differ, %zu have one release between them\n", different, one_release);
  return different * 2 < pairs || one_release == 0 ? EXIT_FAILURE : report.finish();
}
