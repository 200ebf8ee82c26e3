// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "image/source.h"
#include "index/index.h"
#include "util/result.h"

namespace eclair::cli {

/// What a target turned out to be: an image, whose layers are to be read, or a list of packages, which is complete. One of them is there.
struct OpenedTarget {
  std::unique_ptr<image::Source> image;
  std::optional<index::IndexedImage> list;
};

/// Opens any target: those of image::open(), and "sbom:FILE", "sbom://FILE", "pkg:..." (a package URL), "purl:FILE" (a list of them). A file
/// named without a scheme, and standard input ("-"), are taken for what they hold: an archive of an image, or an SBOM (sbom::read()).
/// A list is named after what it is about; where it does not say, after the file. Its layers have what they added as deltas.
/// errors: as image::open() and sbom::read(); the text names the target.
Result<OpenedTarget> open_target(const std::string& target, const image::OpenOptions& options);

}  // namespace eclair::cli
