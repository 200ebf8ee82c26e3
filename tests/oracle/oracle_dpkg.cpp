// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order and the grammar of `dpkg` against dpkg's own C functions: oracle_dpkg [PAIRS].
#include <dpkg/dpkg-db.h>
#include <dpkg/dpkg.h>
#include <dpkg/error.h>
#include <dpkg/version.h>

#include <string>
#include <string_view>

#include "oracle/disagreements.h"
#include "support/version_words.h"
#include "version/scheme.h"

namespace {

/// False: dpkg reports an error. Its warnings leave the version parsed.
bool parse(const std::string& text, dpkg_version& version) {
  dpkg_error problem = DPKG_ERROR_INIT;
  parseversion(&version, text.c_str(), &problem);
  const bool taken = problem.type != DPKG_MSG_ERROR;
  dpkg_error_destroy(&problem);
  return taken;
}

constexpr std::string_view yes_no(bool yes) { return yes ? "taken" : "refused"; }

}  // namespace

int main(int argc, char** argv) {
  using namespace eclair;
  const version::Scheme& scheme = *version::find_scheme("dpkg");
  const std::uint64_t seed = test::seed_or(20240603);
  const std::size_t pairs = test::pairs_wanted(argc, argv, 200'000);
  test::VersionWords words(test::pieces_of("dpkg"), seed);
  test::Disagreements report("libdpkg", seed, pairs);
  std::size_t ordered = 0;
  for (std::size_t i = 0; i < pairs; ++i) {
    const auto [a, b] = words.pair();
    dpkg_version left;
    dpkg_version right;
    const bool left_taken = parse(a, left);
    const bool right_taken = parse(b, right);
    report.expect(a, yes_no(scheme.is_valid(a)), yes_no(left_taken));
    report.expect(b, yes_no(scheme.is_valid(b)), yes_no(right_taken));
    if (left_taken && right_taken) {
      const auto order = scheme.compare(a, b);
      const int ours = order < 0 ? -1 : order > 0 ? 1 : 0;
      report.expect(a + "  against  " + b, test::sign_of(ours), test::sign_of(dpkg_version_compare(&left, &right)));
      ++ordered;
    }
    if (i % 1000 == 999) nffreeall();  // parseversion() keeps its copies in dpkg's pool
  }
  nffreeall();
  std::printf("%zu pairs had two versions that dpkg takes\n", ordered);
  return ordered * 4 < pairs ? EXIT_FAILURE : report.finish();
}
