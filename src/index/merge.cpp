// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Folding layer records into what an image holds.
//
// A package is in the image because some evidence file that survives all layers says so. Which layer *introduced* it is a question of
// its own: a package database is rewritten whole by every installation, so the layer of the surviving copy says nothing. The answer is
// the first layer of the last uninterrupted run of layers, among those that hold the database, in which the package is listed. So
// the fold keeps, for each database, when the current run of each of its packages began; a database that disappears ends all runs.
//
// Cost: a few passes over the packed path lists, then work in proportion to the evidence.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "index/image_tree.h"
#include "index/index.h"
#include "index/os_detect.h"
#include "index/relevant_paths.h"
#include "util/path.h"
#include "util/text.h"

namespace eclair::index {
namespace merge_detail {

constexpr std::string_view kProStatus = "var/lib/ubuntu-advantage/status.json";  // of the image's own system, not of a root folder within it

/// What makes two listings the same package at the same version: not the vendor, nor how a source is spelt.
using Identity = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
Identity identity(const PackageVersion& p) { return {p.type, p.name, p.version, p.arch}; }

/// One database, or one file of a per-file format: the unit that a later layer replaces.
struct Group {
  std::set<std::string> candidates;  ///< canonical paths that could be it
  std::optional<EvidenceRef> active;
  std::string path;                  ///< of the active one
  std::map<Identity, std::uint32_t> since;  ///< first layer of each package's current run; views into the records
};

class Fold {
 public:
  Fold(const std::vector<const LayerRecord*>& records, const Limits& limits, const std::vector<std::string>& patterns, bool deltas, bool all_layers)
      : records_(records), limits_(limits), patterns_(patterns), deltas_(deltas), all_layers_(all_layers), tree_(limits.symlink_hops) {}

  Inventory run() {
    const auto paths = relevant_paths(records_, limits_, out_.notes);
    for (std::uint32_t layer = 0; layer < records_.size(); ++layer) {
      apply(layer, paths[layer]);
      settle(layer);
    }
    // Beyond this point the tree is the image.
    find_systems();
    find_repositories();
    collect_packages();
    collect_gone();
    sort_packages();
    collect_files();
    collect_notes();
    return std::move(out_);
  }

 private:
  const Evidence& evidence(EvidenceRef ref) const { return records_[ref.layer]->evidence[ref.index]; }
  const PackageVersion& package(EvidenceRef ref, const PackageEntry& entry) const { return records_[ref.layer]->packages[entry.package]; }

  void apply(std::uint32_t layer, const std::vector<PathEntry>& entries) {
    const LayerRecord& record = *records_[layer];
    for (const PathEntry& e : entries) {
      if (e.kind == PathKind::whiteout) tree_.whiteout(e.path);
      if (e.kind == PathKind::opaque) tree_.opaque(e.path);
    }
    std::multimap<std::string_view, std::uint32_t> by_path;
    for (std::uint32_t i = 0; i < record.evidence.size(); ++i) by_path.emplace(record.evidence[i].path, i);
    // Folders and links first: what else a layer holds may be written through any of its own links, wherever they stand in the archive.
    for (const bool frame : {true, false}) {
      for (const PathEntry& e : entries) {
        if (e.kind == PathKind::whiteout || e.kind == PathKind::opaque) continue;
        if (frame == (e.kind == PathKind::directory || e.kind == PathKind::symlink)) put(layer, e, by_path);
      }
    }
  }

  void put(std::uint32_t layer, const PathEntry& e, const std::multimap<std::string_view, std::uint32_t>& by_path) {
    ImageTree::Node node{e.kind, e.target, layer, {}};
    if (e.kind == PathKind::file || e.kind == PathKind::hardlink) {
      const auto [begin, end] = by_path.equal_range(e.path);
      for (auto it = begin; it != end; ++it) node.evidence.push_back({layer, it->second});
    }
    if (e.kind == PathKind::hardlink && node.evidence.empty()) {
      // A link to a file of a lower layer: the same file under another name.
      if (const auto target = tree_.resolve_parent(e.target)) {
        if (const ImageTree::Node* other = tree_.find(*target)) node.evidence = other->evidence;
      }
    }
    tree_.put(e.path, std::move(node));
  }

  std::string group_key(const std::string& path, const Evidence& e) const {
    const std::string_view unit = e.shape == Shape::alternatives ? path::parent(path) : std::string_view(path);
    return e.extractor + '\n' + std::string(unit);
  }

