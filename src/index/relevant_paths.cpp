// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/relevant_paths.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "extract/interest_index.h"
#include "util/path.h"

namespace eclair::index {
namespace relevant_paths_detail {

/// Looked for although no extractor reads a file of that name there: links to the file that is read.
constexpr std::string_view kAlways[] = {"etc/os-release", "usr/lib/os-release", "etc/lsb-release"};

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
};
using Set = std::unordered_set<std::string, Hash, std::equal_to<>>;

/// Adds a path and all its parents, up to the root, which is its own parent; whether anything was new.
bool add(std::string_view path, Set& to) {
  bool any = false;
  while (to.find(path) == to.end()) {
    to.emplace(path);
    any = true;
    path = path::parent(path);
  }
  return any;
}

/// Where a link leads, seen from its own place by names alone.
std::string led_to(std::string_view link, std::string_view target) {
  return path::clean(!target.empty() && target.front() == '/' ? std::string(target) : path::join(path::parent(link), target));
}

}  // namespace relevant_paths_detail

using namespace relevant_paths_detail;

std::vector<std::vector<PathEntry>> relevant_paths(const std::vector<const LayerRecord*>& records, const Limits& limits, std::vector<Note>& notes) {
  Set wanted;
  add("", wanted);
  for (const std::string_view path : kAlways) add(path, wanted);
  for (const LayerRecord* const record : records) {
    for (const Evidence& e : record->evidence) add(e.path, wanted);
    for (const NamedFile& f : record->named_files) add(f.path, wanted);
  }
  // A link among the wanted paths makes wanted what lies behind it, which may hold further links: until nothing is new. Hostile
  // images can make links breed; what is wanted may grow fourfold and no more.
  const std::size_t most = wanted.size() * 4 + 10'000;
  std::map<std::string, std::unordered_set<std::string>> links;  // all targets a link has had, in any layer
  for (std::uint32_t round = 0; round < limits.symlink_hops; ++round) {
    bool grew = false;
    std::vector<std::pair<std::string, std::string>> found;
    std::vector<std::string> hard;
    for (const LayerRecord* const record : records) {
      (void)record->paths.each([&](PathKind kind, std::string_view path, std::string_view target) {
        if (kind == PathKind::hardlink) {
          const bool names_evidence = wanted.find(target) != wanted.end() && extract::InterestIndex::standard().wants(path);
          if (names_evidence || wanted.find(path) != wanted.end()) hard.emplace_back(path), hard.emplace_back(target);
        }
        if (kind != PathKind::symlink) return;
        std::string to = led_to(path, target);
        // Links on the way to evidence, and links to a folder on that way: later layers may write, or remove, through both.
        if (wanted.find(path) == wanted.end() && (to.empty() || wanted.find(to) == wanted.end())) return;
        if (links[std::string(path)].emplace(target).second) found.emplace_back(path, std::move(to));
      });
    }
    std::vector<std::string> sorted(wanted.begin(), wanted.end());
    std::sort(sorted.begin(), sorted.end());
    for (const std::string& path : hard) grew = add(path, wanted) || grew;
    for (const auto& [link, to] : found) {
      const auto lead = [&](const std::string& from, const std::string& toward) {
        const auto one = [&](std::string_view rest) {
          const std::string path = path::clean(toward + std::string(rest));
          if (path.size() <= limits.path_bytes && wanted.size() < most) grew = add(path, wanted) || grew;
        };
        one({});
        const std::string below = from + "/";
        for (auto it = std::lower_bound(sorted.begin(), sorted.end(), below); it != sorted.end() && it->compare(0, below.size(), below) == 0; ++it) {
          one(std::string_view(*it).substr(from.size()));
        }
      };
      lead(link, to);
      if (!to.empty()) lead(to, link);
    }
    if (!grew) break;
    // Links met before now also lead further for the paths that are new.
    if (round + 1 < limits.symlink_hops) links.clear();
  }

  std::vector<std::vector<PathEntry>> out(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::map<std::pair<std::string, bool>, PathEntry> entries;  // whiteouts beside entries of the same path
    const auto looked = records[i]->paths.each([&](PathKind kind, std::string_view path, std::string_view target) {
      if (wanted.find(path) == wanted.end()) return;
      const bool hides = kind == PathKind::whiteout || kind == PathKind::opaque;
      auto& slot = entries[{std::string(path) + (kind == PathKind::opaque ? "/" : ""), hides}];
      slot = {std::string(path), kind, std::string(target)};
    });
    if (!looked) notes.push_back({"unreadable", {}, "layer " + std::to_string(i + 1) + ": " + looked.error().text});
    for (auto& [key, entry] : entries) out[i].push_back(std::move(entry));
    std::stable_sort(out[i].begin(), out[i].end(), [](const PathEntry& a, const PathEntry& b) { return a.path < b.path; });
  }
  return out;
}

}  // namespace eclair::index
