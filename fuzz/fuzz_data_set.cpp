// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/data_set.h"
#include "support/taking_advisories.h"

using namespace eclair;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  test::TakingAdvisories sink;
  const auto done = store::import_data_set(sink, std::make_unique<test::Pieces>(std::string_view(reinterpret_cast<const char*>(data), size)), {}, Limits{}, Cancel{});
  if (!done && done.error().text.empty()) __builtin_trap();
  return 0;
}
