// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"
#include "service/judged_features.h"
#include "service/layers.h"
#include "service/lru.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// All packages that are seen at a layer: those of its ancestors, with what each layer added and removed.
struct FoldedLayer {
  struct Package {
    std::uint64_t number = 0;
    std::uint32_t group = 0;   ///< index into groups
    std::uint32_t layer = 0;   ///< index into layers: who added it
    std::shared_ptr<const PackageVersion> version;
  };
  struct Layer {
    std::int64_t id = 0;
    std::string name;
    Digest record;
  };

  store::Node node;                              ///< without its delta
  std::int64_t version = 0;                      ///< of the node, when this was folded
  std::vector<Layer> layers;                     ///< base first, this one last
  std::vector<store::PackageGroup> groups;       ///< without their packages
  std::vector<Package> packages;                 ///< sorted by number
  std::vector<store::PackageGroup> added, removed;  ///< of the layer itself; the groups of `removed` are those of the ancestors
  std::shared_ptr<FeatureSet> features;          ///< the same as the old APIs show it
};

/// Folds layers from the store, and keeps those that are asked for.
/// threads: own synchronisation.
class FoldedLayers {
 public:
  FoldedLayers(store::ServiceStore& store, std::uint64_t cache_bytes) : store_(store), layers_(cache_bytes), packages_(cache_bytes / 2) {}

  Result<std::shared_ptr<const FoldedLayer>> find(store::Scope scope, std::string_view name);
  Result<std::shared_ptr<const FoldedLayer>> find(std::int64_t id);
  /// Some packages of a layer, as features that it adds itself.
  Result<std::shared_ptr<FeatureSet>> features(const store::Node& layer, const std::vector<store::PackageGroup>& groups);

 private:
  Result<std::shared_ptr<const FoldedLayer>> fold(const store::Node& node, std::int64_t version, std::uint32_t depth);
  Result<std::vector<std::shared_ptr<const PackageVersion>>> packages(const std::vector<std::uint64_t>& numbers);

  store::ServiceStore& store_;
  Lru<std::int64_t, FoldedLayer> layers_;
  Lru<std::uint64_t, PackageVersion> packages_;
};

}  // namespace eclair::service
