// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/updater.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "feeds/feed.h"
#include "service/held_lease.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::service {
namespace updater_detail {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kLast = "updater/last";
constexpr std::uint64_t kFirstPause = 60;
constexpr std::uint64_t kCleaningSeconds = 3600;        // between rounds of forgetting
constexpr UnixTime kReadNotificationSeconds = 30 * 86400;

void describe(Metrics& metrics) {
  metrics.histogram("clair_updater_duration_seconds", "Time it takes to update all feeds.", {1, 5, 15, 60, 300, 900, 3600});
  metrics.counter("clair_updater_errors_total", "Feeds that could not be updated.");
  metrics.gauge("eclair_feed_update_seconds", "Time that the last update of a feed took, on this node.");
  metrics.counter("eclair_feed_updates_total", "Updates of feeds, and what came of them.");
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

bool is_of_family(const feeds::Feed& feed, std::string_view name_space) {
  const std::vector<std::string_view> families = feed.families();
  return std::find(families.begin(), families.end(), text::cut(name_space, ':').first) != families.end();
}

WantedFeed& of(std::vector<WantedFeed>& all, std::string_view feed) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const WantedFeed& one) { return one.feed == feed; });
  return at != all.end() ? *at : all.emplace_back(WantedFeed{std::string(feed)});
}

}  // namespace updater_detail
using namespace updater_detail;

std::vector<WantedFeed> feeds_for(const std::vector<std::string>& namespaces) {
  std::vector<WantedFeed> out;
  for (const feeds::Feed* const feed : feeds::feeds()) {
    for (const std::string& one : namespaces) {
      if (is_of_family(*feed, one)) of(out, feed->id()).namespaces.push_back(one);
    }
  }
  return out;
}

struct Updater::Impl {
  Impl(Parts given, UpdaterSettings wanted, std::string me) : parts(std::move(given)), settings(std::move(wanted)), owner(std::move(me)), random(std::random_device{}()) {
    describe(parts.metrics);
  }

  void loop() {
    wait(jitter());
    while (!stopping.requested()) {
      bool failed = false;
      if (const auto done = round(); !done) {
        if (done.error().code != Errc::cancelled) parts.log.error("update", {{"error", done.error().text}});
        failed = true;
      }
      clean();
      // A short interval is kept, too.
      const auto interval = std::chrono::milliseconds(settings.interval_seconds * 1000);
      const auto look = interval.count() > 0 ? std::min(settings.pause, interval) : settings.pause;
      wait(failed ? std::max(look, std::chrono::milliseconds(1000)) : look);
    }
  }

  std::chrono::milliseconds jitter() {
    if (settings.jitter_seconds <= 0) return std::chrono::milliseconds(0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(1000 * std::exponential_distribution<>(1 / settings.jitter_seconds)(random)));
  }

  void wait(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    ending.wait_for(lock, time, [this] { return stopping.requested(); });
  }

  Result<bool> is_time() {
    if (settings.interval_seconds == 0 || Clock::now() < not_before) return false;
    ECLAIR_TRY(const auto last, parts.store.value(kLast));
    const auto at = last ? text::parse_number(*last) : std::nullopt;
    const UnixTime today = now();
    // A time in the future is of a clock that was wrong.
    return !at || static_cast<UnixTime>(*at) > today || today - static_cast<UnixTime>(*at) >= static_cast<UnixTime>(settings.interval_seconds);
  }

  /// Distributions that layers have and that nothing is known of: they need not wait for the next update of all. Each is tried once in an interval.
  Result<std::vector<std::string>> unknown_namespaces() {
    std::vector<std::string> out;
    if (!settings.feeds.empty() || settings.interval_seconds == 0) return out;
    ECLAIR_TRY(const std::vector<std::string> needed, parts.store.namespaces());
    if (needed == needed_) return out;
    ECLAIR_TRY(const auto known, open());
    ECLAIR_TRY(const std::vector<store::FeedState> states, known->feeds());
    for (const std::string& one : needed) {
      const auto has = [&](const store::FeedState& state) { return std::find(state.namespaces.begin(), state.namespaces.end(), one) != state.namespaces.end(); };
      if (std::none_of(states.begin(), states.end(), has) && tried_.count(one) == 0 && !feeds_for({one}).empty()) out.push_back(one);
    }
    if (out.empty()) needed_ = needed;
    return out;
  }

  Result<> round() {
    ECLAIR_TRY(const bool all, is_time());
    std::vector<std::string> unknown;
    if (!all) {
      ECLAIR_TRY(unknown, unknown_namespaces());
      if (unknown.empty()) return {};
    }
    if (all) wait(jitter());
    Cancel work(&stopping);
    ECLAIR_TRY(const auto lease, HeldLease::take(parts.store, "updater", owner, settings.lease_seconds, work));
    if (!lease) return {};
    if (all) {
      ECLAIR_TRY(const bool still, is_time());  // another node may just have been done
      return still ? update_all(work) : Result<>{};
    }
    const bool well = update(feeds_for(unknown), work);
    if (!work.requested()) tried_.insert(unknown.begin(), unknown.end());
    static_cast<void>(well);  // told; the update of all comes again
    return {};
  }

  Result<std::unique_ptr<store::AdvisoryStore>> open() const { return store::open_advisories(parts.advisories); }

