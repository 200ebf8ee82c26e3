// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// A record of pacman's local database.
#include <cstdint>
#include <cstdio>

#include "extract_target.h"

namespace eclair::extract {
const Extractor& os_alpm();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::run(extract::os_alpm(), "var/lib/pacman/local/a-1-1/desc", bytes);
  const auto found = fuzz::run(extract::os_alpm(), "var/lib/pacman/local/a-1-1/desc", "%NAME%\nthe-first\n\n%VERSION%\n7-1\n\n" + std::string(bytes));
  if (found.packages.empty() || found.packages.back().package.name != "the-first") fuzz::broken("the first name is lost");
  fuzz::run(extract::os_alpm(), "var/lib/pacman/local/a-1-1/desc", "%NAME%\na\n\n%VERSION%\n1-1\n", "files", bytes);
  return 0;
}
