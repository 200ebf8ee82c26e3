// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::feeds {

/// A member of a zip archive, as its central directory has it.
struct ZipMember {
  std::string name;  ///< untrusted; never used as a path to write to
  std::uint64_t size = 0, packed_size = 0;
  std::uint64_t header_offset = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
  bool is_folder() const { return !name.empty() && name.back() == '/'; }
};

/// Reads zip archives: stored and deflated members, zip64. Goes by the central directory, so that a cut archive is noticed at once.
/// Memory: 128 KiB, and what a caller lets a member take. The source must outlive it.
/// source: PKWARE APPNOTE 6.3.10
class ZipReader {
 public:
  /// errors: invalid_input (no archive, cut, inconsistent), limit (feed_documents).
  static Result<ZipReader> open(const ByteSource& in, const Limits& limits);
  std::uint64_t count() const { return count_; }
  /// The next member in the order of the directory; false at the end.
  Result<bool> next(ZipMember& member);
  /// The bytes of a member, checked against its size and CRC. Held in memory up to Limits::spill_bytes.
  /// errors: invalid_input, unsupported (encrypted, another method), limit (feed_bytes), cancelled.
  Result<std::unique_ptr<ByteSource>> read(const ZipMember& member, const Cancel& stop) const;

 private:
  explicit ZipReader(const ByteSource& in, const Limits& limits) : in_(&in), limits_(limits) {}
  const ByteSource* in_;
  Limits limits_;
  std::uint64_t count_ = 0, seen_ = 0;
  std::uint64_t at_ = 0, end_ = 0;  ///< of the directory
};

/// Whether these are the first bytes of a zip archive.
bool is_zip(std::string_view first_bytes);

}  // namespace eclair::feeds
