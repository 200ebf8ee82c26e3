// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/layer_record.h"

namespace eclair::index {

/// Where a piece of evidence comes from: a layer (from 0) and its place in that layer's record.
struct EvidenceRef {
  std::uint32_t layer = 0, index = 0;
  bool operator==(const EvidenceRef&) const = default;
};

/// The part of an image's file tree that evidence depends on, after some of its layers: what a runtime would have on disk.
/// Rules: image-spec layer.md and what containerd's unpacker does where that is silent.
class ImageTree {
 public:
  struct Node {
    PathKind kind = PathKind::file;
    std::string target;                 ///< of a symlink
    std::uint32_t layer = 0;            ///< that put it there
    std::vector<EvidenceRef> evidence;
  };

  explicit ImageTree(std::uint32_t max_hops) : max_hops_(max_hops) {}

  /// Follows directory links in all components but the last. nullopt: a loop, or more than max_hops.
  std::optional<std::string> resolve_parent(std::string_view path) const { return resolve(path, false); }
  /// Follows every link, as open() would.
  std::optional<std::string> resolve_all(std::string_view path) const { return resolve(path, true); }

  /// The whiteouts of a layer, to be applied before its entries. path: literal.
  void whiteout(std::string_view path);
  void opaque(std::string_view path);
  /// An entry; returns the canonical path it landed on.
  std::string put(std::string_view path, Node node);

  const Node* find(std::string_view canonical) const;
  const std::map<std::string, Node, std::less<>>& nodes() const { return nodes_; }
  /// Paths whose node came, went or changed since the last call.
  std::vector<std::string> take_changed();

 private:
  std::optional<std::string> resolve(std::string_view path, bool last) const;
  void erase_below(const std::string& canonical);

  std::uint32_t max_hops_;
  std::map<std::string, Node, std::less<>> nodes_;
  std::vector<std::string> changed_;
};

}  // namespace eclair::index
