// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/store_metrics.h"

#include <chrono>
#include <memory>
#include <mutex>

#include "util/time.h"

namespace eclair::service {
namespace store_metrics_detail {

constexpr std::chrono::seconds kFresh{15};

void look(Metrics& metrics, store::ServiceStore& store, Advisories& advisories) {
  if (const auto counts = store.counts()) {
    metrics.set("eclair_layers", {}, static_cast<double>(counts->layers));
    metrics.set("eclair_images", {}, static_cast<double>(counts->images));
    metrics.set("eclair_package_versions", {}, static_cast<double>(counts->packages));
    metrics.set("eclair_notifications_pending", {}, static_cast<double>(counts->notifications_pending));
    metrics.set("eclair_store_bytes", {}, static_cast<double>(counts->bytes));
    metrics.set("eclair_store_up", {}, 1);
  } else {
    metrics.set("eclair_store_up", {}, 0);
  }
  const auto feeds = advisories.with([](store::AdvisoryStore& known) { return known.feeds(); });
  if (!feeds) return;
  for (const store::FeedState& feed : *feeds) {
    metrics.set("eclair_feed_age_seconds", {{"feed", feed.name}}, static_cast<double>(now() - feed.fetched_at));
    metrics.set("eclair_feed_vulnerabilities", {{"feed", feed.name}}, static_cast<double>(feed.vulnerabilities));
  }
}

}  // namespace store_metrics_detail

void describe_stores(Metrics& metrics, store::ServiceStore& store, Advisories& advisories) {
  metrics.gauge("eclair_layers", "Layers that are stored.");
  metrics.gauge("eclair_images", "Images that are stored.");
  metrics.gauge("eclair_package_versions", "Distinct package versions that stored layers have.");
  metrics.gauge("eclair_notifications_pending", "Notifications that nobody has read.");
  metrics.gauge("eclair_store_bytes", "Size of the store of layers.");
  metrics.gauge("eclair_store_up", "Whether the store answers.");
  metrics.gauge("eclair_feed_age_seconds", "Since a feed's source was last asked with success.");
  metrics.gauge("eclair_feed_vulnerabilities", "Vulnerabilities that a feed tells of.");
  struct Last {
    std::mutex mutex;
    std::chrono::steady_clock::time_point at{};
    bool ever = false;
  };
  metrics.before_text([&metrics, &store, &advisories, last = std::make_shared<Last>()] {
    const std::lock_guard lock(last->mutex);
    const auto time = std::chrono::steady_clock::now();
    if (last->ever && time - last->at < store_metrics_detail::kFresh) return;
    last->at = time;
    last->ever = true;
    store_metrics_detail::look(metrics, store, advisories);
  });
}

std::function<void(double seconds, std::uint64_t bytes)> count_layers(Metrics& metrics) {
  metrics.histogram("eclair_layer_read_seconds", "Time to fetch and read a layer.", {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300});
  metrics.counter("eclair_layer_read_bytes_total", "Bytes of layers that were read, as they were fetched.");
  metrics.add("eclair_layer_read_bytes_total", {}, 0);
  return [&metrics](double seconds, std::uint64_t bytes) {
    metrics.observe("eclair_layer_read_seconds", {}, seconds);
    metrics.add("eclair_layer_read_bytes_total", {}, static_cast<double>(bytes));
  };
}

}  // namespace eclair::service
