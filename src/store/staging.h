// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
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
  void grow();

  std::deque<std::string> names_;
  // Open addressing, and hashes beside the ids: most of an import's look-ups touch one line of the cache and no string but the right one.
  struct Slot {
    std::uint32_t hash = 0, next_id = 0;  ///< next_id: id + 1; 0: free
  };
  std::vector<Slot> slots_;
  static constexpr std::size_t kFew = 12;  // so many are compared one by one faster than hashed
  std::uint32_t last_ = 0;  // names come in runs
};

/// What an import brings, in any order, put aside in encoded form until it is known to be whole; then handed out group by group.
/// A group is one (namespace, package). Memory: one MiB of rows and 16 MiB of texts (the rest lies in unlinked temporary files), each
/// name once, and about 20 bytes a group and a vulnerability. Engines share it.
class Staging {
 public:
  Staging();
  /// encoded: the stored form of `row`.
  Result<> row(std::string_view name_space, std::string_view package, const Advisory& row, std::string_view encoded);
  /// The texts of one vulnerability are joined: see joined().
  Result<> text(const VulnerabilityText& text);
  std::uint64_t vulnerabilities() const { return vulnerabilities_; }  ///< distinct ones among the rows

  /// Ends the collecting. Call once, before all that follows.
  Result<> finish();
  /// Namespaces, packages, and ids of all kinds (vulnerabilities, aliases, records, notices). May be added to.
  Names namespaces, packages, ids;

  struct Group {
    std::uint32_t name_space = 0, package = 0;
    std::uint32_t first = 0, pieces = 0;
  };
  /// Sorted by namespace, then package (by name).
  const std::vector<Group>& groups() const { return groups_; }

  /// The rows of a group: sorted as row_before() says, each once.
  struct Rows {
    struct Row {
      std::string_view bytes;
      std::uint32_t vulnerability = 0;             ///< in `ids`
      std::uint32_t first_other = 0, others = 0;   ///< its further names: a part of `other_ids`
    };
    std::vector<Row> rows;
    std::vector<std::uint32_t> other_ids;
    std::string held;  ///< what `bytes` point into
    void clear() { rows.clear(), other_ids.clear(), held.clear(); }
  };
  Result<> rows(const Group& group, Rows& to) const;  ///< may run beside calls that add names
  std::uint64_t bytes(const Group& group) const;

  /// ids.ranks(), sorted anew only when names came since finish().
  std::vector<std::uint32_t> ranks() const { return ranks_.size() == ids.size() ? ranks_ : ids.ranks(); }

  /// Ids (in `ids`) of which there is a text, sorted by name.
  const std::vector<std::uint32_t>& texts() const { return texts_; }
  /// The stored form of the text of texts()[i].
  Result<std::string> joined_text(std::size_t i) const;

 private:
  struct Piece {
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint32_t name_space = 0, package = 0;
  };
  struct TextPiece {
    std::uint64_t offset = 0;   ///< in its block, or in the spill file
    std::uint32_t size = 0;
    std::uint32_t id = 0;
    std::uint32_t block = 0;    ///< of text_blocks_; kSpilled
  };
  static constexpr std::uint32_t kSpilled = UINT32_MAX;
  Result<> flush();
  Result<std::string> text_bytes(const TextPiece& piece) const;

  std::unordered_map<std::uint64_t, std::string> open_;  ///< rows by group
  Encoder head_;
  std::size_t open_bytes_ = 0;
  SpillBuffer spill_, text_spill_;
  std::unique_ptr<ByteSource> bytes_, text_source_;
  // Texts are read back one by one in another order: from memory as long as they are few, in blocks that need not move to grow.
  std::deque<std::string> text_blocks_;
  std::vector<bool> is_vulnerability_;  ///< by id
  std::vector<std::size_t> last_text_;  ///< by id: hash of the text seen last; 0 = none yet
  std::uint64_t vulnerabilities_ = 0;
  std::vector<Piece> pieces_;
  std::vector<TextPiece> text_pieces_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> ranks_, texts_, text_first_;
};

/// One text of several that a feed gives for a vulnerability (two records, two packages). The fullest one, with what it lacks taken
/// from the others. Does not depend on their order.
VulnerabilityText joined(std::vector<VulnerabilityText> texts);

}  // namespace eclair::store