  /// Looks at what changed in a layer: which evidence is in force now, and what that adds and removes.
  void settle(std::uint32_t layer) {
    std::set<std::string> dirty;
    for (const std::string& path : tree_.take_changed()) {
      for (const std::string& key : groups_of_path_[path]) {
        groups_[key].candidates.erase(path);
        dirty.insert(key);
      }
      groups_of_path_[path].clear();
      if (const ImageTree::Node* node = tree_.find(path)) {
        for (const EvidenceRef ref : node->evidence) {
          const std::string key = group_key(path, evidence(ref));
          groups_[key].candidates.insert(path);
          groups_of_path_[path].insert(key);
          dirty.insert(key);
        }
      }
    }
    touched_.clear();
    const std::size_t gone_before = gone_.size();
    for (const std::string& key : dirty) refresh(groups_[key], key, layer);
    // What another database of the same layer lists now has only moved.
    const auto moved = [&](const Gone& one) { return present_[identity(*one.package)].count > 0; };
    gone_.erase(std::remove_if(gone_.begin() + static_cast<std::ptrdiff_t>(gone_before), gone_.end(), moved), gone_.end());
    if (!deltas_) return;
    LayerDelta delta{layer + 1, {}, {}};
    for (const auto& [id, before] : touched_) {
      const auto now = present_.find(id);
      const bool is_there = now != present_.end() && now->second.count > 0;
      if (before.count == 0 && is_there) delta.added.push_back(*now->second.package);
      if (before.count > 0 && !is_there) delta.removed.push_back(*before.package);
    }
    std::sort(delta.added.begin(), delta.added.end());
    std::sort(delta.removed.begin(), delta.removed.end());
    out_.deltas.push_back(std::move(delta));
  }

  void refresh(Group& group, const std::string& key, std::uint32_t layer) {
    // Of alternatives the newest layer's counts, within a layer the form that is preferred.
    std::optional<EvidenceRef> best;
    std::string best_path;
    std::uint32_t best_layer = 0;
    for (const std::string& path : group.candidates) {
      const ImageTree::Node* node = tree_.find(path);
      if (node == nullptr) continue;
      for (const EvidenceRef ref : node->evidence) {
        if (group_key(path, evidence(ref)) != key) continue;
        const bool better = !best || node->layer > best_layer || (node->layer == best_layer && evidence(ref).rank < evidence(*best).rank);
        if (better) {
          best = ref;
          best_path = path;
          best_layer = node->layer;
        }
      }
    }
    if (best == group.active && best_path == group.path) return;
    std::map<Identity, std::uint32_t> since;
    if (best) {
      for (const PackageEntry& entry : evidence(*best).packages) {
        const Identity id = identity(package(*best, entry));
        const auto before = group.since.find(id);
        if (since.emplace(id, before == group.since.end() ? layer : before->second).second) count(package(*best, entry));
      }
    }
    if (all_layers_ && group.active) note_gone(group, since, layer);
    for (const auto& [id, start] : group.since) uncount(id);
    group.since = std::move(since);
    group.active = best;
    group.path = best_path;
  }

  /// A run of layers with a package that ended.
  struct Gone {
    const PackageVersion* package = nullptr;
    EvidenceRef listed;        ///< the last list that had it
    std::string path;
    std::uint32_t since = 0, until = 0;
  };

  void note_gone(const Group& group, const std::map<Identity, std::uint32_t>& stay, std::uint32_t layer) {
    std::set<Identity> seen;
    for (const PackageEntry& entry : evidence(*group.active).packages) {
      const PackageVersion& p = package(*group.active, entry);
      if (stay.count(identity(p)) > 0 || !seen.insert(identity(p)).second) continue;
      gone_.push_back({&p, *group.active, group.path, group.since.at(identity(p)), layer});
    }
  }

  struct Presence {
    std::int64_t count = 0;
    const PackageVersion* package = nullptr;
  };

  void count(const PackageVersion& p) {
    if (!deltas_ && !all_layers_) return;
    Presence& presence = present_[identity(p)];
    touched_.emplace(identity(p), presence);
    ++presence.count;
    presence.package = &p;
  }
  void uncount(const Identity& id) {
    if (!deltas_ && !all_layers_) return;
    Presence& presence = present_[id];
    touched_.emplace(id, presence);
    --presence.count;
  }

  using Facts = std::map<std::string, std::map<std::string, std::string>>;

  void find_systems() {
    for (const auto& [key, group] : groups_) {
      if (!group.active) continue;
      const Evidence& e = evidence(*group.active);
      if (e.extractor != kOsRelease && e.extractor != kOsSources) continue;
      os_facts_[group.path] = e.facts;
    }
    // Names that are links: the file is where they lead.
    for (const auto& [path, node] : tree_.nodes()) {
      if (node.kind != PathKind::symlink) continue;
      if (const auto target = tree_.resolve_all(path)) {
        if (const auto facts = os_facts_.find(*target); facts != os_facts_.end()) linked_facts_[path] = facts->second;
      }
    }
    out_.systems.push_back(detect_os(facts_below("")));
    system_of_root_[""] = 0;
  }

