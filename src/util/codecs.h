// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "util/byte_stream.h"
#include "util/limits.h"

namespace eclair::codecs {

/// Gives a stream's bytes to a decoder piece by piece, and remembers where it is for messages.
class Input {
 public:
  explicit Input(ByteStream& in) : in_(in) {}
  /// Makes rest() non-empty; false at the end of the stream.
  Result<bool> refill() {
    if (!rest_.empty()) return true;
    ECLAIR_TRY(rest_, in_.next());
    return !rest_.empty();
  }
  std::string_view rest() const { return rest_; }
  void consume(std::size_t n) {
    rest_.remove_prefix(n);
    offset_ += n;
  }
  std::uint64_t offset() const { return offset_; }
  void prepend(std::string_view sniffed) { rest_ = sniffed; }

 private:
  ByteStream& in_;
  std::string_view rest_;
  std::uint64_t offset_ = 0;
};

/// Decoded bytes come in pieces of at most this: large enough to spread a call's cost, small enough to stay in the second-level cache.
inline constexpr std::size_t kOutputBytes = 256u << 10;

std::unique_ptr<ByteStream> gzip(ByteStream& in);
std::unique_ptr<ByteStream> zstd(ByteStream& in, const Limits& limits);
std::unique_ptr<ByteStream> bzip2(ByteStream& in);
std::unique_ptr<ByteStream> xz(ByteStream& in, const Limits& limits);

}  // namespace eclair::codecs
