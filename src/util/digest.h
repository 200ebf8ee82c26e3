// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair {

/// Names bytes by their content: "sha256:<64 hex>" or "sha512:<128 hex>", always lower case.
/// Of a stored blob it is the *digest*, of an uncompressed layer the *diff id*, of a stack of layers the *chain id*.
struct Digest {
  std::string text;  ///< whole, with the algorithm; empty = none

  /// Takes only the two algorithms and exactly their number of lower-case hex digits, so that it is safe as a file name.
  /// errors: invalid_input, unsupported (another algorithm).  source: image-spec descriptor.md
  static Result<Digest> parse(std::string_view text);

  std::string_view algorithm() const { return std::string_view(text).substr(0, text.find(':')); }
  std::string_view hex() const { return empty() ? std::string_view{} : std::string_view(text).substr(text.find(':') + 1); }
  std::string_view brief() const { return hex().substr(0, 12); }  ///< for people
  bool empty() const { return text.empty(); }
  auto operator<=>(const Digest&) const = default;
};

/// Computes a digest piece by piece.
class Hasher {
 public:
  explicit Hasher(std::string_view algorithm = "sha256");  ///< "sha256" or "sha512"
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  void update(std::string_view bytes);
  Digest finish();  ///< once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Digest sha256(std::string_view bytes);

/// The 32 bytes of the SHA-256 of all parts one after the other. For many small pieces: costs no more than the hashing.
std::array<char, 32> sha256_bytes(std::span<const std::string_view> parts);

}  // namespace eclair
