// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layer_place.h"

#include <algorithm>
#include <map>
#include <set>

#include "extract/extractor.h"
#include "index/index.h"
#include "match/match.h"
#include "util/bytes.h"

namespace eclair::service {
namespace layer_place_detail {

std::uint64_t cost_of(const LayerRecord& record) {
  std::uint64_t cost = 1000 + record.paths.stored().size() + record.packages.size() * 300;
  for (const Evidence& one : record.evidence) {
    cost += 200 + one.packages.size() * 40 + one.ownership.size() * 100;
    for (const PackageEntry& entry : one.packages) {
      for (const std::string& path : entry.owned_paths) cost += 32 + path.size();
    }
  }
  return cost;
}

bool is_system(const PackageVersion& package) {
  for (const std::string_view type : {"deb", "rpm", "apk", "opkg", "alpm"}) {
    if (package.type == type) return true;
  }
  return false;
}

/// A package in a group, as a layer has it.
using Held = std::pair<std::uint64_t, std::string>;  // number, key of the group

}  // namespace layer_place_detail
using namespace layer_place_detail;

std::uint32_t LayerPlaces::revision() {
  std::uint32_t sum = 0;
  for (const auto& [id, revision] : extract::current_revisions()) sum += revision;
  return sum;
}

Result<std::shared_ptr<const LayerRecord>> LayerPlaces::record(const Digest& digest) {
  if (digest.empty()) return std::make_shared<const LayerRecord>();
  if (auto known = records_.find(digest.text)) return known;
  ECLAIR_TRY(auto read, store_.layer_record(digest));
  if (!read) return fail(Errc::not_found, "the record of a layer below (" + std::string(digest.brief()) + ") is no longer in the store");
  auto out = std::make_shared<const LayerRecord>(std::move(*read));
  records_.put(digest.text, out, cost_of(*out));
  return out;
}

Result<store::Node> LayerPlaces::place(const LayerRecord& record, const FoldedLayer* parent, bool any_distribution) {
  std::vector<std::shared_ptr<const LayerRecord>> held;
  std::vector<const LayerRecord*> stack;
  if (parent != nullptr) {
    for (const FoldedLayer::Layer& layer : parent->layers) {
      ECLAIR_TRY(auto one, this->record(layer.record));
      held.push_back(std::move(one));
    }
  }
  for (const auto& one : held) stack.push_back(one.get());
  stack.push_back(&record);
  const Inventory inventory = index::merge(stack, limits_);

  store::Node out;
  out.parent = parent == nullptr ? 0 : parent->node.id;
  out.record = record.digest;
  out.revision = revision();
  if (!inventory.systems.empty()) out.os = inventory.systems.front();
  out.name_space = match::name_space(out.os);
  const bool has_packages = std::any_of(inventory.packages.begin(), inventory.packages.end(), [](const Occurrence& o) { return is_system(o.package); });
  if (has_packages && out.name_space.empty() && !any_distribution) {
    return fail(Errc::unsupported, out.os.id.empty() ? "packages, but nothing says of which distribution" : "packages of a distribution that is not known: " + out.os.id + " " + out.os.version);
  }

  // What is there now, by group. Who was there before in the same group keeps the namespace that it was added in.
  std::vector<PackageVersion> versions;
  versions.reserve(inventory.packages.size());
  for (const Occurrence& one : inventory.packages) versions.push_back(one.package);
  ECLAIR_TRY(const std::vector<std::uint64_t> numbers, store_.intern(versions));
  struct Before {
    std::string key;
    std::string name_space;
  };
  std::multimap<std::uint64_t, Before> before;
  if (parent != nullptr) {
    std::vector<std::string> keys;
    for (const store::PackageGroup& group : parent->groups) keys.push_back(key_of(group));
    for (const FoldedLayer::Package& package : parent->packages) {
      before.emplace(package.number, Before{keys[package.group], parent->groups[package.group].name_space});
    }
  }
  const auto top = static_cast<std::uint32_t>(stack.size());
  std::map<std::pair<std::string, std::string>, store::PackageGroup> groups;  // by key and namespace
  std::map<std::uint64_t, std::set<std::string>> now;                         // keys of the groups that a version is in
  std::set<std::uint64_t> anew;                                               // introduced by this layer, whatever was there before
  std::vector<std::pair<std::uint64_t, store::PackageGroup>> occurrences;
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    const Occurrence& one = inventory.packages[i];
    store::PackageGroup group;
    if (one.os != 0 && one.os < inventory.systems.size()) group.os = inventory.systems[one.os];
    group.repositories = one.repositories;
    group.owned = !one.owned_by.empty();
    group.name_space = match::name_space(one.package, group.os ? group.os : out.os);
    now[numbers[i]].insert(key_of(group));
    if (one.layer == top) anew.insert(numbers[i]);
    occurrences.emplace_back(numbers[i], std::move(group));
  }
  const auto stays = [&](std::uint64_t number) {
    const auto [first, last] = before.equal_range(number);
    if (first == last || anew.count(number) > 0) return false;
    std::set<std::string> keys;
    for (auto it = first; it != last; ++it) keys.insert(it->second.key);
    const auto held_now = now.find(number);
    return held_now != now.end() && held_now->second == keys;
  };
  for (auto& [number, group] : occurrences) {
    if (stays(number)) continue;
    auto& to = groups[{key_of(group), group.name_space}];
    if (to.packages.empty()) to = group;
    to.packages.push_back(number);
  }
  for (auto& [name, group] : groups) {
    std::sort(group.packages.begin(), group.packages.end());
    group.packages.erase(std::unique(group.packages.begin(), group.packages.end()), group.packages.end());
    out.delta.added.push_back(std::move(group));
  }
  for (auto it = before.begin(); it != before.end(); it = before.upper_bound(it->first)) {
    if (!stays(it->first)) out.delta.removed.push_back(it->first);
  }
  return out;
}

}  // namespace eclair::service
