// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/package.h"
#include "service/layers/judged_features.h"
#include "service/layers/lru.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// All packages that are seen at a layer: those of its ancestors, with what each layer added and removed.
struct FoldedLayer {
  struct Package {
    std::uint64_t number = 0;
    std::uint32_t group = 0;   ///< index into groups
    std::uint32_t layer = 0;   ///< index into layers: who added it
  };
  struct Layer {
    std::int64_t id = 0;
    std::string name;
    Digest record;
  };

  store::Node node;                              ///< without its delta
  std::vector<Layer> layers;                     ///< base first, this one last
  std::vector<store::PackageGroup> groups;       ///< without their packages
  std::vector<Package> packages;                 ///< sorted by number
  std::vector<store::PackageGroup> added, removed;  ///< of the layer itself; the groups of `removed` are those of the ancestors
  /// The same as the old APIs show it: sorted by name, version, namespace; and who added each (index into layers).
  FeatureList features;
  std::vector<std::uint32_t> added_by;
};

/// Folds layers from the store, and keeps those that are asked for.
/// threads: own synchronisation.
class FoldedLayers {
 public:
  FoldedLayers(store::ServiceStore& store, std::uint64_t cache_bytes)
      : store_(store), layers_(cache_bytes / 3), packages_(cache_bytes / 6), features_(cache_bytes / 2) {}

  /// null: not known. errors: those of the store; limit.
  Result<std::shared_ptr<const FoldedLayer>> find(store::Scope scope, std::string_view name);
  Result<std::shared_ptr<const FoldedLayer>> find(std::int64_t id);
  /// Some packages of a layer, as features that it adds itself.
  Result<FoldedLayer> alone(const store::Node& layer, const std::vector<store::PackageGroup>& groups);

 private:
  using Versions = std::vector<std::shared_ptr<const PackageVersion>>;
  Result<std::shared_ptr<const FoldedLayer>> fold(const store::Node& node);
  Result<std::shared_ptr<FoldedLayer>> stacked(const store::Node& node, std::uint32_t depth);
  static void add_own(FoldedLayer& to, const std::vector<store::PackageGroup>& groups);
  Result<> add_features(FoldedLayer& to);
  Result<Versions> versions(const std::vector<std::uint64_t>& numbers);

  store::ServiceStore& store_;
  Lru<std::int64_t, FoldedLayer> layers_;
  Lru<std::uint64_t, PackageVersion> packages_;
  Lru<std::string, SharedFeature> features_;  ///< by all that they are made of
};

}  // namespace eclair::service
