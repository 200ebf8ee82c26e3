// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/notifier.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "net/url.h"
#include "service/notify/stored_notifications.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::service {
namespace notifier_detail {

constexpr std::uint32_t kMakingSeconds = 60;  // lease of who makes notifications, released when done: two at it at once only waste time
constexpr std::string_view kLease = "notifier";

void describe(Metrics& metrics) {
  metrics.counter("eclair_notifications_made_total", "Notifications made of changes, by this node.");
  metrics.counter("eclair_notifications_sent_total", "Webhooks sent, by target and what came of it.");
  metrics.histogram("clair_notifier_latency_milliseconds", "Time it takes to send a notification.",
                    {9.375, 18.75, 37.5, 75, 150, 300, 600, 1200, 2400, 4800});
  metrics.counter("clair_notifier_backend_errors_total", "Webhooks that were not accepted, and rounds that failed.");
}

}  // namespace notifier_detail

struct Notifier::Impl {
  Impl(Parts given, NotifierSettings wanted, std::string me)
      : parts(std::move(given)), settings(std::move(wanted)), owner(std::move(me)), sender(settings.hooks, stopping) {
    notifier_detail::describe(parts.metrics);
  }

  void start() {
    threads.emplace_back([this] { loop("making notifications", [this] { return make(); }); });
    std::vector<std::string> enough;  // where nobody asks back, a notification is as good as read when all were told
    for (const HookTarget& target : settings.hooks.targets) enough.push_back(target.id());
    for (const HookTarget& target : settings.hooks.targets) {
      if (target.format == HookFormat::v1) enough.clear();
    }
    for (const HookTarget& target : settings.hooks.targets) {
      deliveries.push_back(std::make_unique<Delivery>(Delivery::Parts{parts.store, parts.notifications, parts.vulnerabilities, sender, stopping,
                                                                      [this, host = net::host_of(target.url)](const Sent& sent) { tell(host, sent); }},
                                                      target, settings.delivery, owner, enough));
      Delivery* const delivery = deliveries.back().get();
      threads.emplace_back([this, delivery] { loop("sending notifications", [delivery] { return delivery->step(); }); });
    }
  }

  /// Steps as long as there is something to do, then waits. What fails is told once for each time that it begins to.
  template <class Step>
  void loop(std::string_view what, Step&& step) {
    bool failed = false;
    std::uint64_t seen = 0;
    while (!stopping.requested()) {
      const Result<std::size_t> done = step();
      if (!done && !failed) {
        parts.log.error(what, {{"error", done.error().text}});
        parts.metrics.add("clair_notifier_backend_errors_total", {{"backend", "store"}});
      }
      failed = !done;
      if (done && *done > 0) continue;
      std::unique_lock lock(mutex);
      changed.wait_for(lock, settings.pause, [&] { return stopping.requested() || wakes != seen; });
      seen = wakes;
    }
  }

  Result<std::size_t> make() {
    // Looked for before the lease is taken: that is a write.
    ECLAIR_TRY(const bool some, has_news(parts.store, parts.advisories));
    if (!some) return std::size_t{0};
    ECLAIR_TRY(const bool mine, parts.store.lease(notifier_detail::kLease, owner, notifier_detail::kMakingSeconds));
    if (!mine) return std::size_t{0};
    auto made = make_news(parts.store, parts.advisories, now());
    ECLAIR_CHECK_OK(parts.store.release(notifier_detail::kLease, owner));
    if (!made) return made;
    if (*made > 0) {
      parts.metrics.add("eclair_notifications_made_total", {}, static_cast<double>(*made));
      parts.log.notice("notifications were made", {{"count", static_cast<std::int64_t>(*made)}});
      wake();
    }
    return made;
  }

  void tell(const std::string& host, const Sent& sent) {
    parts.metrics.add("eclair_notifications_sent_total", {{"target", host}, {"result", sent.accepted ? "accepted" : "failed"}});
    if (sent.milliseconds > 0) parts.metrics.observe("clair_notifier_latency_milliseconds", {}, sent.milliseconds);
    if (sent.accepted) {
      parts.log.debug("notification sent", {{"notification", sent.name}, {"target", host}, {"milliseconds", sent.milliseconds}});
    } else {
      parts.metrics.add("clair_notifier_backend_errors_total", {{"backend", "webhook"}});
      parts.log.warning("notification not accepted", {{"notification", sent.name}, {"target", host}, {"error", sent.why}});
    }
  }

  void wake() {
    {
      const std::lock_guard lock(mutex);
      ++wakes;
    }
    changed.notify_all();
  }

  void stop() {
    stopping.request();
    wake();
    for (std::thread& one : threads) one.join();
    threads.clear();
  }

  const Parts parts;
  const NotifierSettings settings;
  const std::string owner;
  Cancel stopping;
  HookSender sender;
  std::vector<std::unique_ptr<Delivery>> deliveries;
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t wakes = 0;  // guarded by mutex
};

Notifier::Notifier(Parts parts, NotifierSettings settings, std::string owner)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(settings), std::move(owner))) {}
Notifier::~Notifier() { stop(); }
void Notifier::start() { impl_->start(); }
void Notifier::wake() { impl_->wake(); }
void Notifier::stop() { impl_->stop(); }

}  // namespace eclair::service
