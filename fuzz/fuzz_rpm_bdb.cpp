// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// rpm's database in Berkeley DB.
#include <cstdint>
#include <cstdio>

#include "extract_target.h"

namespace eclair::extract {
const Extractor& os_rpm();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  fuzz::run(extract::os_rpm(), "var/lib/rpm/Packages", std::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
