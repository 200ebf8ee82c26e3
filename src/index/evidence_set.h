// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "extract/interest_index.h"
#include "model/layer_record.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::index {

/// The evidence of one layer as it grows: runs extractors on the files that arrive, keeps what they say, forgets what a later entry of
/// the same layer replaces.
class EvidenceSet {
 public:
  EvidenceSet(const extract::InterestIndex& interests, const Limits& limits, const Cancel& stop) : interests_(interests), limits_(limits), stop_(stop) {}

  /// A wanted file. Extracted at once, or (when its extractor may want companions) at finish().
  Result<> add(const extract::FileMeta& file, const std::vector<extract::InterestIndex::Hit>& hits, std::unique_ptr<ByteSource> bytes);
  /// A hard link to a file whose evidence is here already, found by the same rules: the same facts under another name.
  bool add_link(std::string_view path, std::string_view target, const std::vector<extract::InterestIndex::Hit>& hits);
  /// An entry of this path replaces what the layer had there, and below it unless it is a folder.
  void replaced(std::string_view path, bool by_folder);
  void note(std::string_view code, std::string_view path, std::string message);
  /// Runs the extractors that waited, and hands everything over to the record.
  Result<> finish(LayerRecord& record);

  std::uint64_t packages() const { return package_count_; }

 private:
  struct Held {
    extract::FileMeta meta;
    std::vector<extract::InterestIndex::Hit> hits;
    std::shared_ptr<ByteSource> bytes;
  };
  struct Found {
    Evidence evidence;  // without packages: those wait in `packages` until they are interned
    std::vector<PackageVersion> packages;
    std::vector<std::vector<std::string>> owned_paths;
    std::uint16_t extractor = 0;
    std::uint8_t rank = 0;
    std::vector<Note> notes;
  };

  Result<> extract_one(const extract::FileMeta& file, const extract::InterestIndex::Hit& hit, const ByteSource& bytes,
                       const std::map<std::string, const ByteSource*, std::less<>>& companions);

  const extract::InterestIndex& interests_;
  const Limits& limits_;
  const Cancel& stop_;
  std::map<std::string, std::vector<Found>, std::less<>> found_;  // by path
  std::map<std::string, Held, std::less<>> held_;                 // by path; files that wait for companions, and companions
  std::vector<Note> notes_;
  std::uint64_t notes_dropped_ = 0, package_count_ = 0;
};

}  // namespace eclair::index
