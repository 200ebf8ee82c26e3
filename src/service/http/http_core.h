// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "service/http/http.h"
#include "service/http/http_server.h"
#include "service/http/worker_pool.h"
#include "util/cancel.h"

namespace eclair::service {

/// What the connections of a server have in common. Within the server alone.
struct HttpCore {
  HttpCore(ServerOptions given, std::vector<Api> served)
      : options(std::move(given)),
        apis(std::move(served)),
        quick(options.quick_workers, options.quick_queue),
        analysis(options.analysis_workers, options.analysis_queue) {}

  void tell_trouble(std::string_view request, std::string_view what) const {
    if (options.trouble) options.trouble(request, what);
  }
  void enter() { ++connections; }
  void leave() {
    {
      const std::lock_guard lock(mutex);
      --connections;
    }
    empty.notify_all();
  }
  bool wait_until_empty(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    return empty.wait_for(lock, time, [this] { return connections == 0; });
  }

  const ServerOptions options;
  const std::vector<Api> apis;
  WorkerPool quick, analysis;
  std::atomic<bool> stopping{false};
  Cancel abandon;  ///< the grace is over
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::size_t> connections{0};
  std::mutex mutex;  ///< of `empty`
  std::condition_variable empty;
};

}  // namespace eclair::service
