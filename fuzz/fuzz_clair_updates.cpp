// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/clair_updates.h"
#include "support/taking_advisories.h"

using namespace eclair;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static_cast<void>(feeds::is_clair_updates(bytes.substr(0, feeds::kClairHeadBytes)));
  test::TakingAdvisories sink;
  const auto done = feeds::import_clair(sink, std::make_unique<test::Pieces>(bytes), {}, Limits{}, Cancel{});
  if (!done && done.error().text.empty()) __builtin_trap();
  return 0;
}
