// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/package.h"
#include "util/digest.h"
#include "util/entry_reader.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair {

/// How a copy of an evidence file in an upper layer relates to the one below.
/// stored: never renumber.
enum class Shape : std::uint8_t {
  database = 0,      ///< one file is the whole truth for its path (dpkg status, apk installed)
  per_file = 1,      ///< one file is one package, or a few (status.d, dist-info)
  alternatives = 2,  ///< files of one folder are forms of one database; the newest layer's counts (rpm)
};

/// A package as one evidence file names it.
struct PackageEntry {
  std::uint32_t package = 0;             ///< index into LayerRecord::packages
  std::vector<std::string> owned_paths;  ///< of its files, those that some extractor's Interest matches; no leading slash
  bool operator==(const PackageEntry&) const = default;
};

/// A file list kept apart from the package database (dpkg's info/*.list): whose the paths are.
struct Ownership {
  std::string name, arch;  ///< of the package; arch "" = any
  std::vector<std::string> paths;
  bool operator==(const Ownership&) const = default;
};

/// What one file proved.
struct Evidence {
  std::string extractor;  ///< id, "os_dpkg"
  std::string path;       ///< literal, as in the tar, cleaned: no leading slash, no "." and ".."
  Shape shape = Shape::per_file;
  std::uint8_t rank = 0;  ///< among alternatives of one layer: the lowest wins
  std::vector<PackageEntry> packages;
  std::vector<Ownership> ownership;
  std::map<std::string, std::string> facts;  ///< other findings with documented keys: os-release's "ID", ...
  bool operator==(const Evidence&) const = default;
};

/// A file named by a configured pattern ("generic fact").
struct NamedFile {
  std::string path;
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
  bool operator==(const NamedFile&) const = default;
};

struct PathEntry {
  std::string path;
  PathKind kind = PathKind::file;
  std::string target;  ///< of a symlink (verbatim) or hard link (cleaned)
  bool operator==(const PathEntry&) const = default;
};

/// All paths of a layer in a few compressed, sorted runs: what a merge needs to see that a file replaced a folder.
/// The bytes are the stored form (docs/design/encodings.md, "path list"); a row of its own beside the record.
class PathList {
 public:
  PathList() = default;
  explicit PathList(std::string stored) : stored_(std::move(stored)) {}
  const std::string& stored() const { return stored_; }
  std::uint64_t count() const;
  /// What it takes unpacked, as its runs claim: for lists of strangers, before they are walked. errors: as each().
  Result<std::uint64_t> unpacked_bytes() const;
  /// Calls fn for each entry, run by run, sorted within a run; a later entry of one path replaces an earlier one.
  /// Holds one decompressed block at a time. errors: invalid_input (damaged row).
  template <class Fn>
  Result<> each(Fn&& fn) const {
    return each_entry(&fn, [](void* f, PathKind kind, std::string_view path, std::string_view target) {
      (*static_cast<std::remove_reference_t<Fn>*>(f))(kind, path, target);
    });
  }
  bool operator==(const PathList&) const = default;

 private:
  Result<> each_entry(void* context, void (*fn)(void*, PathKind, std::string_view, std::string_view)) const;
  std::string stored_;
};

/// Builds a PathList in bounded memory: at most about 2 MiB before a run is sorted, packed and put aside.
class PathListBuilder {
 public:
  void add(PathKind kind, std::string_view path, std::string_view target = {});
  PathList finish();

 private:
  void flush();
  struct Item {
    std::uint32_t offset, path_bytes, target_bytes, order;
    char kind;
  };
  std::string arena_;
  std::vector<Item> items_;
  std::string runs_;
  std::uint64_t count_ = 0;
};

/// Which code made a record: extractor id and revision. A record made by other revisions is stale but still answers.
using Revisions = std::map<std::string, std::uint32_t>;

/// The facts of one layer blob: free of parent, distribution and namespace. Immutable once made.
struct LayerRecord {
  Digest digest;   ///< of the blob, computed by us
  Digest diff_id;  ///< of the uncompressed layer where we computed it; else empty
  std::uint64_t blob_bytes = 0, uncompressed_bytes = 0, entries = 0;
  Revisions revisions;
  std::string facts_digest;               ///< of the configured file patterns; "" = none
  std::vector<PackageVersion> packages;   ///< distinct, sorted
  std::vector<Evidence> evidence;         ///< sorted by path, extractor
  std::vector<NamedFile> named_files;     ///< sorted
  std::vector<Note> notes;                ///< in the order they arose
  std::uint64_t notes_dropped = 0;
  PathList paths;                         ///< not part of encode()
  bool operator==(const LayerRecord&) const = default;
};

/// Stored form without the path list (docs/design/encodings.md, "layer record"): versioned, deterministic, zstd-packed.
std::string encode(const LayerRecord& record);
/// The same for a store that keeps package versions once and knows them by numbers: those of record.packages, in that order.
std::string encode(const LayerRecord& record, const std::vector<std::uint64_t>& numbers);
/// The package versions of some numbers, in the order given.
using PackagesOf = std::function<Result<std::vector<PackageVersion>>(const std::vector<std::uint64_t>& numbers)>;
/// packages: for records with numbers; without it they are refused.
/// max_bytes: that it may have unpacked; for records of strangers.
/// errors: invalid_input (damaged), unsupported (made by a newer version, named), limit, those of `packages`.
inline constexpr std::size_t kMaxRecordBytes = 512u << 20;
Result<LayerRecord> decode_layer_record(std::string_view stored, const PackagesOf& packages = {}, std::size_t max_bytes = kMaxRecordBytes);

}  // namespace eclair
