// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// CVSS vectors come with advisories, and are anything that somebody typed. What is read has a name that is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/cvss_vector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const CvssVector got = cvss_vector(std::string_view(reinterpret_cast<const char*>(data), size));
  AccessVector access{};
  AccessComplexity complexity{};
  if (got.access && (!parse(name(*got.access), access) || access != *got.access)) std::abort();
  if (got.complexity && (!parse(name(*got.complexity), complexity) || complexity != *got.complexity)) std::abort();
  return 0;
}
