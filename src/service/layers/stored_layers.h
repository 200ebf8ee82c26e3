// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "service/layers/advisories.h"
#include "service/layers/layer_fetch.h"
#include "service/layers/layers.h"
#include "store/service_store.h"
#include "util/limits.h"

namespace eclair::service {

struct LayerSettings {
  FetchSettings fetch;
  Limits limits;
  std::uint64_t cache_bytes = 192u << 20;  ///< of what is kept in memory between requests, all together
  /// Told of each layer that was read. May be empty; from several threads.
  std::function<void(double seconds, std::uint64_t bytes)> read{};
};

/// Layers over the stores, which must outlive it.
std::unique_ptr<Layers> make_layers(store::ServiceStore& store, Advisories& advisories, LayerSettings settings);

}  // namespace eclair::service
