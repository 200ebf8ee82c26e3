// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/folded_layer.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "match/classic_names.h"
#include "match/match.h"
#include "util/limits.h"

namespace eclair::service {
namespace folded_layer_detail {

std::uint32_t group_index(FoldedLayer& in, const store::PackageGroup& group) {
  store::PackageGroup bare = group;
  bare.packages.clear();
  for (std::uint32_t i = 0; i < in.groups.size(); ++i) {
    if (in.groups[i] == bare) return i;
  }
  in.groups.push_back(std::move(bare));
  return static_cast<std::uint32_t>(in.groups.size() - 1);
}

/// Name and version under which the old APIs show a package: dpkg's by source.
std::pair<std::string_view, std::string_view> shown(const PackageVersion& package) {
  if (package.type == "deb" || package.type == "opkg") return {package.source(), package.source_ver()};
  return {package.name, package.version};
}

std::string_view format_of(const PackageVersion& package) { return package.type == "rpm" ? "rpm" : "dpkg"; }

std::shared_ptr<FeatureSet> features_of(const FoldedLayer& layer) {
  auto out = std::make_shared<FeatureSet>();
  out->os = layer.node.os;
  out->groups = layer.groups;
  const std::string context = match::name_space(layer.node.os);
  std::vector<std::string> spaces, keys;
  for (const store::PackageGroup& group : layer.groups) {
    spaces.push_back(match::classic_name_space(group.name_space));
    keys.push_back(key_of(group));
  }
  using Name = std::tuple<std::string_view, std::string_view, std::string_view, std::uint32_t>;
  std::map<Name, FeatureSet::Slot> slots;
  for (const FoldedLayer::Package& package : layer.packages) {
    const auto [name, version] = shown(*package.version);
    FeatureSet::Slot& slot = slots[Name{name, version, spaces[package.group], package.layer}];
    if (slot.parts.empty()) {
      slot.feature.name = name;
      slot.feature.version = version;
      slot.feature.name_space = spaces[package.group];
      slot.feature.version_format = format_of(*package.version);
      slot.feature.added_by = layer.layers[package.layer].name;
      slot.key = context;
    }
    slot.parts.push_back({package.version, package.number, package.group});
    Encoder key;
    key.text(keys[package.group]);
    key.number(package.number);
    slot.key += key.bytes();
  }
  out->slots.reserve(slots.size());
  for (auto& [name, slot] : slots) out->slots.push_back(std::move(slot));
  return out;
}

std::uint64_t cost_of(const FoldedLayer& layer) {
  return 500 + layer.packages.size() * sizeof(FoldedLayer::Package) + layer.layers.size() * 200 + layer.features->slots.size() * 400;
}

std::uint64_t cost_of(const PackageVersion& package) { return 200 + package.name.size() + package.version.size() + package.source_name.size(); }

}  // namespace folded_layer_detail
using namespace folded_layer_detail;

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::find(store::Scope scope, std::string_view name) {
  ECLAIR_TRY(const auto mark, store_.mark(scope, name));
  if (!mark) return nullptr;
  if (auto known = layers_.find(mark->id); known && known->version == mark->version) return known;
  return find(mark->id);
}

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::find(std::int64_t id) {
  ECLAIR_TRY(const auto node, store_.node(id));
  if (!node) return nullptr;
  return fold(*node, node->version, 0);
}

Result<std::shared_ptr<FeatureSet>> FoldedLayers::features(const store::Node& layer, const std::vector<store::PackageGroup>& groups) {
  FoldedLayer alone;
  alone.node = layer;
  alone.layers.push_back({layer.id, layer.name, layer.record});
  for (const store::PackageGroup& group : groups) {
    const std::uint32_t index = group_index(alone, group);
    ECLAIR_TRY(const auto versions, packages(group.packages));
    for (std::size_t i = 0; i < versions.size(); ++i) alone.packages.push_back({group.packages[i], index, 0, versions[i]});
  }
  return features_of(alone);
}

Result<std::vector<std::shared_ptr<const PackageVersion>>> FoldedLayers::packages(const std::vector<std::uint64_t>& numbers) {
  std::vector<std::shared_ptr<const PackageVersion>> out;
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

Result<std::shared_ptr<const FoldedLayer>> FoldedLayers::fold(const store::Node& node, std::int64_t version, std::uint32_t depth) {
  if (auto known = layers_.find(node.id); known && known->version == version) return known;
  if (depth > Limits{}.layers) return fail(Errc::limit, "layer " + node.name + " has more ancestors than the limit layers of " + std::to_string(Limits{}.layers));
  auto out = std::make_shared<FoldedLayer>();
  if (node.parent != 0) {
    ECLAIR_TRY(const auto parent, store_.node(node.parent));
    if (!parent) return fail(Errc::not_found, "the parent of layer " + node.name + " is no longer in the store");
    ECLAIR_TRY(const auto below, fold(*parent, parent->version, depth + 1));
    out->layers = below->layers;
    out->groups = below->groups;
    for (const FoldedLayer::Package& package : below->packages) {
      const bool stays = !std::binary_search(node.delta.removed.begin(), node.delta.removed.end(), package.number);
      if (stays) out->packages.push_back(package);
    }
    // What went, in the groups that it was in.
    for (const FoldedLayer::Package& package : below->packages) {
      if (!std::binary_search(node.delta.removed.begin(), node.delta.removed.end(), package.number)) continue;
      store::PackageGroup bare = below->groups[package.group];
      const auto same = std::find_if(out->removed.begin(), out->removed.end(), [&](store::PackageGroup one) {
        one.packages.clear();
        return one == bare;
      });
      if (same != out->removed.end()) {
        same->packages.push_back(package.number);
      } else {
        bare.packages.push_back(package.number);
        out->removed.push_back(std::move(bare));
      }
    }
  }
  out->node = node;
  out->node.delta = {};
  out->version = version;
  out->layers.push_back({node.id, node.name, node.record});
  out->added = node.delta.added;
  const auto layer = static_cast<std::uint32_t>(out->layers.size() - 1);
  for (const store::PackageGroup& group : node.delta.added) {
    const std::uint32_t index = group_index(*out, group);
    ECLAIR_TRY(const auto versions, packages(group.packages));
    for (std::size_t i = 0; i < versions.size(); ++i) out->packages.push_back({group.packages[i], index, layer, versions[i]});
  }
  std::sort(out->packages.begin(), out->packages.end(),
            [](const FoldedLayer::Package& a, const FoldedLayer::Package& b) { return std::tie(a.number, a.group) < std::tie(b.number, b.group); });
  out->features = features_of(*out);
  layers_.put(node.id, out, cost_of(*out));
  return out;
}

}  // namespace eclair::service