  Result<std::vector<WantedFeed>> plan() {
    std::vector<WantedFeed> out;
    if (!settings.feeds.empty()) {
      for (const std::string& feed : settings.feeds) out.push_back({feed});
      return out;
    }
    ECLAIR_TRY(const auto known, open());
    ECLAIR_TRY(const std::vector<store::FeedState> states, known->feeds());
    for (const store::FeedState& state : states) {
      if (feeds::find_feed(state.name) == nullptr) continue;  // what clients gave; or of a newer version of the program
      ECLAIR_TRY(auto present, feeds::present_namespaces(*known, state.name));
      out.push_back({state.name, std::move(present)});
    }
    ECLAIR_TRY(const std::vector<std::string> needed, parts.store.namespaces());
    for (const WantedFeed& one : feeds_for(needed)) {
      WantedFeed& at = of(out, one.feed);
      for (const std::string& name_space : one.namespaces) {
        if (std::find(at.namespaces.begin(), at.namespaces.end(), name_space) == at.namespaces.end()) at.namespaces.push_back(name_space);
      }
    }
    return out;
  }

  Result<> update_all(const Cancel& work) {
    const auto begin = Clock::now();
    const UnixTime began = now();
    ECLAIR_TRY(const std::vector<WantedFeed> wanted, plan());
    const bool well = update(wanted, work);
    if (work.requested()) return {};
    parts.metrics.observe("clair_updater_duration_seconds", {}, seconds_since(begin));
    if (!well) {
      pause = std::min(std::max(2 * pause, kFirstPause), std::max(settings.interval_seconds, kFirstPause));
      not_before = Clock::now() + std::chrono::seconds(pause);
      parts.log.warning("some feeds could not be updated", {{"again_seconds", static_cast<std::int64_t>(pause)}});
      return {};
    }
    pause = 0;
    tried_.clear();
    needed_.clear();
    return parts.store.set_value(kLast, std::to_string(began));
  }

  /// false: something failed, and was told.
  bool update(const std::vector<WantedFeed>& wanted, const Cancel& work) {
    bool well = true;
    for (const WantedFeed& one : wanted) {
      if (work.requested()) return false;
      const auto begin = Clock::now();
      const auto done = update(one, work);
      if (work.requested()) return false;
      const bool good = done && done->failures.empty();
      parts.metrics.set("eclair_feed_update_seconds", {{"feed", one.feed}}, seconds_since(begin));
      parts.metrics.add("eclair_feed_updates_total", {{"feed", one.feed}, {"result", !good ? "failed" : done->unchanged ? "unchanged" : "changed"}});
      if (!done) parts.log.warning("feed not updated", {{"feed", one.feed}, {"error", done.error().text}});
      if (done) {
        for (const Error& failure : done->failures) parts.log.warning("feed not updated", {{"feed", one.feed}, {"error", failure.text}});
        parts.log.info("feed updated", {{"feed", one.feed}, {"seconds", seconds_since(begin)}, {"bytes", static_cast<std::int64_t>(done->bytes)},
                                        {"added", static_cast<std::int64_t>(done->summary.added)}, {"changed", static_cast<std::int64_t>(done->summary.changed)},
                                        {"closed", static_cast<std::int64_t>(done->summary.closed)}});
        if (!done->unchanged && parts.updated) parts.updated();
      }
      if (!good) parts.metrics.add("clair_updater_errors_total");
      well = well && good;
    }
    return well;
  }

  Result<feeds::UpdateReport> update(const WantedFeed& wanted, const Cancel& work) {
    ECLAIR_TRY(const auto store, open());
    feeds::UpdateRequest request;
    request.feed = wanted.feed;
    request.wanted = wanted.namespaces;
    request.mirrors = settings.mirrors;
    request.network = settings.network;
    request.network.stop = &work;
    return feeds::update_feed(*store, request, settings.limits, work);
  }

  /// Once an hour, by one node.
  void clean() {
    if (Clock::now() < next_cleaning || stopping.requested()) return;
    next_cleaning = Clock::now() + std::chrono::seconds(kCleaningSeconds);
    Cancel work(&stopping);
    const auto lease = HeldLease::take(parts.store, "cleaner", owner, settings.lease_seconds, work);
    if (!lease || !*lease) return;
    const auto tell = [&](const Result<std::uint64_t>& done, std::string_view what) {
      if (!done) parts.log.error("cleaning", {{"error", done.error().text}});
      if (done && *done > 0) parts.log.notice(what, {{"count", static_cast<std::int64_t>(*done)}});
    };
    if (settings.keep_seconds > 0) tell(parts.store.expire(now() - static_cast<UnixTime>(settings.keep_seconds)), "images and layers past their time were removed");
    tell(parts.store.drop_read(now() - kReadNotificationSeconds), "notifications that were read were removed");
  }

  void stop() {
    {
      const std::lock_guard lock(mutex);
      stopping.request();
    }
    ending.notify_all();
    if (thread.joinable()) thread.join();
  }

  const Parts parts;
  const UpdaterSettings settings;
  const std::string owner;
  std::mt19937_64 random;
  Cancel stopping;
  std::mutex mutex;
  std::condition_variable ending;
  std::thread thread;
  // of the thread
  std::uint64_t pause = 0;
  Clock::time_point not_before{}, next_cleaning{};
  std::vector<std::string> needed_;  ///< namespaces of layers, when all of them were known
  std::set<std::string> tried_;
};

Updater::Updater(Parts parts, UpdaterSettings settings, std::string owner)
    : impl_(std::make_unique<Impl>(std::move(parts), std::move(settings), std::move(owner))) {}
Updater::~Updater() { stop(); }
void Updater::start() {
  impl_->thread = std::thread([this] { impl_->loop(); });
}
void Updater::stop() { impl_->stop(); }

}  // namespace eclair::service
