// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/advisory.h"
#include "util/byte_source.h"
#include "util/result.h"

namespace eclair::store {

/// Names that come again and again, as small numbers. Views stay good as long as the Names live.
class Names {
 public:
  std::uint32_t id(std::string_view name);
  std::string_view name(std::uint32_t id) const { return names_[id]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  /// The place of each id when all are sorted by name.
  std::vector<std::uint32_t> ranks() const;

 private:
  std::deque<std::string> names_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

/// What an import brings, in any order, put aside in encoded form until it is known to be whole; then handed out group by group.
/// A group is one (namespace, package). Memory: one MiB of rows (the rest lies in an unlinked temporary file), each name once, and
/// about 20 bytes a group and a vulnerability. Engines share it.
class Staging {
 public:
  Staging();
  Result<> row(std::string_view name_space, std::string_view package, std::string_view encoded);
  /// The texts of one vulnerability are joined: see joined().
  Result<> text(const VulnerabilityText& text);
  void count_vulnerability(std::string_view id);
  std::uint64_t vulnerabilities() const { return counted_; }

  /// Ends the collecting. Call once, before all that follows.
  Result<> finish();
  const Names& namespaces() const { return namespaces_; }
  const Names& packages() const { return packages_; }

  struct Group {
    std::uint32_t name_space = 0, package = 0;
    std::uint32_t first = 0, pieces = 0;
  };
  /// Sorted by namespace, then package (by name).
  const std::vector<Group>& groups() const { return groups_; }
  /// Encoded rows of a group, sorted as row_before() says, each once. Views into `held`.
  Result<> rows(const Group& group, std::string& held, std::vector<std::string_view>& to) const;

  /// Ids of which there is a text, sorted.
  const std::vector<std::string_view>& text_ids() const { return text_ids_; }
  /// The stored form of the text of text_ids()[i].
  Result<std::string> joined_text(std::size_t i) const;

 private:
  struct Piece {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t name_space = 0, package = 0;
  };
  struct TextPiece {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t id = 0;
  };
  Result<> flush();

  Names namespaces_, packages_, vulnerabilities_;
  std::vector<bool> is_counted_;           ///< by vulnerability
  std::vector<std::size_t> last_text_;     ///< by vulnerability: hash of the text seen last; 0 = none yet
  std::uint64_t counted_ = 0;
  std::unordered_map<std::uint64_t, std::string> open_;
  std::string texts_;
  std::size_t open_bytes_ = 0;
  SpillBuffer spill_;
  std::unique_ptr<ByteSource> bytes_;
  std::vector<Piece> pieces_;
  std::vector<TextPiece> text_pieces_;
  std::vector<Group> groups_;
  std::vector<std::string_view> text_ids_;
  std::vector<std::uint32_t> text_first_;
};

/// One text of several that a feed gives for a vulnerability (two records, two packages). The fullest one, with what it lacks taken
/// from the others. Does not depend on their order.
VulnerabilityText joined(std::vector<VulnerabilityText> texts);

}  // namespace eclair::store
