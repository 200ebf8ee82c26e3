// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/image.h"
#include "util/digest.h"
#include "util/limits.h"
#include "util/result.h"

/// The JSON documents that describe an image. All parsers here take outside bytes: at most Limits::manifest_bytes of them, nested at most
/// Limits::json_depth; they fail with invalid_input (naming the member, as "layers[2]: no digest"), unsupported or limit.
/// An object that says the same member twice, or in two spellings of upper and lower case, is refused: readers differ in which one they
/// believe, so that a scanner and a runtime could be shown different images under one digest.
/// source: opencontainers/image-spec v1.1 (manifest.md, image-index.md, config.md), Docker's "image manifest version 2, schema 2".
namespace eclair::image {

namespace media {
inline constexpr std::string_view kOciIndex = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kOciManifest = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kOciConfig = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kDockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kDockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view kDockerConfig = "application/vnd.docker.container.image.v1+json";

bool is_index(std::string_view media_type);
bool is_manifest(std::string_view media_type);
/// A layer whose bytes may lie outside the registry or archive (Windows base layers).
bool is_foreign_layer(std::string_view media_type);
}  // namespace media

/// Annotations of a manifest, and by habit labels of a config: the image that this one was built on. A label is also inherited by the images
/// that are built on this one, an annotation is not.
inline constexpr std::string_view kBaseName = "org.opencontainers.image.base.name";
inline constexpr std::string_view kBaseDigest = "org.opencontainers.image.base.digest";

/// A reference to a document or blob: what it is, its digest and its size.
struct Descriptor {
  std::string media_type;     ///< "" = not said
  Digest digest;              ///< never empty
  std::uint64_t size = 0;     ///< bytes, at most Limits::image_bytes
  Platform platform;          ///< of an index entry; os "" = not said
  std::string os_version;
  std::string artifact_type;  ///< "" = none
  std::vector<std::string> urls;
  std::map<std::string, std::string> annotations;

  /// An annotation, "" when there is none.
  std::string_view annotation(std::string_view key) const;
  /// A statement about another image (provenance, SBOM) that buildkit puts beside it in an index.
  bool is_attestation() const;
};

/// A manifest of one image (or artifact), or an index of several.
struct Manifest {
  enum class Kind : unsigned char { image, index };
  Kind kind = Kind::image;
  std::string media_type;             ///< as the document says; may be ""
  Descriptor config;                  ///< of an image
  std::vector<Descriptor> layers;     ///< of an image: bottom first
  std::vector<Descriptor> manifests;  ///< of an index, in document order
  std::string artifact_type;          ///< "" = none
  std::map<std::string, std::string> annotations;
  std::string artifact;               ///< why it is not a container image ("artifact of type X"); "" = it is one
};

/// A manifest or index; which one, its members decide ("layers" or "manifests"; both: refused).
/// errors: unsupported for Docker's schema 1.
Result<Manifest> parse_manifest(std::string_view bytes, const Limits& limits);

/// One entry of a config's history.
struct HistoryStep {
  std::string created, created_by, comment;
  bool empty_layer = false;
};

/// An image's config: what its layers are called uncompressed and how they came to be.
struct Config {
  Platform platform;
  std::string os_version, created;
  std::vector<Digest> diff_ids;
  std::vector<HistoryStep> history;  ///< oldest first
  std::string base_name, base_digest;  ///< the labels of kBaseName and kBaseDigest; "" = none
};
Result<Config> parse_config(std::string_view bytes, const Limits& limits);

/// One image of a docker save archive. Paths are as written there; whoever opens them cleans them.
struct SavedImage {
  std::string config;
  std::vector<std::string> repo_tags;
  std::vector<std::string> layers;  ///< bottom first
  std::map<std::string, std::string> foreign;  ///< diff id to media type, of layers that LayerSources calls foreign
};
/// docker save's manifest.json: one entry an image, at least one.
Result<std::vector<SavedImage>> parse_docker_manifest(std::string_view bytes, const Limits& limits);

/// docker save's repositories file: name:tag and the id of the top layer, sorted by name.
Result<std::vector<std::pair<std::string, std::string>>> parse_repositories(std::string_view bytes, const Limits& limits);

/// What docker 1.9 and older said of each layer (<id>/json, and v1Compatibility).
struct V1Layer {
  std::string id, parent;  ///< 64 hex digits; parent "" = the lowest
  std::string created, created_by;
  Platform platform;
};
Result<V1Layer> parse_v1_layer(std::string_view bytes, const Limits& limits);

/// Fails unless the file oci-layout names version 1.x.
Result<> check_oci_layout(std::string_view bytes, const Limits& limits);

}  // namespace eclair::image
