// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "service/http/http.h"
#include "util/time.h"

namespace eclair::service {

/// What health is told from. All are called from workers.
struct HealthParts {
  std::function<bool()> store_works;
  std::function<UnixTime()> last_update;                       ///< 0 = never
  std::function<std::optional<std::size_t>()> notifier_queue;  ///< nullopt: no notifier
};

/// The document of generation 0: {"database":{"IsHealthy":true},"notifier":{...},"updater":{...}}; only the database decides the status.
Reply health_document(const HealthParts& parts);

/// The port of health: `GET /health` of generation 1 (200 or 500, empty) and `GET /` of generation 0 (200 or 503, a document), and
/// `GET /metrics` from `metrics`. They need no key.
Api api_health(HealthParts parts, std::function<std::string()> metrics);

/// What the main port has of it: `GET /v1/health`, and `GET /v1/metrics`, which needs a key that may read.
Api api_status(HealthParts parts, std::function<std::string()> metrics);

}  // namespace eclair::service
