// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// apk's database of installed packages.
#include <cstdint>
#include <cstdio>

#include "extract_target.h"

namespace eclair::extract {
const Extractor& os_apk();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::run(extract::os_apk(), "lib/apk/db/installed", bytes);
  const auto found = fuzz::run(extract::os_apk(), "lib/apk/db/installed", std::string(bytes) + "\n\nP:the-last\nV:7-r0");
  if (found.packages.empty() || found.packages.back().package.name != "the-last") fuzz::broken("the last package is lost");
  return 0;
}
