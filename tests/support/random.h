// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace eclair::test {

/// SplitMix64: the same numbers from the same seed on every machine, which std::uniform_int_distribution does not promise.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// ECLAIR_TEST_SEED, or `usual`: a failure found once is found again.
inline std::uint64_t seed_or(std::uint64_t usual) {
  const char* given = std::getenv("ECLAIR_TEST_SEED");
  return given == nullptr || *given == '\0' ? usual : std::strtoull(given, nullptr, 10);
}

}  // namespace eclair::test
