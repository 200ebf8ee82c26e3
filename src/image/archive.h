// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/layer_record.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::image {

/// Where the entries of an uncompressed tar archive lie, found in one pass over its headers; bodies are not read.
/// For archives that hold an image as files (docker save, OCI archive): their parts are named in any order.
class ArchiveIndex {
 public:
  struct Entry {
    PathKind kind = PathKind::other;    ///< file, directory, symlink, hardlink, other (sparse files are other: nobody stores blobs so)
    std::uint64_t offset = 0, size = 0; ///< of a file's body, inside the archive
    std::string target;                 ///< symlink: verbatim; hard link: cleaned
  };
  /// More entries than any image archive has: a root file system. What is kept then are the entries that tell archives apart.
  static constexpr std::size_t kMaxKept = 1u << 16;

  /// errors: invalid_input (naming the byte), limit, cancelled, those of `in`.
  static Result<ArchiveIndex> read(const ByteSource& in, const Limits& limits, const Cancel* stop = nullptr);

  /// name: as util/path.h cleans it. The last entry of a name counts, as when unpacking.
  const Entry* find(std::string_view name) const;
  /// Whether something lies in this folder, or it has an entry itself.
  bool has_folder(std::string_view name) const;
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }
  std::uint64_t count() const { return count_; }   ///< of all entries
  bool complete() const { return count_ <= kMaxKept; }
  /// Whether a root folder looks like that of a Linux system: etc, usr, bin, ...
  bool has_system_folders() const { return system_folders_; }

 private:
  void add(std::string name, Entry entry);
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t count_ = 0;
  bool system_folders_ = false;
};

/// Names at the root of an archive that say what it is: manifest.json, index.json, oci-layout, repositories.
bool is_image_marker(std::string_view name);
/// Whether the first component of a path is one that root file systems have.
bool is_system_path(std::string_view path);

}  // namespace eclair::image
