// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "util/result.h"

namespace eclair::tar {

inline constexpr std::size_t kBlockBytes = 512;

/// One header block, taken apart. Views point into the block.
struct Header {
  char type = '0';
  std::string_view name, prefix, link;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  std::uint64_t device_major = 0, device_minor = 0;
  bool is_gnu = false;
};

bool is_zero_block(std::string_view block);
/// errors: invalid_input ("header checksum differs", "size field is not a number", "negative size").
Result<Header> parse_header(std::string_view block);

/// A part of a sparse file that is stored; what lies between is zeros.
struct Extent {
  std::uint64_t offset = 0, size = 0;
};

/// What PAX records say of the entries after them.
struct Pax {
  std::optional<std::string> path, link;
  std::optional<std::uint64_t> size;
  bool opaque = false;                            ///< overlayfs: hides the folder's lower content
  int sparse_major = 0, sparse_minor = 0;
  bool sparse = false;
  std::optional<std::string> sparse_name;
  std::optional<std::uint64_t> sparse_size;
  std::vector<Extent> sparse_map;                 ///< forms 0.0 and 0.1
  /// Reads the body of an "x" or "g" entry; false when a record is malformed (those before it count).
  bool parse(std::string_view body);
};

/// The extents of an old GNU header (up to four) or extension block (up to 21), appended. Returns whether another extension follows.
Result<bool> parse_gnu_extents(std::string_view block, bool extension, std::vector<Extent>& into);
/// The "real size" of an old GNU sparse header.
Result<std::uint64_t> gnu_real_size(std::string_view block);

}  // namespace eclair::tar
