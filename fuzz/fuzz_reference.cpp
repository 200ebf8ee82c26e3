// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Names typed by users and sent to the server: never crash, and what is accepted means the same when written out in full.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "image/platform.h"
#include "image/reference.h"
#include "net/client.h"
#include "net/url.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto reference = eclair::image::parse_reference(text);
  if (reference) {
    const auto again = eclair::image::parse_reference(reference->text());
    if (!again || again->text() != reference->text() || reference->version().empty()) std::abort();
    const auto familiar = eclair::image::parse_reference(reference->familiar());
    if (!familiar || familiar->path != reference->path || familiar->domain != reference->domain) std::abort();
  } else if (reference.error().text.find('\n') != std::string::npos) {
    std::abort();
  }
  eclair::net::is_loopback(text);
  if (const auto platform = eclair::image::parse_platform(text)) {
    if (eclair::image::normalised(*platform) != *platform) std::abort();
  }
  return 0;
}
