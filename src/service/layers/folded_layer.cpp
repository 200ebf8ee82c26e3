// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/folded_layer.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "match/classic_names.h"
#include "match/match.h"
#include "util/bytes.h"
#include "util/limits.h"

namespace eclair::service {
namespace folded_layer_detail {

store::PackageGroup bare(const store::PackageGroup& group) {
  store::PackageGroup out;
  out.name_space = group.name_space;
  out.os = group.os;
  out.repositories = group.repositories;
  out.owned = group.owned;
  return out;
}

std::uint32_t group_index(FoldedLayer& in, const store::PackageGroup& group) {
  store::PackageGroup wanted = bare(group);
  for (std::uint32_t i = 0; i < in.groups.size(); ++i) {
    if (in.groups[i] == wanted) return i;
  }
  in.groups.push_back(std::move(wanted));
  return static_cast<std::uint32_t>(in.groups.size() - 1);
}

/// What went, in the groups that it was in.
std::vector<store::PackageGroup> removed_of(const FoldedLayer& below, const std::vector<std::uint64_t>& numbers) {
  std::map<std::uint32_t, store::PackageGroup> groups;
  for (const FoldedLayer::Package& package : below.packages) {
    if (!std::binary_search(numbers.begin(), numbers.end(), package.number)) continue;
    const auto at = groups.find(package.group) != groups.end() ? groups.find(package.group) : groups.emplace(package.group, bare(below.groups[package.group])).first;
    at->second.packages.push_back(package.number);
  }
  std::vector<store::PackageGroup> out;
  for (auto& [index, group] : groups) out.push_back(std::move(group));
  return out;
}

/// Name and version under which the old APIs show a package: dpkg's by source.
std::pair<std::string_view, std::string_view> shown(const PackageVersion& package) {
  if (package.type == "deb" || package.type == "opkg") return {package.source(), package.source_ver()};
  return {package.name, package.version};
}

std::string_view format_of(const PackageVersion& package) { return package.type == "rpm" ? "rpm" : "dpkg"; }

std::uint64_t cost_of(const FoldedLayer& layer) {
  return 1000 + layer.packages.size() * sizeof(FoldedLayer::Package) + layer.layers.size() * 200 + layer.features.size() * 24;
}
std::uint64_t cost_of(const PackageVersion& package) { return 300 + package.name.size() + package.version.size() + package.source_name.size(); }
/// With room for what it will be judged: a few vulnerabilities, told twice.
std::uint64_t cost_of(const SharedFeature& feature) { return 2500 + feature.parts.size() * 64; }

}  // namespace folded_layer_detail
using namespace folded_layer_detail;

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::find(store::Scope scope, std::string_view name) {
  ECLAIR_TRY(const auto mark, store_.mark(scope, name));
  if (!mark) return nullptr;
  if (auto known = layers_.find(mark->id); known && known->node.version == mark->version) return known;
  return find(mark->id);
}

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::find(std::int64_t id) {
  ECLAIR_TRY(const auto node, store_.node(id));
  if (!node) return nullptr;
  return fold(*node);
}

Result<FoldedLayer> FoldedLayers::alone(const store::Node& layer, const std::vector<store::PackageGroup>& groups) {
  FoldedLayer out;
  out.node = layer;
  out.layers.push_back({layer.id, layer.name, layer.record});
  add_own(out, groups);
  ECLAIR_CHECK_OK(add_features(out));
  return out;
}

Result<FoldedLayers::Versions> FoldedLayers::versions(const std::vector<std::uint64_t>& numbers) {
  Versions out;
  std::vector<std::uint64_t> missing;
  for (const std::uint64_t number : numbers) {
    out.push_back(packages_.find(number));
    if (!out.back()) missing.push_back(number);
  }
  if (missing.empty()) return out;
  ECLAIR_TRY(std::vector<PackageVersion> read, store_.packages(missing));
  std::size_t next = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (out[i]) continue;
    auto one = std::make_shared<const PackageVersion>(std::move(read[next++]));
    packages_.put(numbers[i], one, cost_of(*one));
    out[i] = std::move(one);
  }
  return out;
}

void FoldedLayers::add_own(FoldedLayer& to, const std::vector<store::PackageGroup>& groups) {
  const auto layer = static_cast<std::uint32_t>(to.layers.size() - 1);
  for (const store::PackageGroup& group : groups) {
    const std::uint32_t index = group_index(to, group);
    for (const std::uint64_t number : group.packages) to.packages.push_back({number, index, layer});
  }
  std::sort(to.packages.begin(), to.packages.end(),
            [](const FoldedLayer::Package& a, const FoldedLayer::Package& b) { return std::tie(a.number, a.group) < std::tie(b.number, b.group); });
}

