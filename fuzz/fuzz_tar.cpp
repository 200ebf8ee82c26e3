// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "util/tar.h"
#include "util/byte_stream.h"

// Any bytes: the walk ends, every name is clean, and no body is longer than its entry says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const MemorySource bytes(std::string(reinterpret_cast<const char*>(data), size));
  SourceStream stream(bytes, 700);
  Limits limits;
  limits.image_bytes = 1u << 26;  // holes of sparse files are read too: keep one input fast
  auto reader = tar_reader(stream, limits);
  while (true) {
    const auto entry = reader->next();
    if (!entry || *entry == nullptr) return 0;
    const auto& path = (*entry)->path;
    if (path.empty() || path.front() == '/' || path.find("//") != std::string_view::npos) std::abort();
    if ((*entry)->size > limits.image_bytes) continue;
    std::uint64_t got = 0;
    while (true) {
      const auto piece = reader->read();
      if (!piece) return 0;
      if (piece->empty()) break;
      got += piece->size();
    }
    if (got != (*entry)->size) std::abort();
  }
}
