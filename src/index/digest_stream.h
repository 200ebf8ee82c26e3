// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "util/byte_stream.h"
#include "util/digest.h"

namespace eclair::index {

/// Passes a stream on, counts it and (if wanted) computes its digest.
class DigestStream final : public ByteStream {
 public:
  /// in: must outlive it.  algorithm: "" = only count.
  DigestStream(ByteStream& in, std::string_view algorithm) : in_(in) {
    if (!algorithm.empty()) hasher_.emplace(algorithm);
  }
  Result<std::string_view> next() override {
    ECLAIR_TRY(const std::string_view piece, in_.next());
    if (hasher_) hasher_->update(piece);
    bytes_ += piece.size();
    return piece;
  }
  /// Reads to the end: a digest covers padding and trailing frames that nobody else reads.
  Result<> drain() {
    while (true) {
      ECLAIR_TRY(const std::string_view piece, next());
      if (piece.empty()) return {};
    }
  }
  std::uint64_t bytes() const { return bytes_; }
  Digest finish() { return hasher_ ? hasher_->finish() : Digest{}; }  ///< once

 private:
  ByteStream& in_;
  std::optional<Hasher> hasher_;
  std::uint64_t bytes_ = 0;
};

}  // namespace eclair::index
