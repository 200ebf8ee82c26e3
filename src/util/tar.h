// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "util/entry_reader.h"
#include "util/byte_stream.h"
#include "util/limits.h"

namespace eclair {

/// Walks a tar archive in one pass: v7, ustar, GNU (long names, old sparse), PAX (path, linkpath, size, sparse 0.0 to 1.0, overlay marks).
/// Where tar has room for interpretation it does what Go's archive/tar does, since that is what container runtimes unpack with.
/// After the end of the archive it reads the stream to its end, so that checksums and digests over it are complete.
/// Bounds: Limits::layer_entries, image_bytes (error), header_bytes, path_bytes, path_depth (note, entry skipped or read without the header).
/// in: the uncompressed stream, which must outlive the reader.  source: POSIX.1-2001 pax, GNU tar manual "Basic Tar Format"
std::unique_ptr<EntryReader> tar_reader(ByteStream& in, const Limits& limits);
std::unique_ptr<EntryReader> tar_reader(std::unique_ptr<ByteStream> in, const Limits& limits);

}  // namespace eclair