Result<> FoldedLayers::add_features(FoldedLayer& to) {
  std::vector<std::uint64_t> numbers;
  for (const FoldedLayer::Package& package : to.packages) numbers.push_back(package.number);
  ECLAIR_TRY(const Versions packages, versions(numbers));
  std::vector<std::string> spaces, keys;
  for (const store::PackageGroup& group : to.groups) {
    spaces.push_back(match::classic_name_space(group.name_space));
    keys.push_back(key_of(group) + group.name_space);
  }
  // Packages side by side that are one feature.
  struct Place {
    std::string_view name, version, space;
    std::uint32_t layer;
    std::size_t package;
    bool operator<(const Place& o) const { return std::tie(name, version, space, layer, package) < std::tie(o.name, o.version, o.space, o.layer, o.package); }
    bool same(const Place& o) const { return std::tie(name, version, space, layer) == std::tie(o.name, o.version, o.space, o.layer); }
  };
  std::vector<Place> places;
  places.reserve(packages.size());
  for (std::size_t i = 0; i < packages.size(); ++i) {
    const auto [name, version] = shown(*packages[i]);
    places.push_back({name, version, spaces[to.packages[i].group], to.packages[i].layer, i});
  }
  std::sort(places.begin(), places.end());
  Encoder judged_for;
  store::encode(to.node.os, judged_for);
  std::shared_ptr<const Os> os;
  std::vector<std::shared_ptr<const store::PackageGroup>> groups(to.groups.size());
  Encoder key;
  for (std::size_t begin = 0, end = 0; begin < places.size(); begin = end) {
    key.clear();
    key.text(judged_for.bytes());
    for (end = begin; end < places.size() && places[end].same(places[begin]); ++end) {
      const FoldedLayer::Package& package = to.packages[places[end].package];
      key.number(package.number);
      key.text(keys[package.group]);
    }
    auto feature = features_.find(key.bytes());
    if (!feature) {
      if (!os) os = std::make_shared<const Os>(to.node.os);
      auto made = std::make_shared<SharedFeature>();
      made->os = os;
      made->feature.name = places[begin].name;
      made->feature.version = places[begin].version;
      made->feature.name_space = places[begin].space;
      made->feature.version_format = format_of(*packages[places[begin].package]);
      for (std::size_t i = begin; i < end; ++i) {
        auto& group = groups[to.packages[places[i].package].group];
        if (!group) group = std::make_shared<const store::PackageGroup>(to.groups[to.packages[places[i].package].group]);
        made->parts.push_back({packages[places[i].package], group});
      }
      features_.put(key.bytes(), made, cost_of(*made) + key.bytes().size());
      feature = std::move(made);
    }
    to.features.push_back(std::move(feature));
    to.added_by.push_back(places[begin].layer);
  }
  return {};
}

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::fold(const store::Node& node) {
  if (auto known = layers_.find(node.id); known && known->node.version == node.version) return known;
  ECLAIR_TRY(auto out, stacked(node, 0));
  ECLAIR_CHECK_OK(add_features(*out));
  layers_.put(node.id, out, cost_of(*out));
  return out;
}

/// Without features, and not kept: of a stack mostly the top is asked for.
Result<std::shared_ptr<FoldedLayer>> FoldedLayers::stacked(const store::Node& node, std::uint32_t depth) {
  if (depth > Limits{}.layers) return fail(Errc::limit, "layer " + node.name + " has more ancestors than the limit layers of " + std::to_string(Limits{}.layers));
  auto out = std::make_shared<FoldedLayer>();
  if (node.parent != 0) {
    ECLAIR_TRY(const auto parent, store_.node(node.parent));
    if (!parent) return fail(Errc::not_found, "the parent of layer " + node.name + " is no longer in the store");
    std::shared_ptr<const FoldedLayer> below = layers_.find(parent->id);
    if (!below || below->node.version != parent->version) {
      ECLAIR_TRY(below, stacked(*parent, depth + 1));
    }
    out->layers = below->layers;
    out->groups = below->groups;
    out->packages.reserve(below->packages.size());
    for (const FoldedLayer::Package& package : below->packages) {
      if (!std::binary_search(node.delta.removed.begin(), node.delta.removed.end(), package.number)) out->packages.push_back(package);
    }
    out->removed = removed_of(*below, node.delta.removed);
  }
  out->node = node;
  out->node.delta = {};
  out->layers.push_back({node.id, node.name, node.record});
  out->added = node.delta.added;
  add_own(*out, out->added);
  return out;
}

}  // namespace eclair::service
