// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/client.h"
#include "service/layers/fetch_policy.h"
#include "service/layers/layers.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/digest.h"

namespace eclair::service {

struct FetchSettings {
  FetchPolicy policy;
  RepositoryPolicy repositories;
  bool local_files = false;           ///< a `path` may be a file of this machine
  bool insecure = false;              ///< certificates are not verified
  unsigned connect_seconds = 20, stall_seconds = 60;
  std::uint64_t max_bytes = 64ull << 30;  ///< of one layer's blob
};

/// Layers' bytes by the paths that clients post: http(s) with their headers, or files.
/// threads: all functions may be called from several threads at once.
class LayerFetch {
 public:
  explicit LayerFetch(FetchSettings settings) : settings_(std::move(settings)) {}

  /// nullopt: nothing speaks against fetching it, as far as its words go.
  std::optional<PostFailure> refuse(const LayerPost& layer) const;
  /// The digest that the path names ("…/blobs/sha256:…"); empty: none.
  static Digest named_digest(const std::string& path);
  /// Whether the origin would give the layer to this client: asked by HEAD, with the headers of the post.
  bool may_have(const LayerPost& layer, const Cancel& stop) const;
  /// The bytes. errors: unavailable, not_found, unsupported (refused by the policy), cancelled, limit.
  Result<std::unique_ptr<ByteStream>> open(const LayerPost& layer, const Cancel& stop) const;

 private:
  net::Options options(const Cancel& stop) const;
  FetchSettings settings_;
};

}  // namespace eclair::service
