// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "model/image.h"
#include "report/report.h"
#include "store/interface.h"
#include "util/result.h"

/// Which image another one was built on: whose layers are its lowest. Compared are diff ids, which stay the same when a registry packs a layer
/// anew. They are what the image's config claims, unless --verify-diff-ids checked them. Pure.
namespace eclair::report {

/// With a base that somebody names. errors: invalid_input: not its base, with the layer that differs.
Result<BaseImage> base_by_layers(const Image& image, const Image& base);

/// By images that were seen before. Of those whose layers are the lowest of this image, and fewer, the one with most; of several names for
/// it, the one that the image's own labels say, else the one that was seen first. Other versions of the image itself, by its repository, are
/// no bases of it.
std::optional<BaseImage> base_by_known(const Image& image, const std::vector<store::KnownImage>& known);

/// "debian:12" of "docker.io/library/debian:12".
std::string short_name(std::string_view reference);

}  // namespace eclair::report
