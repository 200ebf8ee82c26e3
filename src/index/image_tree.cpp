// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/image_tree.h"

#include <utility>

#include "util/path.h"

namespace eclair::index {

std::optional<std::string> ImageTree::resolve(std::string_view path, bool last) const {
  std::string done;
  std::string rest(path);
  std::uint32_t hops = 0;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const bool is_last = slash == std::string::npos;
    const std::string part = rest.substr(0, slash);
    rest = is_last ? std::string() : rest.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      done = std::string(path::parent(done));
      continue;
    }
    std::string here = path::join(done, part);
    const Node* node = is_last && !last ? nullptr : find(here);
    if (node == nullptr || node->kind != PathKind::symlink) {
      done = std::move(here);
      continue;
    }
    if (++hops > max_hops_) return std::nullopt;
    // A link's own ".." climbs from where the link really is, so the target is not cleaned before it is followed.
    if (!node->target.empty() && node->target.front() == '/') done.clear();
    rest = rest.empty() ? node->target : node->target + "/" + rest;
    if (rest.size() > 64u * 1024) return std::nullopt;
  }
  return done;
}

const ImageTree::Node* ImageTree::find(std::string_view canonical) const {
  const auto it = nodes_.find(canonical);
  return it == nodes_.end() ? nullptr : &it->second;
}

void ImageTree::erase_below(const std::string& canonical) {
  const std::string below = canonical.empty() ? std::string() : canonical + "/";
  for (auto it = nodes_.lower_bound(below); it != nodes_.end() && it->first.compare(0, below.size(), below) == 0;) {
    changed_.push_back(it->first);
    it = nodes_.erase(it);
  }
}

void ImageTree::whiteout(std::string_view path) {
  const auto canonical = resolve_parent(path);
  if (!canonical || canonical->empty()) return;
  if (const auto it = nodes_.find(*canonical); it != nodes_.end()) {
    changed_.push_back(it->first);
    nodes_.erase(it);
  }
  erase_below(*canonical);
}

void ImageTree::opaque(std::string_view path) {
  if (const auto canonical = resolve_all(path)) erase_below(*canonical);
}

std::string ImageTree::put(std::string_view path, Node node) {
  std::string canonical = resolve_parent(path).value_or(std::string(path));
  // A parent that is a file cannot stay one.
  for (std::string_view up = path::parent(canonical); !up.empty(); up = path::parent(up)) {
    const auto it = nodes_.find(up);
    if (it == nodes_.end() || it->second.kind == PathKind::directory) continue;
    changed_.push_back(it->first);
    nodes_.erase(it);
  }
  const auto it = nodes_.find(canonical);
  if (node.kind == PathKind::directory && (it == nodes_.end() || it->second.kind == PathKind::directory)) {
    nodes_.insert_or_assign(canonical, std::move(node));  // folders merge
    return canonical;
  }
  if (node.kind != PathKind::directory) erase_below(canonical);
  nodes_.insert_or_assign(canonical, std::move(node));
  changed_.push_back(canonical);
  return canonical;
}

std::vector<std::string> ImageTree::take_changed() { return std::exchange(changed_, {}); }

}  // namespace eclair::index
