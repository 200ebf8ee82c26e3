// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "image/manifest.h"
#include "util/result.h"

namespace eclair::image {

/// "linux/arm64/v8" and what people write instead of it ("linux/x86_64", "linux/armhf"), normalised: amd64, arm64 without v8, arm/v7.
/// "" gives linux and this machine's architecture.  errors: invalid_input.
Result<Platform> parse_platform(std::string_view text);

/// The same names for the same thing: x86_64 = amd64, arm64/v8 = arm64, amd64/v1 = amd64, in lower case.
/// An arm without a variant stays without.
Platform normalised(Platform platform);

struct Choice {
  std::size_t position = 0;  ///< in the span that was given
  std::string note;          ///< to be said in the report: an image of another platform than the default was taken; else ""
};

/// Which child of an index is the image that was meant.
/// wanted: "os/arch[/variant]" as typed, or "" for the default: linux/<this machine>, else the only Linux image, else the only image.
/// Attestations and artifacts are passed over. A child that does not say its platform counts as linux/amd64; one that is itself an index
/// and does not say is taken when no other fits: the caller opens it and chooses again. The first of equal ones wins.
/// errors: not_found (no image in it; none for this platform: the text lists those there are), invalid_input (`wanted`).
/// source: go-containerregistry pkg/v1/remote/index.go, refined for arm variants
Result<Choice> choose_platform(std::span<const Descriptor> children, std::string_view wanted);

/// Why a child of an index is no image ("attestation", or its artifact type); "" when it is one.
std::string not_an_image(const Descriptor& child);

/// What a manifest that is not an image is, for the message: "a Helm chart", "a cosign signature", "an attestation", ...
/// config_type: media type of its config.  layer_type: of its first layer, or "".  "" when it is an image, or nothing that we know.
std::string artifact_name(std::string_view config_type, std::string_view artifact_type, std::string_view layer_type);

}  // namespace eclair::image
