// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// rpm's database in SQLite. An input is the size of a write-ahead log (4 bytes, little-endian), the log, and the database.
#include <cstdint>
#include <cstdio>

#include "extract_target.h"

namespace eclair::extract {
const Extractor& os_rpm();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  if (size < 4) return 0;
  std::size_t wal_bytes = 0;
  for (int i = 3; i >= 0; --i) wal_bytes = wal_bytes << 8 | data[i];
  const std::string_view rest(reinterpret_cast<const char*>(data) + 4, size - 4);
  if (wal_bytes > rest.size()) return 0;
  fuzz::run(extract::os_rpm(), "var/lib/rpm/rpmdb.sqlite", rest.substr(wal_bytes), wal_bytes == 0 ? "" : "rpmdb.sqlite-wal", rest.substr(0, wal_bytes));
  return 0;
}
