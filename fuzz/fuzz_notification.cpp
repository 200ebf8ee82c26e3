// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Notifications as they are stored: damage is refused, and what was taken is written as the same bytes and read again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "service/notify/notification_content.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const auto content = service::decode_notification({reinterpret_cast<const char*>(data), size});
  if (!content) return 0;
  const std::string written = service::encode(*content);
  const auto again = service::decode_notification(written);
  if (!again || service::encode(*again) != written || again->before.has_value() != content->before.has_value() ||
      again->after.has_value() != content->after.has_value() || again->vulnerability != content->vulnerability) {
    std::abort();
  }
  return 0;
}
