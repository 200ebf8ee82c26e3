// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "service/layers/layers.h"
#include "service/http/metrics.h"

namespace eclair::service {

/// The same layers; what is posted and what reports tell is counted: eclair_layer_posts_total{outcome}, eclair_reports_total and
/// eclair_report_findings_total{severity}. metrics must outlive it.
std::unique_ptr<Layers> count_layers_of(std::unique_ptr<Layers> layers, Metrics& metrics);

}  // namespace eclair::service
