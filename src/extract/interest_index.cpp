// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/interest_index.h"

#include <algorithm>

#include "extract/ownable.h"

namespace eclair::extract {
namespace interest_index_detail {

struct Split {
  std::string_view folder, base;
};

Split split_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool ends_with_components(std::string_view path, std::string_view tail) {
  while (tail.ends_with('*')) {  // any last component; what stands before it is compared on
    if (path.empty()) return false;
    path = split_path(path).folder;
    tail = split_path(tail).folder;
    if (tail.empty()) return true;
    if (!tail.ends_with('*')) return !path.empty() && ends_with_components(path, tail);
  }
  if (!path.ends_with(tail)) return false;
  return tail.empty() || path.size() == tail.size() || path[path.size() - tail.size() - 1] == '/';
}

bool is_documentation(std::string_view path) {
  return path.starts_with("share/doc/") || path.find("/share/doc/") != std::string_view::npos;
}

}  // namespace interest_index_detail

InterestIndex::InterestIndex(std::span<const Extractor* const> extractors) {
  using interest_index_detail::split_path;
  for (std::size_t i = 0; i < extractors.size(); ++i) {
    const Interest want = extractors[i]->interest();
    const auto id = static_cast<std::uint16_t>(i);
    std::vector<std::string> main_folders;
    for (std::size_t rank = 0; rank < want.path_suffixes.size(); ++rank) {
      const auto [folder, base] = split_path(want.path_suffixes[rank]);
      by_name_[std::string(base)].push_back({std::string(folder), {id, static_cast<std::uint8_t>(std::min<std::size_t>(rank, 255)), false}});
      main_folders.emplace_back(folder);
    }
    for (const std::string_view dir : want.dirs) {
      FolderRule rule{std::string(dir), {}, {id, 0, false}};
      for (const std::string_view extension : want.extensions) rule.extensions.emplace_back(extension);
      by_folder_[std::string(split_path(dir).base)].push_back(std::move(rule));
      main_folders.emplace_back(dir);
    }
    if (want.dirs.empty()) {
      for (const std::string_view extension : want.extensions) {
        if (extension.empty()) continue;
        by_ending_[static_cast<unsigned char>(extension.back())].push_back({std::string(extension), {id, 0, false}});
        main_folders.emplace_back();
      }
    }
    for (const std::string_view start : want.magic) {
      if (start.empty()) continue;
      magic_.push_back({std::string(start), {id, 0, false}});
      magic_bytes_ = std::max(magic_bytes_, start.size());
      main_folders.emplace_back();
    }
    std::sort(main_folders.begin(), main_folders.end());
    main_folders.erase(std::unique(main_folders.begin(), main_folders.end()), main_folders.end());
    for (const std::string_view companion : want.companions) {
      for (const std::string& folder : main_folders) by_name_[std::string(companion)].push_back({folder, {id, 0, true}});
    }
  }
}

const InterestIndex& InterestIndex::standard() {
  static const InterestIndex index(extractors());
  return index;
}

template <class Fn>
void InterestIndex::each_hit(std::string_view path, Fn&& fn) const {
  using namespace interest_index_detail;
  const Split parts = split_path(path);
  const std::string_view folder = parts.folder, base = parts.base;
  if (base.empty()) return;
  if (const auto found = by_name_.find(base); found != by_name_.end() && !is_documentation(path)) {
    for (const NameRule& rule : found->second) {
      if (ends_with_components(folder, rule.folder)) fn(rule.hit);
    }
  }
  if (const auto found = by_folder_.find(split_path(folder).base); found != by_folder_.end() && !is_documentation(path)) {
    for (const FolderRule& rule : found->second) {
      if (!ends_with_components(folder, rule.folder)) continue;
      const bool fits = rule.extensions.empty() || std::any_of(rule.extensions.begin(), rule.extensions.end(),
                                                               [base](const std::string& e) { return base.ends_with(e); });
      if (fits) fn(rule.hit);
    }
  }
  for (const EndRule& rule : by_ending_[static_cast<unsigned char>(base.back())]) {
    if (base.ends_with(rule.end)) fn(rule.hit);
  }
}

void InterestIndex::match(std::string_view path, std::string_view first_bytes, std::vector<Hit>& hits) const {
  hits.clear();
  const auto add = [&hits](const Hit& hit) {
    for (Hit& known : hits) {
      if (known.extractor != hit.extractor) continue;
      if (known.companion && !hit.companion) known = hit;
      else if (known.companion == hit.companion) known.rank = std::min(known.rank, hit.rank);
      return;
    }
    hits.push_back(hit);
  };
  each_hit(path, add);
  if (!first_bytes.empty()) {
    for (const EndRule& rule : magic_) {
      if (first_bytes.starts_with(rule.end)) add(rule.hit);
    }
  }
  if (hits.size() > 1) std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.extractor < b.extractor; });
}

bool InterestIndex::wants(std::string_view path) const {
  bool wanted = false;
  each_hit(path, [&wanted](const Hit& hit) { wanted |= !hit.companion; });
  return wanted;
}

bool InterestIndex::is_ownable(std::string_view path) const { return is_language_evidence(path) || wants(path); }

}  // namespace eclair::extract
