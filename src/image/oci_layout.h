// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "image/file_set.h"
#include "image/selection.h"
#include "image/source.h"

namespace eclair::image {

/// How blobs are named in a set of files.
enum class BlobNames : unsigned char {
  layout,  ///< blobs/sha256/<hex>; index.json at the root (OCI image layout)
  flat,    ///< <hex>; manifest.json at the root, <hex>.manifest.json for others (skopeo's "dir:")
};

/// An image of an OCI layout, be it a folder or an archive.
///
/// index.json is entered by name, by digest, or by being unambiguous: one image, or one image for several platforms. Indexes may nest
/// (Limits::index_depth). Documents are read only if their size and digest are what named them; layers must be there with the size that the
/// manifest says, their digests are compared by who reads them. A foreign layer that is not there is marked not_analysed.
/// described: name and source are kept.
/// errors: not_found (no such name or platform; a blob is missing), invalid_input, unsupported (an artifact), limit.
/// source: opencontainers/image-spec image-layout.md v1.1
Result<std::unique_ptr<Source>> open_oci_layout(std::shared_ptr<const FileSet> files, BlobNames names, const Selection& selection, Image described,
                                                const OpenOptions& options);

/// Fails with not_found when a platform was asked for and the image is for another one.
Result<> check_platform(const Platform& platform, const OpenOptions& options);

}  // namespace eclair::image
