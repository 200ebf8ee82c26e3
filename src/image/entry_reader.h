// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/layer_record.h"
#include "util/result.h"

namespace eclair::image {

/// One entry of a layer, as it came: whiteouts are still names beginning ".wh.".
/// The views are good until the reader's next call to next().
struct Entry {
  std::string_view path;    ///< cleaned: no leading slash, no "." or ".." components, no "//"; never empty; raw bytes otherwise
  PathKind kind = PathKind::file;  ///< file, directory, symlink, hardlink, other; whiteout/opaque only from overlay markers (char 0:0, xattr)
  std::string_view target;  ///< symlink: verbatim; hard link: cleaned like path
  std::uint64_t size = 0;   ///< of the body; 0 unless a file
  std::uint32_t mode = 0;
};

/// Walks the entries of a layer, in stored order.
class EntryReader {
 public:
  virtual ~EntryReader() = default;
  /// The next entry; nullptr at the end. What was not read of the last body is passed over.
  /// errors: invalid_input (naming the offset), limit.
  virtual Result<const Entry*> next() = 0;
  /// The next piece of the current body, good until the next call; empty at its end.
  virtual Result<std::string_view> read() = 0;
  /// Oddities met so far that cost an entry ("a path of 9000 bytes"), handed over once.
  virtual std::vector<Note> take_notes() = 0;
};

}  // namespace eclair::image