  Facts facts_below(const std::string& root) const {
    Facts out;
    for (const Facts* facts : {&os_facts_, &linked_facts_}) {
      for (const auto& [path, values] : *facts) {
        if (path::is_below(path, root)) out.emplace(root.empty() ? path : path.substr(root.size() + 1), values);
      }
    }
    return out;
  }

  /// The system whose package database lies at this path: that of the nearest root folder above it that says what it is.
  std::uint32_t system_of(const std::string& database_path) {
    for (std::string_view up = path::parent(database_path); !up.empty(); up = path::parent(up)) {
      const std::string root(up);
      if (const auto known = system_of_root_.find(root); known != system_of_root_.end()) {
        if (known->second != kNoSystem) return known->second;
        continue;
      }
      bool says = false;
      for (const std::string_view name : {"etc/os-release", "usr/lib/os-release", "etc/debian_version", "etc/alpine-release", "etc/redhat-release"}) {
        const std::string path = path::join(root, name);
        says = says || os_facts_.count(path) > 0 || linked_facts_.count(path) > 0;
      }
      Os os = says ? detect_os(facts_below(root)) : Os{};
      if (!os) {
        system_of_root_[root] = kNoSystem;
        continue;
      }
      out_.systems.push_back(std::move(os));
      return system_of_root_[root] = static_cast<std::uint32_t>(out_.systems.size() - 1);
    }
    return 0;
  }

  /// The repositories that a layer's packages came from, as Red Hat's build records in the image say. A base image has its record in the
  /// layer after its packages, and who builds upon it installs from the same repositories: so the layer's own record counts, else that of
  /// the nearest layer below, else above.
  std::vector<std::string> repositories_of(std::uint32_t layer) const {
    auto at = repositories_.upper_bound(layer);
    if (at != repositories_.begin()) --at;
    return at == repositories_.end() ? std::vector<std::string>() : std::vector<std::string>(at->second.begin(), at->second.end());
  }

  void find_repositories() {
    for (const auto& [key, group] : groups_) {
      if (!group.active) continue;
      const auto& facts = evidence(*group.active).facts;
      if (evidence(*group.active).extractor == "os_ubuntu_pro" && group.path == kProStatus) {
        if (const auto services = facts.find("services"); services != facts.end()) {
          for (const std::string_view name : text::words(services->second)) services_.emplace(name);
        }
      }
      if (evidence(*group.active).extractor != "os_buildinfo") continue;
      const auto sets = facts.find("content_sets");
      if (sets == facts.end()) continue;
      const ImageTree::Node* node = tree_.find(group.path);
      auto& of_layer = repositories_[node == nullptr ? group.active->layer : node->layer];
      for (const std::string_view id : text::words(sets->second)) of_layer.emplace(id);
    }
  }

  void collect_packages() {
    std::map<std::string, std::string> owner_of;  // canonical path -> key of the OS package
    for (const auto& [key, group] : groups_) {
      if (!group.active) continue;
      const Evidence& e = evidence(*group.active);
      const auto own = [&](const std::string& name, const std::vector<std::string>& paths) {
        for (const std::string& path : paths) {
          if (const auto canonical = tree_.resolve_parent(path)) owner_of.emplace(*canonical, name);
        }
      };
      for (const PackageEntry& entry : e.packages) {
        const PackageVersion& p = package(*group.active, entry);
        own(p.name + (p.arch.empty() ? "" : ":" + p.arch), entry.owned_paths);
      }
      for (const Ownership& o : e.ownership) own(o.name + (o.arch.empty() ? "" : ":" + o.arch), o.paths);
    }
    for (const auto& [key, group] : groups_) {
      if (!group.active) continue;
      const Evidence& e = evidence(*group.active);
      out_.had_package_database = out_.had_package_database || e.shape != Shape::per_file || !e.packages.empty();
      std::set<Identity> listed;
      for (const PackageEntry& entry : e.packages) {
        const PackageVersion& p = package(*group.active, entry);
        if (!listed.insert(identity(p)).second) continue;
        Occurrence occurrence;
        occurrence.package = p;
        occurrence.layer = group.since.at(identity(p)) + 1;
        occurrence.paths = {group.path};
        occurrence.extractor = e.extractor;
        place(occurrence, group.since.at(identity(p)));
        if (e.extractor.compare(0, 3, "os_") != 0) {
          if (const auto owner = owner_of.find(group.path); owner != owner_of.end()) occurrence.owned_by = owner->second;
        }
        out_.packages.push_back(std::move(occurrence));
      }
    }
  }

