// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "image/archive.h"
#include "image/source.h"
#include "util/byte_source.h"
#include "util/limits.h"
#include "util/result.h"

/// An image kept as named files: in a folder, or in an archive. What reads a form of image asks here for its parts and does not see which.
/// Names are clean (util/path.h) and relative to the set's root; nothing outside the set can be named.
namespace eclair::image {

class FileSet {
 public:
  struct Found {
    PathKind kind = PathKind::other;
    std::uint64_t size = 0;  ///< of a file
    std::string target;      ///< of a link
  };
  virtual ~FileSet() = default;
  /// Whether something bears this name, and what. Links are not followed.
  virtual bool look(std::string_view name, Found& found) const = 0;
  /// A regular file. Shared, since a stream over it may be read after the set is gone, on another thread.
  /// errors: not_found, unavailable.
  virtual Result<std::shared_ptr<const ByteSource>> open(std::string_view name) const = 0;
  virtual bool has_folder(std::string_view name) const = 0;
  virtual std::string_view noun() const = 0;  ///< "folder" or "archive", for messages
};

/// Where symlinks in a folder may lead. `anywhere` is for layouts, where what is read must match a digest: Bazel makes such folders of links.
enum class FolderLinks : unsigned char { inside, anywhere };
/// A folder on this machine.  errors: not_found, unavailable.
Result<std::shared_ptr<const FileSet>> open_folder(const std::string& path, FolderLinks links);

/// An uncompressed tar archive.
std::shared_ptr<const FileSet> archive_files(std::shared_ptr<const ByteSource> archive, ArchiveIndex index);

/// One file under the name "": a layer or root file system by itself.
std::shared_ptr<const FileSet> single_file(std::shared_ptr<const ByteSource> file);

/// The regular file that a name, as some document writes it, leads to; links are followed within the set.
/// errors: not_found, invalid_input (it leads outside, links go round in circles, it is no file).
struct Resolved {
  std::string name;  ///< clean; of the file itself
  std::uint64_t size = 0;
};
Result<Resolved> resolve(const FileSet& files, std::string_view name, const Limits& limits);

/// A whole small file, links followed. errors: those of resolve(), limit (manifest_bytes).
Result<std::string> read_document(const FileSet& files, std::string_view name, const Limits& limits);

/// An image whose layers are files of a set.
/// names[i]: of the blob of layer i + 1; "" for the file of a single_file() set.
std::unique_ptr<Source> file_source(Image image, std::shared_ptr<const FileSet> files, std::vector<std::string> names, std::string prefix = {});

/// "layer 2 of 5 (0123456789ab)" for messages; `name` in place of the digest where there is none.
std::string layer_text(std::size_t index, std::size_t count, std::string_view name);

}  // namespace eclair::image
