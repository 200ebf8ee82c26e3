// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/content_sum.h"

#include "util/bytes.h"
#include "util/digest.h"

namespace eclair::store {
ContentSum::Piece ContentSum::of(std::vector<std::string_view> parts) {
  Encoder lengths;
  for (const std::string_view part : parts) lengths.number(part.size());
  parts.push_back(lengths.bytes());
  return sha256_bytes(parts);
}

void ContentSum::apply(const Piece& piece, bool negative) {
  std::uint64_t carry = negative ? 1 : 0;  // a - b = a + ~b + 1
  for (std::size_t i = 0; i < words_.size(); ++i) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 4; ++k) word |= static_cast<std::uint32_t>(static_cast<unsigned char>(piece[4 * i + k])) << (8 * k);
    const std::uint64_t sum = carry + words_[i] + (negative ? static_cast<std::uint32_t>(~word) : word);
    words_[i] = static_cast<std::uint32_t>(sum);
    carry = sum >> 32;
  }
}

std::string ContentSum::stored() const {
  std::string out;
  for (const std::uint32_t word : words_) {
    for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>((word >> shift) & 0xff);
  }
  return out;
}

ContentSum ContentSum::from_stored(std::string_view bytes) {
  ContentSum out;
  if (bytes.size() != sizeof(Piece)) return out;
  Piece piece{};
  for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = bytes[i];
  out.add(piece);
  return out;
}

std::string ContentSum::id() const { return std::string(sha256(stored()).hex().substr(0, 32)); }

}  // namespace eclair::store
