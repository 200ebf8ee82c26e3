// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::image {

/// What bytes look like, for a message that refuses them: "a PNG picture", "text", "a CycloneDX SBOM", ...
/// first_bytes: some KiB from the beginning of a file.
std::string looks_like(std::string_view first_bytes);

/// Whether these bytes (512 are enough) begin a tar archive, perhaps an empty one.
bool is_tar(std::string_view first_bytes);

/// What one reading of a tar from front to back tells.
struct Survey {
  bool needs_index = false;  ///< it is, or may be, an image kept as files: they must be read in any order
  std::optional<std::string> aci_manifest;  ///< the root's "manifest", where there is also rootfs/
};
/// Reads a tar until it is clear that its files are needed in any order, else to the end; bodies are passed over.
/// So a root file system of gigabytes in a tar.gz needs no temporary copy.
/// errors: those of the stream and of tar_reader(), cancelled.
Result<Survey> survey(ByteStream& tar, const Limits& limits, const Cancel* stop);

/// Bytes that come once, kept for reading at any offset: in memory, or in an unlinked temporary file.
/// stored_bytes: how many compressed ones they come from, for Limits::ratio; 0 = they are not compressed.
/// errors: those of the stream, limit (image_bytes, ratio), unavailable (no room), cancelled.
Result<std::shared_ptr<const ByteSource>> spool(ByteStream& in, std::uint64_t stored_bytes, const Limits& limits, const Cancel* stop);

/// The same from a pipe.
Result<std::shared_ptr<const ByteSource>> spool(int descriptor, const Limits& limits, const Cancel* stop);

}  // namespace eclair::image
