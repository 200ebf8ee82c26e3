// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>
#include <string>

#include "feeds/zip.h"

// Any bytes: the directory is walked to an end, and a member that is read has the size it was promised to have.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const MemorySource bytes(std::string(reinterpret_cast<const char*>(data), size));
  Limits limits;
  limits.feed_bytes = 1u << 24;
  const Cancel stop;
  auto zip = feeds::ZipReader::open(bytes, limits);
  if (!zip) return 0;
  feeds::ZipMember member;
  while (true) {
    const auto more = zip->next(member);
    if (!more || !*more) return 0;
    const auto read = zip->read(member, stop);
    if (read && (*read)->size() != member.size) std::abort();
  }
}
