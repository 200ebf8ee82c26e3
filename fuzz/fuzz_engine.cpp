// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What container engines answer and keep: descriptions of images, lists of containers-storage, storage.conf; and docker's configuration file,
// which login writes anew. The first byte says which; the rest is the document.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "image/containers_storage.h"
#include "image/credential_file.h"
#include "image/engine.h"
#include "util/digest.h"
#include "util/text.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Ids become names of folders.
void check_id(std::string_view id) { require(!id.empty() && id.find('/') == std::string_view::npos && id.find('.') == std::string_view::npos); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  using namespace eclair::image;
  if (size == 0) return 0;
  const Limits limits;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 5) {
    case 0: {
      if (const auto image = parse_engine_image(text, limits)) require(Digest::parse(image->id).has_value());
      const std::string message = engine_message(text, limits);
      require(std::none_of(message.begin(), message.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
      break;
    }
    case 1:
      if (const auto images = parse_stored_images(text, limits)) {
        for (const StoredImage& one : *images) {
          check_id(one.id);
          if (!one.layer.empty()) check_id(one.layer);
        }
      }
      break;
    case 2:
      if (const auto layers = parse_stored_layers(text, limits)) {
        for (const auto& [id, layer] : *layers) {
          check_id(id);
          if (!layer.parent.empty()) check_id(layer.parent);
        }
      }
      break;
    case 3: (void)parse_storage_config(text); break;
    default: {
      const auto with = with_login(text, "ghcr.io", "me", "pass");
      if (!with) break;
      bool had = false;
      const auto without = without_login(*with, "ghcr.io", had);
      require(had && without.has_value());
      had = false;
      require(without_login(*without, "ghcr.io", had).has_value() && !had);
      break;
    }
  }
  return 0;
}
