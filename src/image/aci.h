// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/source.h"
#include "util/byte_source.h"

namespace eclair::image {

/// What the manifest of an App Container Image says.
struct AciManifest {
  std::string name, version;
  Platform platform;                      ///< from the labels "os" and "arch", which are Docker's words
  std::vector<std::string> dependencies;  ///< names of images below this one
};
/// errors: invalid_input (not JSON, or acKind is not ImageManifest), limit.  source: appc/spec, spec/aci.md
Result<AciManifest> parse_aci_manifest(std::string_view bytes, const Limits& limits);

/// An App Container Image: one layer, whose entries count below rootfs/. There are no whiteouts in it; dependencies are said in a note.
/// file: as stored, compressed or not.  described: name is kept.
Result<std::unique_ptr<Source>> open_aci(std::shared_ptr<const ByteSource> file, std::string_view manifest, Image described, const OpenOptions& options);

}  // namespace eclair::image
