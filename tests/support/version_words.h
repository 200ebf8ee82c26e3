// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/random.h"

// Versions that are hard to compare: put together from the few pieces that rules differ on, and in pairs that share most of them.
namespace eclair::test {

inline constexpr std::string_view kDpkgPieces[] = {
    "0",
    "1",
    "9",
    "00",
    "01",
    "10",
    "09",
    "010",
    "2147483647",
    "2147483648",
    "18446744073709551616",
    "99999999999999999999999",
    "a",
    "b",
    "Z",
    "A",
    "rc",
    "dfsg",
    "ubuntu",
    "deb12u1",
    "~",
    "~~",
    "~rc1",
    "+",
    "+b1",
    "-",
    "-0",
    "-1",
    ".",
    "..",
    ":",
    "0:",
    "1:",
    "00:",
    "_",
    "^",
    "/",
    "=",
    "@",
    "[",
    "`",
    "{",
    "!",
};
inline constexpr std::string_view kDpkgRarePieces[] = {" ", "\t", "\v", "\r", "+1:", "-0:", "-1:", "a:", "\x01", "\x7f"};

inline constexpr std::string_view kRpmPieces[] = {
    "0",
    "1",
    "9",
    "00",
    "01",
    "10",
    "09",
    "010",
    "18446744073709551616",
    "99999999999999999999999",
    "a",
    "b",
    "Z",
    "A",
    "rc",
    "git",
    "el8",
    "fc",
    "~",
    "~~",
    "~rc1",
    "^",
    "^^",
    "^git1",
    "~^",
    "^~",
    "+",
    "-",
    "-0",
    "-1",
    ".",
    "..",
    ":",
    "0:",
    "1:",
    "00:",
    "_",
    "/",
    "=",
    "@",
    "[",
    "{",
    "!",
};
inline constexpr std::string_view kRpmRarePieces[] = {" ", "\t", "\x01", "\x7f", "\xc3\xa4", "\xff"};

inline constexpr std::string_view kApkPieces[] = {
    "0",
    "1",
    "9",
    "00",
    "01",
    "10",
    "09",
    "010",
    "000",
    "20240101",
    "12345678901234567",
    "123456789012345678",
    ".0",
    ".1",
    ".9",
    ".00",
    ".01",
    ".10",
    ".001",
    ".0015",
    "a",
    "b",
    "z",
    "p",
    "_alpha",
    "_beta",
    "_pre",
    "_rc",
    "_cvs",
    "_svn",
    "_git",
    "_hg",
    "_p",
    "_alpha1",
    "_pre2",
    "_rc01",
    "_p1",
    "_p0",
    "_foo",
    "_prefoo",
    "_",
    "~",
    "~0",
    "~abc",
    "~1234",
    "-r",
    "-r0",
    "-r1",
    "-r00",
    "-r10",
    "-",
    "-1",
    ".",
    "..",
    ":",
    "+",
    "A",
};
inline constexpr std::string_view kApkRarePieces[] = {" ", "_a", "_r", "_post", "~xyz", "~ABC", "-rc1", "^", "\x7f", "\xff"};

inline constexpr std::string_view kPacmanPieces[] = {
    "0", "1", "9", "00", "01", "10", "010", "18446744073709551616", "99999999999999999999999", "a", "b", "Z", "A", "rc", "rc1", "r5", "git",
    "~", "~rc1", "^", "+", "+r5", "-1", "-1", "-2", "-1.1", "-01", "-1.a", ".", ".", "..", ".0", ".1", ".a", "_", "_1", "0:", "1:", "00:", "@",
};
inline constexpr std::string_view kPacmanRarePieces[] = {" ", "\t", "/", "-", ":", "a:", "\x7f", "\xc3\xa4"};

struct Pieces {
  std::span<const std::string_view> common;
  std::span<const std::string_view> rare;
  std::string_view start{};  ///< what most of the texts begin with, where a grammar wants it
};

inline Pieces pieces_of(std::string_view scheme) {
  if (scheme == "dpkg") return {kDpkgPieces, kDpkgRarePieces};
  if (scheme == "rpm") return {kRpmPieces, kRpmRarePieces};
  if (scheme == "pacman") return {kPacmanPieces, kPacmanRarePieces};
  return {kApkPieces, kApkRarePieces, "1"};
}

class VersionWords {
 public:
  VersionWords(Pieces pieces, std::uint64_t seed) : pieces_(pieces), random_(seed) {}

  std::string one() { return text_of(words()); }

  std::pair<std::string, std::string> pair() {
    const std::vector<std::string_view> first = words();
    if (random_.one_in(4)) return {text_of(first), one()};
    return {text_of(first), text_of(changed(first))};
  }

  /// Three texts that lie close together.
  std::vector<std::string> triple() {
    const std::vector<std::string_view> first = words();
    const std::vector<std::string_view> second = changed(first);
    return {text_of(first), text_of(second), text_of(changed(random_.one_in(2) ? first : second))};
  }

 private:
  std::string_view piece() {
    const auto& from = random_.one_in(60) ? pieces_.rare : pieces_.common;
    return from[random_.below(from.size())];
  }

  std::vector<std::string_view> words() {
    std::vector<std::string_view> all;
    if (!pieces_.start.empty() && !random_.one_in(20)) all.push_back(pieces_.start);
    const std::size_t count = random_.below(7);
    for (std::size_t i = 0; i < count; ++i) all.push_back(piece());
    return all;
  }

  std::vector<std::string_view> changed(std::vector<std::string_view> all) {
    const std::size_t changes = 1 + random_.below(2);
    for (std::size_t i = 0; i < changes; ++i) {
      const std::size_t at = random_.below(all.size() + 1);
      const auto place = all.begin() + static_cast<std::ptrdiff_t>(at);
      switch (random_.below(3)) {
        case 0:
          all.insert(place, piece());
          break;
        case 1:
          if (at < all.size()) all.erase(place);
          break;
        default:
          if (at < all.size()) *place = piece();
      }
    }
    return all;
  }

  static std::string text_of(const std::vector<std::string_view>& all) {
    std::string text;
    for (const std::string_view word : all) text += word;
    return text;
  }

  Pieces pieces_;
  Random random_;
};

}  // namespace eclair::test
