// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "image/file_set.h"
#include "image/selection.h"
#include "image/source.h"

namespace eclair::image {

/// An image of a `docker save` archive, or of one that was unpacked into a folder: manifest.json lists images, their config and layer files.
///
/// Layers may be compressed (podman, bazel) or symlinks to each other (a layer that occurs twice); what they lead to stays within the set.
/// A layer has a digest only where its file is named by one (blobs/sha256/<hex>, Docker 25 and later): it is compared by who reads it.
/// Several images: entered by repository tag or image id, else refused with a list.
/// described: name and source are kept.
/// errors: not_found (a named file is missing, no such name), invalid_input, limit.
/// source: moby/moby image/tarexport/save.go at v24.0.9 and v25.0.0
Result<std::unique_ptr<Source>> open_docker_archive(std::shared_ptr<const FileSet> files, const Selection& selection, Image described,
                                                    const OpenOptions& options);

/// The form before Docker 1.10: `repositories` names top layers, <id>/json of each layer names the one below.
Result<std::unique_ptr<Source>> open_docker_v1_archive(std::shared_ptr<const FileSet> files, const Selection& selection, Image described,
                                                       const OpenOptions& options);

}  // namespace eclair::image
