// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "service/layers/advisories.h"
#include "service/http/metrics.h"
#include "store/service_store.h"

namespace eclair::service {

/// Numbers of what is stored and of the advisories' age, looked up at most every 15 seconds, when somebody asks for the metrics. Both stores
/// must outlive the metrics' last text().
void describe_stores(Metrics& metrics, store::ServiceStore& store, Advisories& advisories);

/// Numbers of the layers that are read: for LayerSettings::read. metrics must outlive what is returned.
std::function<void(double seconds, std::uint64_t bytes)> count_layers(Metrics& metrics);

}  // namespace eclair::service
