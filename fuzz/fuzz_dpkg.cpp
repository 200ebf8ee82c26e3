// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// dpkg's database, its split form, its file lists, and opkg's: the first byte chooses.
#include <cstdint>
#include <cstdio>

#include "extract_target.h"

namespace eclair::extract {
const Extractor& os_dpkg();
const Extractor& os_dpkg_split();
const Extractor& os_dpkg_files();
const Extractor& os_opkg();
}  // namespace eclair::extract

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'l': fuzz::run(extract::os_dpkg_files(), "var/lib/dpkg/info/libx:amd64.list", bytes); break;
    case 'm': fuzz::run(extract::os_dpkg_split(), "var/lib/dpkg/status.d/bGlieA==.md5sums", bytes); break;
    case 's': fuzz::run(extract::os_dpkg_split(), "var/lib/dpkg/status.d/x", bytes); break;
    case 'o': fuzz::run(extract::os_opkg(), "usr/lib/opkg/status", bytes); break;
    default: {
      // A package after an empty line is found whatever came before, unless the file is another program's.
      fuzz::run(extract::os_dpkg(), "var/lib/dpkg/status", bytes);
      const auto found = fuzz::run(extract::os_dpkg(), "var/lib/dpkg/status", std::string(bytes) + "\n\nPackage: the-last\nVersion: 7\n");
      const bool foreign = found.packages.empty();
      if (!foreign && found.packages.back().package.name != "the-last") fuzz::broken("the last package is lost");
    }
  }
  return 0;
}
