// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What clients send of images that they read. What was taken is written and read again, and can be merged.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "index/index.h"
#include "service/images/image_document.h"
#include "service/images/sent_image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)service::decode_image_document(bytes);
  const auto sent = service::decode_sent_image(bytes, Limits{});
  if (!sent) return 0;
  const auto again = service::decode_sent_image(encode(*sent), Limits{});
  if (!again || again->records != sent->records || again->layers != sent->layers || again->names != sent->names) std::abort();
  std::vector<const LayerRecord*> stack;
  const LayerRecord nothing;
  for (const Digest& layer : sent->layers) {
    stack.push_back(&nothing);
    for (const LayerRecord& record : sent->records) {
      if (record.digest == layer) stack.back() = &record;
    }
  }
  (void)index::assemble(sent->image, stack, Limits{});
  return 0;
}
