// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "util/result.h"

namespace eclair {

/// Something that was not as it should be, kept for the report. Never fatal.
struct Note {
  std::string code;     ///< stable word: "bad_record", "limit", "unreadable", "incomplete", ...
  std::string path;     ///< in the image; may be empty
  std::string message;  ///< for people; may hold bytes of the image, so clean before showing
  bool operator==(const Note&) const = default;
};

/// What a path is in a layer. stored: never renumber; the letters are the stored form.
enum class PathKind : char {
  file = 'f',
  directory = 'd',
  symlink = 'l',
  hardlink = 'h',
  other = 'o',     ///< device, pipe
  whiteout = 'w',  ///< removes this path from lower layers
  opaque = 'q',    ///< removes what lower layers have inside this path
};

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

}  // namespace eclair
