// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "extract/extractor.h"

namespace eclair::extract {

/// Tells which extractors want a file: all their Interests, compiled once. Asked for every path of every layer, so an answer
/// is two hash look-ups and a few comparisons. Rules:
///   - path_suffixes match whole components from the end, of which a folder "*" is any one; a suffix's place in its list is the rank of
///     the hit;
///   - dirs match files directly inside a folder whose path ends with these components; where the Interest has extensions too,
///     both must hold; extensions alone match the end of the base name, byte by byte;
///   - companions match in folders where a main file of the same extractor could lie;
///   - magic is looked at only where no name rule of that extractor holds;
///   - path and folder rules never hold below a share/doc folder: documentation is full of samples named like databases.
/// threads: immutable after construction.
class InterestIndex {
 public:
  struct Hit {
    std::uint16_t extractor = 0;  ///< position among the extractors given
    std::uint8_t rank = 0;        ///< of the path suffix; 0 for other rules
    bool companion = false;       ///< wanted only together with a main file of this extractor in the same folder
    bool operator==(const Hit&) const = default;
  };

  /// The extractors need not outlive it.
  explicit InterestIndex(std::span<const Extractor* const> extractors);
  /// The index over extractors().
  static const InterestIndex& standard();

  /// Replaces `hits` with those of a file, at most one per extractor, in the extractors' order.
  /// path: cleaned.  first_bytes: magic_bytes() of them, fewer where the file is shorter, or none to judge by name alone.
  void match(std::string_view path, std::string_view first_bytes, std::vector<Hit>& hits) const;
  /// Whether some extractor wants the path by its name as a main file.
  bool wants(std::string_view path) const;
  /// How many first bytes match() can make use of; 0 = none.
  std::size_t magic_bytes() const { return magic_bytes_; }
  /// Whether a path owned by a system package is worth keeping: wanted here, or evidence of a language package (ownable.h).
  bool is_ownable(std::string_view path) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  struct NameRule {
    std::string folder;  // components the parent must end with; "" = any
    Hit hit;
  };
  struct FolderRule {
    std::string folder;
    std::vector<std::string> extensions;  // empty = any file
    Hit hit;
  };
  struct EndRule {
    std::string end;
    Hit hit;
  };
  template <class Rule>
  using Rules = std::unordered_map<std::string, std::vector<Rule>, Hash, std::equal_to<>>;

  template <class Fn>
  void each_hit(std::string_view path, Fn&& fn) const;

  Rules<NameRule> by_name_;                          // by base name
  Rules<FolderRule> by_folder_;                      // by the folder's last component
  std::array<std::vector<EndRule>, 256> by_ending_;  // by the last byte of the base name
  std::vector<EndRule> magic_;
  std::size_t magic_bytes_ = 0;
};

}  // namespace eclair::extract
