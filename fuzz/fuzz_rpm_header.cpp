// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// One package header, as rpm's databases hold it.
#include <cstdint>
#include <cstdio>

#include "extract/rpm_header.h"
#include "extract_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view blob(reinterpret_cast<const char*>(data), size);
  Limits limits;
  limits.field_bytes = 4096;
  const auto header = extract::RpmHeader::parse(blob, limits);
  if (!header) return 0;
  if (header->name.empty() || header->version.empty() || header->release.empty()) fuzz::broken("a header without an identity");
  const auto inside = [&](std::string_view s) { return s.empty() || (s.data() >= blob.data() && s.data() + s.size() <= blob.data() + blob.size()); };
  for (const std::string_view s : {header->name, header->version, header->release, header->arch, header->source_rpm, header->vendor, header->modularity_label}) {
    if (!inside(s) || s.size() > limits.field_bytes) fuzz::broken("a field that is not one of the blob");
  }
  std::size_t bytes = 0;
  (void)header->files.each(4096, [&](std::string_view path) {
    bytes += path.size();
    if (path.empty() || path.front() == '/' || path.size() > 4096) fuzz::broken("an odd path");
    return true;
  });
  if (bytes > 8 * size) fuzz::broken("more bytes of paths than allowed");
  return 0;
}
