// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/credentials.h"
#include "image/source.h"
#include "util/limits.h"
#include "util/result.h"

/// Images in the folder where Podman, Buildah, Skopeo and CRI-O keep them (containers/storage), read without any of these programs: layers
/// are the folders on disk, of the drivers overlay and vfs. The folder must be readable: root's needs root.
namespace eclair::image {

/// An entry of <driver>-images/images.json.
struct StoredImage {
  std::string id;                   ///< 64 hex digits
  std::string digest;               ///< of its manifest; "" = not said
  std::vector<std::string> names;   ///< "docker.io/library/alpine:latest"
  std::string layer;                ///< id of the top layer
};
/// An entry of <driver>-layers/layers.json.
struct StoredLayer {
  std::string parent;               ///< id; "" = the lowest
  std::uint64_t size = 0;           ///< uncompressed, as said
};
/// Ids become names of files: only letters, digits, "-" and "_".  errors: invalid_input, limit.
Result<std::vector<StoredImage>> parse_stored_images(std::string_view json, const Limits& limits);
Result<std::map<std::string, StoredLayer>> parse_stored_layers(std::string_view json, const Limits& limits);
/// `graphroot` and `driver` of storage.conf; "" where it does not say.
struct StorageConfig {
  std::string root, driver;
};
StorageConfig parse_storage_config(std::string_view toml);

/// name: "alpine", "localhost/shop:1", an id or the beginning of one; "[overlay@/path/of/storage]alpine" says where. Else: what
/// $CONTAINERS_STORAGE_CONF or storage.conf say; else /var/lib/containers/storage for root, $XDG_DATA_HOME/containers/storage for others.
/// errors: not_found (no such folder, no such image), unavailable (not readable), invalid_input, unsupported (another driver), limit.
/// source: containers/storage store.go, layers.go, images.go
Result<std::unique_ptr<Source>> open_containers_storage(std::string_view name, const OpenOptions& options, const Environment& environment);

}  // namespace eclair::image
