// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Page tokens: what nobody made is refused, what was made comes back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/classic/page_token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  static const service::PageTokens tokens = *service::PageTokens::create("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=");
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  (void)tokens.read(input, 499162800);
  if (input.empty() || input.size() > 1000) return 0;
  const auto made = tokens.make(input, 1000);
  if (!made || tokens.read(*made, 1000) != std::string(input)) std::abort();
  return 0;
}
