// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eclair::store {

/// A hash of a set of pieces that is kept up to date piece by piece: the sum modulo 2^256 of the pieces' SHA-256.
/// Order and history leave no trace, so equal content has an equal sum however it came about.
/// Meant against mistakes, not against somebody who searches for collisions.
class ContentSum {
 public:
  using Piece = std::array<char, 32>;
  static Piece of(std::vector<std::string_view> parts);  ///< boundaries count: {"a","bc"} and {"ab","c"} differ
  void add(const Piece& piece) { apply(piece, false); }
  void subtract(const Piece& piece) { apply(piece, true); }
  std::string stored() const;
  static ContentSum from_stored(std::string_view bytes);  ///< not 32 bytes: an empty sum
  std::string id() const;  ///< 32 hex digits

 private:
  void apply(const Piece& piece, bool negative);
  std::array<std::uint32_t, 8> words_{};
};

}  // namespace eclair::store
