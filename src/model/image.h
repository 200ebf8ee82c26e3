// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "util/digest.h"
#include "util/result.h"

namespace eclair {

struct Platform {
  std::string os, architecture, variant;
  std::string text() const { return os + "/" + architecture + (variant.empty() ? "" : "/" + variant); }
  bool operator==(const Platform&) const = default;
};

/// A step of an image's history: a layer with a blob, or (`empty`) an instruction that made none.
struct LayerInfo {
  std::uint32_t index = 0;   ///< counts layers that have a blob, from 1; 0 when empty
  bool empty = false;
  Digest digest;             ///< of the blob as named by the manifest; empty where the form names none (docker save)
  Digest diff_id;            ///< as claimed by the config; may be empty
  std::string media_type;
  std::uint64_t size = 0;    ///< of the blob, as claimed; 0 = not said
  std::string created_by;    ///< the command, in Dockerfile words; "" = unknown
  std::string created;       ///< time, as in the config
  std::string not_analysed;  ///< why its bytes cannot be had ("foreign layer"); "" = they can
};

struct Image {
  std::string kind;         ///< "image", "rootfs", "layer"
  std::string name;         ///< as shown: reference or path
  std::string source;       ///< "registry", "oci-dir", "oci-archive", "docker-archive", "aci", "rootfs", "layer"
  Digest digest;            ///< of the manifest; empty where there is none
  Digest config_digest;
  Platform platform;
  std::uint64_t size = 0;   ///< of all blobs
  std::vector<LayerInfo> history;  ///< oldest first, with empty steps
  std::vector<std::string> notes;  ///< said in the report: how a platform was chosen, a history that does not fit, ...
  /// The image that it was built on, as its own annotations or labels say; "" = they do not. Anybody's words, and not part of the stored form.
  std::string base_name, base_digest;
};

/// The parts of the name that an image is shown by.
struct ImageName {
  std::string domain;  ///< "docker.io", "ghcr.io", "localhost:5000"; "" where the name is a path and not one of a registry or an engine
  std::string path;    ///< without domain, tag and digest: "library/alpine", "shop/api", "build/img"; never with "/" or "." pieces in front
  std::string tag;     ///< "3.19"; "" = none in the name
  /// "docker.io/library/alpine"; where there is no domain, the path.
  std::string repository() const { return domain.empty() ? path : domain + '/' + path; }
};
ImageName name_parts(const Image& image);

/// The chain ids of an image's layers, bottom first: each names the stack up to there, by diff ids. Ends before the first layer without one.
/// source: image-spec, config.md, "Layer ChainID"
std::vector<Digest> chain_ids(const Image& image);

/// Stored form: docs/design/encodings.md, "image". decode(encode(i)) == i for images whose layers are numbered as they come.
std::string encode(const Image& image);
/// errors: invalid_input (damaged, a digest that is none), unsupported (made by a newer version, named).
Result<Image> decode_image(std::string_view stored);

}  // namespace eclair
