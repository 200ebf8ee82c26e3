// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string>

#include "util/decompress.h"

namespace {
struct Outcome {
  std::string bytes, error;
};

Outcome unpack(const eclair::ByteSource& in, std::size_t piece_bytes) {
  using namespace eclair;
  Limits limits;
  limits.zstd_window_bytes = 8u << 20;
  SourceStream stream(in, piece_bytes);
  auto out = decompress(stream, limits);
  Outcome outcome;
  while (outcome.bytes.size() < (16u << 20)) {
    const auto piece = out->next();
    if (!piece) {
      outcome.error = "failed";
      return outcome;
    }
    if (piece->empty()) return outcome;
    outcome.bytes.append(*piece);
  }
  return outcome;
}
}  // namespace

// Any bytes: no codec reads or writes outside, and how the input is cut does not change what comes out of a sound stream.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const eclair::MemorySource bytes(std::string(reinterpret_cast<const char*>(data), size));
  const Outcome whole = unpack(bytes, size + 1), pieces = unpack(bytes, 13);
  if (whole.error != pieces.error || (whole.error.empty() && whole.bytes != pieces.bytes)) std::abort();
  return 0;
}
