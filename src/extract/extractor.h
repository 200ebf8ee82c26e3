// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/layer_record.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::extract {

/// The files an extractor wants, as data: only the core opens, reads and limits. Paths are matched by whole components from
/// their end, since a layer may write them through a linked folder ("lib/apk/db/installed" for "usr/lib/apk/db/installed").
struct Interest {
  std::span<const std::string_view> path_suffixes{};  ///< "dpkg/status"; for Shape::alternatives their order is the rank. A folder
                                                      ///< "*" is any one ("pacman/local/*/desc")
  std::span<const std::string_view> dirs{};           ///< files directly inside: "dpkg/status.d"
  std::span<const std::string_view> extensions{};     ///< ".list", with the dot; further narrowed by `dirs` when both are given
  std::span<const std::string_view> companions{};     ///< base names handed over with the file, from the same folder and layer
  std::span<const std::string_view> magic{};          ///< first bytes, for files without a telling name
  std::uint64_t max_bytes = 512u << 20;               ///< larger files: a note, not read
};

struct FileMeta {
  std::string path;  ///< literal, cleaned
  std::uint64_t size = 0;
  std::uint32_t mode = 0;
};

/// A wanted file with the companions that lay beside it.
struct EvidenceFile {
  FileMeta meta;
  const ByteSource& bytes;
  std::map<std::string, const ByteSource*, std::less<>> companions;  ///< by base name; only those present
};

/// Where an extractor puts what it found. One bad record costs a note, never the others.
class Sink {
 public:
  virtual ~Sink() = default;
  /// A package, and those of its files that is_ownable() accepts.
  virtual void package(PackageVersion package, std::vector<std::string> owned_paths = {}) = 0;
  /// A file list kept apart from the database.
  virtual void owns(Ownership ownership) = 0;
  /// A documented key of os-release and the like.
  virtual void fact(std::string_view key, std::string_view value) = 0;
  virtual void note(std::string_view code, std::string message) = 0;
  /// Whether a path (no leading slash) is one that some extractor reads, or will: worth keeping as owned.
  virtual bool is_ownable(std::string_view path) const = 0;
};

/// One package format. Immutable, stateless, used by many threads at once.
class Extractor {
 public:
  virtual ~Extractor() = default;
  virtual std::string_view id() const = 0;         ///< "os_dpkg"; also the folder of its cases
  virtual std::uint32_t revision() const = 0;      ///< raise when output can change: records are redone
  virtual Shape shape() const = 0;
  virtual Interest interest() const = 0;
  /// A pure function of the bytes. An error drops this evidence with a note; what reached the sink before it stays.
  /// errors: invalid_input, unsupported, limit, cancelled.
  virtual Result<> extract(const EvidenceFile& file, const Limits& limits, const Cancel& stop, Sink& out) const = 0;
};

/// All formats of formats.def, in its order.
std::span<const Extractor* const> extractors();
Revisions current_revisions();

}  // namespace eclair::extract
