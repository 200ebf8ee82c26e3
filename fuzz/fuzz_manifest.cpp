// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Manifests, indexes, configs and their relatives of older forms. The first byte says which; the rest is the document.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "image/aci.h"
#include "image/history.h"
#include "image/manifest.h"
#include "image/platform.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const eclair::image::Descriptor& d, const eclair::Limits& limits) {
  require(eclair::Digest::parse(d.digest.text).has_value());
  require(d.size <= limits.image_bytes);
  require(d.digest.hex().find_first_not_of("0123456789abcdef") == std::string_view::npos);  // it becomes a file name
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  using namespace eclair::image;
  if (size == 0) return 0;
  Limits limits;
  limits.layers = 100;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0: {
      const auto manifest = parse_manifest(text, limits);
      if (!manifest) break;
      require(manifest->layers.size() <= limits.layers);
      for (const Descriptor& d : manifest->layers) check(d, limits);
      for (const Descriptor& d : manifest->manifests) check(d, limits);
      if (manifest->kind == Manifest::Kind::index) {
        const auto choice = choose_platform(manifest->manifests, "linux/arm64");
        require(!choice || choice->position < manifest->manifests.size());
        break;
      }
      check(manifest->config, limits);
      Config config;  // as many diff ids as layers, and a history that may fit
      config.diff_ids.assign(manifest->layers.size(), manifest->config.digest);
      config.history.resize(manifest->layers.size() % 3 == 0 ? manifest->layers.size() : 1);
      Image image;
      require(describe(*manifest, config, image).has_value());
      require(image.history.size() >= manifest->layers.size());
      break;
    }
    case 1: {
      const auto config = parse_config(text, limits);
      if (!config) break;
      require(config->diff_ids.size() <= limits.layers);
      Image image;
      require(describe(std::vector<LayerInfo>(config->diff_ids.size()), *config, image).has_value());
      std::size_t with_blob = 0;
      for (const LayerInfo& layer : image.history) with_blob += layer.empty ? 0 : 1;
      require(with_blob == config->diff_ids.size());
      break;
    }
    case 2: {
      const auto images = parse_docker_manifest(text, limits);
      if (!images) break;
      require(!images->empty());
      for (const SavedImage& one : *images) require(!one.config.empty() && one.layers.size() <= limits.layers);
      break;
    }
    case 3: (void)parse_repositories(text, limits); break;
    case 4: (void)parse_v1_layer(text, limits); break;
    case 5: (void)parse_aci_manifest(text, limits); break;
    default: require(dockerfile_command(text).size() <= text.size() + 4); break;
  }
  return 0;
}
