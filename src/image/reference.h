// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "util/digest.h"
#include "util/result.h"

namespace eclair::image {

/// The name of an image in a registry, with everything that may be left out when typing filled in.
struct Reference {
  std::string domain;  ///< "docker.io", "ghcr.io", "localhost:5000", "[::1]:5000"
  std::string path;    ///< "library/alpine"; lower case
  std::string tag;     ///< "latest" when neither tag nor digest was typed; "" when only a digest was
  Digest digest;       ///< when set it decides, and the tag is only for show

  /// "docker.io/library/alpine:latest", "ghcr.io/a/b@sha256:...", "ghcr.io/a/b:1@sha256:...".
  std::string text() const;
  /// As people write it: without docker.io and library/, and without the digest when there is a tag: "alpine:3.19".
  std::string familiar() const;
  /// What follows ".../manifests/": the digest, else the tag.
  const std::string& version() const { return digest.empty() ? tag : digest.text; }
  /// Host and port that serve the API: "registry-1.docker.io" for docker.io, else the domain.
  std::string_view api_host() const;
  /// Typed without a slash, yet looks like a host ("localhost:5000", "example.com"): by the rules an image of Docker Hub.
  bool looks_like_host() const;
};

/// Reads a name as Docker does, without a scheme ("registry:" and the like are cut off by the caller).
/// errors: invalid_input: upper case in the path (the hint has the lower-case form), a bare image id, a URL, anything malformed.
/// source: distribution/reference, normalize.go and regexp.go
Result<Reference> parse_reference(std::string_view text);

}  // namespace eclair::image
