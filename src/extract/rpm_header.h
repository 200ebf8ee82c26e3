// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "util/limits.h"
#include "util/result.h"

namespace eclair::extract {

/// A tag's place in a header's data, checked to lie inside it.
struct RpmEntry {
  std::uint32_t type = 0, offset = 0, count = 0;  ///< count 0: the header has no such tag
};

/// The files of a package. Points into the header blob.
class RpmFileList {
 public:
  /// Calls fn with the path of each file that lies on disk: ghosts (flag 0x40) and files whose state is not "normal" are passed
  /// over, so are paths longer than `max_path_bytes`. No leading slash; the view is good during the call; false stops.
  /// errors: invalid_input (lists of different lengths, damaged arrays), limit (directories, bytes of all paths).
  Result<> each(std::uint32_t max_path_bytes, const std::function<bool(std::string_view path)>& fn) const;

 private:
  friend struct RpmHeader;
  std::string_view data_;
  RpmEntry base_names_, dir_names_, dir_indexes_, old_names_, flags_, states_;
};

/// What we use of a header as package databases store it. All views point into the blob.
///
///   header  := il:u32 dl:u32 entry{il} data{dl}        big-endian; no magic, unlike in .rpm files
///   entry   := tag:i32 type:u32 offset:i32 count:u32   offset into data
///
/// The first entry is normally a region (tag 61..63) that covers the signed entries; what was added at installation ("dribbles")
/// follows. Tags are sorted within each part only, and a dribble overrides the same tag of the region, hence: the last one counts.
struct RpmHeader {
  std::string_view name, version, release;  ///< never empty
  std::optional<std::uint32_t> epoch;       ///< 0 where the package says so; none is not the same text
  std::string_view arch, source_rpm, vendor, modularity_label;  ///< "" = no such tag
  RpmFileList files;

  /// cost: O(entries), plus the length of the strings named above.
  /// errors: invalid_input (an entry outside the data, a required tag missing), limit (a string longer than Limits::field_bytes).
  static Result<RpmHeader> parse(std::string_view blob, const Limits& limits);
};

}  // namespace eclair::extract
