// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "util/byte_stream.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair {

enum class Compression : unsigned char { none, gzip, zstd, bzip2, xz };
std::string_view name(Compression compression);  ///< "gzip"; "plain" for none

/// What the first bytes (6 are enough) say. Names and media types lie; these do not.
Compression sniff_compression(std::string_view first_bytes);

/// How much memory the first frame of a zstd stream asks for as its window; 0 for anything else, and where too few bytes are given to tell.
std::uint64_t zstd_window_bytes(std::string_view first_bytes);

/// The uncompressed bytes of a stream that is compressed in any of these ways, or in none (then they pass unchanged).
/// gzip: many members, bytes after the last one ignored; zstd: many frames, skippable ones, window at most Limits::zstd_window_bytes;
/// bzip2 and xz: many streams. One layer of compression only.
/// The returned stream does not read `in` to its end by itself when bytes follow the compressed data: drain_rest() of the caller's own
/// stream does, where a digest covers them.
/// errors of next(): invalid_input ("gzip: ends early", "gzip: checksum differs at byte N"), limit, and those of `in`.
std::unique_ptr<ByteStream> decompress(std::unique_ptr<ByteStream> in, const Limits& limits);
/// The same over a stream that somebody else owns and that outlives it.
std::unique_ptr<ByteStream> decompress(ByteStream& in, const Limits& limits);

}  // namespace eclair
