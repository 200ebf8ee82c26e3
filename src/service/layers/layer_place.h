// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/layer_record.h"
#include "service/layers/folded_layer.h"
#include "store/service_store.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::service {

/// Where a layer's record stands in a stack of layers: what it adds to its parent, and what it removes.
/// threads: own synchronisation.
class LayerPlaces {
 public:
  LayerPlaces(store::ServiceStore& store, Limits limits, std::uint64_t cache_bytes) : store_(store), limits_(limits), records_(cache_bytes) {}

  /// The node for a record on top of a parent: distribution, namespace, delta. Its package versions are in the store then; scope, name and api are
  /// the caller's to fill in.
  /// parent: null for a base layer.  errors: those of the store; not_found (a record below it went); unsupported: packages of a distribution that
  /// nobody here knows, unless `any_distribution`.
  Result<store::Node> place(const LayerRecord& record, const FoldedLayer* parent, bool any_distribution = false);
  /// Made of today's extractors, all together; grows with each change of any.
  static std::uint32_t revision();

 private:
  Result<std::shared_ptr<const LayerRecord>> record(const Digest& digest);

  store::ServiceStore& store_;
  const Limits limits_;
  Lru<std::string, LayerRecord> records_;
};

}  // namespace eclair::service
