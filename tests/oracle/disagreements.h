// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "util/text.h"

namespace eclair::test {

/// What the oracle programs report, and their exit code.
class Disagreements {
 public:
  Disagreements(std::string_view oracle, std::uint64_t seed, std::size_t pairs) : oracle_(oracle), pairs_(pairs) {
    std::printf("%s: %zu pairs, ECLAIR_TEST_SEED=%llu\n", oracle_.c_str(), pairs, static_cast<unsigned long long>(seed));
  }

  void expect(std::string_view what, std::string_view ours, std::string_view theirs) {
    ++checked_;
    if (ours == theirs) return;
    if (++count_ > kShown) return;
    std::printf("%s: ours %.*s, theirs %.*s\n", text::quoted(what, 400).c_str(), static_cast<int>(ours.size()), ours.data(),
                static_cast<int>(theirs.size()), theirs.data());
  }

  int finish() const {
    std::printf("%s: %zu answers compared, %zu disagreements\n", oracle_.c_str(), checked_, count_);
    return count_ == 0 && checked_ >= pairs_ ? EXIT_SUCCESS : EXIT_FAILURE;
  }

 private:
  static constexpr std::size_t kShown = 20;
  std::string oracle_;
  std::size_t pairs_;
  std::size_t checked_ = 0;
  std::size_t count_ = 0;
};

inline std::string_view sign_of(int order) { return order < 0 ? "<" : order > 0 ? ">" : "="; }

/// The only argument: how many pairs; else `usual`.
inline std::size_t pairs_wanted(int argc, char** argv, std::size_t usual) {
  return argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : usual;
}

inline constexpr int kSkipped = 77;

}  // namespace eclair::test
