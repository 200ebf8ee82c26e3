// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/credentials.h"
#include "image/source.h"
#include "util/byte_source.h"
#include "util/digest.h"
#include "util/result.h"

/// One file in a registry, as an OCI artifact: an image manifest with an artifactType, the empty config, and the file as its one layer.
/// TLS, credentials and tokens are those of pulling an image (registry.h, credentials.h); credentials are never told to another host.
/// A target is "registry:R", "docker://R" or R, where R is the name of an image ("ghcr.io/acme/advisories:2026-11").
/// source: image-spec v1.1 (manifest.md, "guidelines for artifact usage"), distribution-spec v1.1 (push, pull)
namespace eclair::image {

/// What is said of the file.
struct Artifact {
  std::string type;        ///< "application/vnd.eclair.data.v1"
  std::string layer_type;  ///< media type of the file: "application/vnd.eclair.data.v1.tar+zstd"
  std::string title;       ///< its name, under which other tools save it
  std::string created;     ///< RFC 3339; "" = not said
};

/// Bytes of the file so far, and all of them. From the calling thread.
using TransferProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct PushedArtifact {
  Digest manifest;                 ///< names it for ever: NAME@DIGEST
  bool was_there = false;          ///< the tag already stood for exactly this, and nothing was sent
  std::vector<std::string> notes;  ///< credential files that could not be used
};

/// Stores `file` under a name with a tag (a digest cannot be chosen: invalid_input), replacing what the tag stood for.
/// The same file with the same words gives the same manifest, so the same digest. What the registry has is not sent again; an upload whose
/// connection breaks is begun anew, a few times. Reads `file` once to name it, and once more to send it.
/// errors: invalid_input (the target), unavailable (refused: which registry, as whom, and what it said; network), not_found (the registry
/// wants the repository to be created first), limit (it takes no file of this size), cancelled, those of `file`.
Result<PushedArtifact> push_artifact(std::string_view target, const Artifact& artifact, const ByteSource& file, const OpenOptions& options,
                                     const TransferProgress& progress = {});

struct PulledArtifact {
  Digest manifest;
  std::string title, created;        ///< as its maker says; "" = not said. Never a path to be trusted
  std::unique_ptr<ByteSource> file;  ///< in memory or an unlinked temporary file; its digest is the manifest's
  std::vector<std::string> notes;
};

/// Fetches the file of an artifact of this type, by tag or digest. At most Limits::spool_bytes.
/// errors: not_found, invalid_input (a digest or size that differs, a malformed manifest), unsupported (it is something else: the text says
/// what), unavailable, limit, cancelled.
Result<PulledArtifact> pull_artifact(std::string_view target, std::string_view type, std::string_view layer_type, const OpenOptions& options,
                                     const TransferProgress& progress = {});

/// The same with an environment of their own, for tests.
Result<PushedArtifact> push_artifact(std::string_view target, const Artifact& artifact, const ByteSource& file, const OpenOptions& options,
                                     const TransferProgress& progress, const Environment& environment);
Result<PulledArtifact> pull_artifact(std::string_view target, std::string_view type, std::string_view layer_type, const OpenOptions& options,
                                     const TransferProgress& progress, const Environment& environment);

}  // namespace eclair::image
