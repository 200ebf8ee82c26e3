// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "feeds/update.h"
#include "service/http/log.h"
#include "service/http/metrics.h"
#include "store/service_store.h"
#include "util/limits.h"

namespace eclair::service {

struct UpdaterSettings {
  std::uint64_t interval_seconds = 3600;  ///< between updates; 0 = none
  std::vector<std::string> feeds;         ///< by id, all that they have; none: what the store has, and what the distributions of layers need
  feeds::Mirrors mirrors;
  net::Options network;                   ///< of each request
  Limits limits;
  std::uint64_t keep_seconds = 0;         ///< images and layers that nobody saw so long are removed; 0 = never
  std::uint32_t lease_seconds = 60;       ///< after which another node takes over from one that died
  std::chrono::milliseconds pause{15'000};   ///< between looks whether it is time, or a distribution came that nothing is known of
  double jitter_seconds = 2;              ///< mean of a random wait before each update, so that nodes do not ask at once
};

/// Keeps the advisories up to date, and forgets what is past its time. Runs on every node, under a lease: one of them does it.
/// `updater/last` in the store (Unix seconds as text) says when all feeds succeeded last. Where some fail, it is tried again after a minute, two, four,
/// up to the interval. Read notifications are kept for 30 days.
class Updater {
 public:
  struct Parts {
    store::ServiceStore& store;
    std::string advisories;           ///< where they are, as store::open_advisories takes it
    Metrics& metrics;
    const Log& log;
    std::function<void()> updated{};  ///< called after something was imported; may be empty
  };
  /// The parts must outlive it. owner: of this node, unlike all others'.
  Updater(Parts parts, UpdaterSettings settings, std::string owner);
  ~Updater();  ///< stop()
  Updater(const Updater&) = delete;
  Updater& operator=(const Updater&) = delete;

  void start();  ///< once
  void stop();   ///< what is downloading ends, what was imported stands

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A feed, and what is wanted of it.
struct WantedFeed {
  std::string feed;
  std::vector<std::string> namespaces{};  ///< none = everything
  bool operator==(const WantedFeed&) const = default;
};
/// The feeds that speak of namespaces, in the order of feeds.def.
std::vector<WantedFeed> feeds_for(const std::vector<std::string>& namespaces);

}  // namespace eclair::service