  /// Whose it is, and where it came from.
  void place(Occurrence& occurrence, std::uint32_t since) {
    const PackageVersion& p = occurrence.package;
    occurrence.os = system_of(occurrence.paths[0]);
    if (p.type == "rpm" && occurrence.os == 0) occurrence.repositories = repositories_of(since);
    if (p.type == "deb" && occurrence.os == 0) occurrence.repositories.assign(services_.begin(), services_.end());
  }

  void collect_gone() {
    for (const Gone& one : gone_) {
      Occurrence occurrence;
      occurrence.package = *one.package;
      occurrence.layer = one.since + 1;
      occurrence.removed_in = one.until + 1;
      occurrence.paths = {one.path};
      occurrence.extractor = evidence(one.listed).extractor;
      place(occurrence, one.since);
      out_.packages.push_back(std::move(occurrence));
    }
  }

  void sort_packages() {
    std::sort(out_.packages.begin(), out_.packages.end(), [](const Occurrence& a, const Occurrence& b) {
      const auto key = [](const Occurrence& o) {
        return std::tie(o.package.type, o.package.name, o.package.version, o.package.arch, o.paths, o.layer, o.removed_in);
      };
      return key(a) < key(b);
    });
  }

  void collect_files() {
    std::set<std::string> patterns(patterns_.begin(), patterns_.end());
    for (const std::string& pattern : patterns) {
      bool any = false;
      const std::string wanted = pattern.find_first_of("*?[") == std::string::npos ? path::clean(pattern) : pattern;
      for (const auto& [path, node] : tree_.nodes()) {
        if (node.kind != PathKind::file && node.kind != PathKind::hardlink) continue;
        const LayerRecord& record = *records_[node.layer];
        for (const NamedFile& file : record.named_files) {
          // Named by its literal path; it may have landed elsewhere, through a linked folder.
          if (file.path != path && tree_.resolve_parent(file.path) != path) continue;
          if (!text::glob(wanted, path) && !text::glob(wanted, file.path)) continue;
          NamedFileState state{pattern, true, file, node.layer + 1};
          state.file.path = path;
          out_.files.push_back(std::move(state));
          any = true;
          break;
        }
      }
      if (!any) out_.files.push_back({pattern, false, {}, 0});
    }
  }

  /// A note about a file that a later layer replaced or removed no longer matters.
  void collect_notes() {
    for (std::uint32_t layer = 0; layer < records_.size(); ++layer) {
      for (const Note& note : records_[layer]->notes) {
        bool matters = true;
        if (!note.path.empty()) {
          const auto canonical = tree_.resolve_parent(note.path);
          const ImageTree::Node* node = canonical ? tree_.find(*canonical) : nullptr;
          matters = node == nullptr ? !was_evidence(note.path) : node->layer == layer;
        }
        if (matters) out_.notes.push_back(note);
      }
      if (records_[layer]->notes_dropped > 0) {
        out_.notes.push_back({"limit", {}, "layer " + std::to_string(layer + 1) + ": " + std::to_string(records_[layer]->notes_dropped) + " further notes"});
      }
    }
  }
  bool was_evidence(const std::string& path) const {
    return std::any_of(records_.begin(), records_.end(), [&](const LayerRecord* r) {
      return std::any_of(r->evidence.begin(), r->evidence.end(), [&](const Evidence& e) { return e.path == path; });
    });
  }

  static constexpr std::uint32_t kNoSystem = ~0u;

  const std::vector<const LayerRecord*>& records_;
  const Limits& limits_;
  const std::vector<std::string>& patterns_;
  const bool deltas_, all_layers_;
  ImageTree tree_;
  std::map<std::string, Group> groups_;
  std::map<std::string, std::set<std::string>> groups_of_path_;
  std::map<Identity, Presence> present_;
  std::map<Identity, Presence> touched_;  // as it was before the layer
  std::vector<Gone> gone_;                // in the order in which they went
  Facts os_facts_, linked_facts_;
  std::map<std::string, std::uint32_t> system_of_root_;
  std::set<std::string> services_;  ///< of Ubuntu Pro, to which the final image is attached
  std::map<std::uint32_t, std::set<std::string>> repositories_;  ///< by the layer whose record names them
  Inventory out_;
};

}  // namespace merge_detail

Inventory merge(const std::vector<const LayerRecord*>& records, const Limits& limits, const std::vector<std::string>& patterns, bool deltas, bool all_layers) {
  return merge_detail::Fold(records, limits, patterns, deltas, all_layers).run();
}

Inventory merge(const std::vector<LayerRecord>& records, const Limits& limits, const std::vector<std::string>& patterns, bool deltas, bool all_layers) {
  std::vector<const LayerRecord*> borrowed;
  borrowed.reserve(records.size());
  for (const LayerRecord& record : records) borrowed.push_back(&record);
  return merge(borrowed, limits, patterns, deltas, all_layers);
}

}  // namespace eclair::index
