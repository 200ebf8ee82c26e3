// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/fetching.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/foresight.h"
#include "cli/progress.h"
#include "feeds/feed.h"
#include "match/match.h"
#include "net/url.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace fetching_detail {

constexpr unsigned kUpdatePatienceSeconds = 120;
// A scan has an answer without the network, too: it does not wait long for it.
constexpr unsigned kScanPatienceSeconds = 10, kScanConnectSeconds = 5, kScanRetries = 2;

bool is_of_family(const feeds::Feed& feed, std::string_view name_space) {
  const std::vector<std::string_view> families = feed.families();
  return std::find(families.begin(), families.end(), text::cut(name_space, ':').first) != families.end();
}

/// What an image's packages are judged in.
std::set<std::string> needed_namespaces(const Inventory& inventory) {
  std::set<std::string> out;
  for (const Occurrence& one : inventory.packages) {
    out.insert(match::name_space(one.package, one.os < inventory.systems.size() ? inventory.systems[one.os] : Os{}));
  }
  out.erase("");
  return out;
}

bool has(const store::FeedState& feed, const std::string& name_space) {
  return std::find(feed.namespaces.begin(), feed.namespaces.end(), name_space) != feed.namespaces.end();
}

}  // namespace fetching_detail
using namespace fetching_detail;

net::Options feed_network(const Settings& settings) {
  net::Options out;
  out.insecure = settings.flag("insecure");
  out.ca_file = settings.text("cacert");
  out.stall_seconds = static_cast<unsigned>(settings.number("stall-timeout").value_or(60));
  out.patience_seconds = kUpdatePatienceSeconds;
  return out;
}

Result<feeds::Mirrors> feed_mirrors(const Settings& settings) {
  feeds::Mirrors out;
  out.tree = settings.text("mirror");
  if (!out.tree.empty() && !net::take_apart(out.tree).ok) {
    return fail(Errc::invalid_input, "--mirror: not an http or https address: " + text::quoted(net::host_of(out.tree)));
  }
  for (const std::string& one : settings.list("feed-url")) {
    const auto [name, url] = text::cut(one, '=');
    if (url.empty()) return fail(Error{Errc::invalid_input, "--feed-url " + text::quoted(one) + ": not NAME=URL", "--feed-url debian=https://mirror.example.org/debian.json"});
    if (feeds::find_feed(name) == nullptr) return fail(Errc::invalid_input, "--feed-url: no feed named " + text::quoted(name));
    if (!net::take_apart(std::string(url)).ok) return fail(Errc::invalid_input, "--feed-url " + std::string(name) + ": not an http or https address");
    out.feed_urls[std::string(name)] = url;
  }
  return out;
}

Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request,
                                                 const Cancel& stop, Console::Task task) {
  const auto began = std::chrono::steady_clock::now();
  const auto show = [&](const feeds::UpdateProgress& at) {
    if (!call.console.shows_progress()) return;
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    call.console.progress(update_line(request.feed, at, passed, call.console.unicode()), false, task);
  };
  auto report = feeds::update_feed(store, request, Limits{}, stop, show);
  call.console.end_progress(task);
  return report;
}

Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request) {
  return update_with_progress(call, store, request, call.stop, Console::Task::main);
}

namespace fetching_detail {

/// What came of one update.
struct Outcome {
  std::string feed;
  std::vector<std::string> namespaces;  ///< that it was for
  std::vector<Error> warnings;
  std::vector<std::string> details;
  bool cancelled = false;
};

}  // namespace fetching_detail

class NeededAdvisories::Fetcher {
 public:
  Fetcher(const Invocation& call, store::AdvisoryStore& store) : call_(call), store_(store) { reset(); }
  ~Fetcher() { give_up(); }
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  bool may_fetch() const { return !may_not_fetch(call_.settings) && !call_.settings.flag("skip-db-update") && call_.settings.text("as-of").empty(); }

  /// The distribution is given: nothing has to be guessed.
  bool is_told() const { return call_.settings.is_set("distro"); }

  void foresee(std::uint32_t layer, const LayerRecord& record) {
    const std::lock_guard lock(mutex_);
    const std::string name_space = foresight_.learn(layer, record);
    if (name_space.empty() || !foreseen_.insert(name_space).second) return;
    queue_.push_back(name_space);
    if (running_) return;
    if (thread_.joinable()) thread_.join();  // it has ended
    running_ = true;
    try {
      thread_ = std::thread([this] { work(); });
    } catch (const std::system_error&) {  // no thread to be had: fetch() does it all
      running_ = false;
      queue_.clear();
    }
  }

  void fetch(const Inventory& inventory) {
    if (!may_fetch()) return;
    wait();
    call_.console.end_progress(Console::Task::beside);
    const std::set<std::string> needed = needed_namespaces(inventory);
    for (const Outcome& one : outcomes_) tell(one, needed);
    reset();
    fetch_missing(needed, [&](const Outcome& one) { tell(one, needed); });
  }

  void give_up() {
    stop_->request();
    wait();
    for (const Outcome& one : outcomes_) tell(one, {});
    reset();
  }

 private:
  /// The thread: one update after the other.
  void work() {
    while (true) {
      std::string next;
      {
        const std::lock_guard lock(mutex_);
        if (queue_.empty() || stop_->requested()) {
          queue_.clear();
          running_ = false;
          return;
        }
        next = queue_.front();
        queue_.pop_front();
      }
      // A thread's end: what a library throws must not go further.
      try {
        fetch_missing({next}, [this](Outcome one) { outcomes_.push_back(std::move(one)); });
        show_ready(next);
      } catch (const std::exception& e) {
        outcomes_.push_back({"", {next}, {{Errc::internal, "advisories for " + next + " were not fetched: internal error: " + e.what()}}, {}});
      }
    }
  }

  void wait() {
    if (thread_.joinable()) thread_.join();
  }

  /// Ready for the next image.
  void reset() {
    stop_.emplace(&call_.stop);
    foresight_ = {};
    foreseen_.clear();
    outcomes_.clear();
  }

  /// From the thread, or while there is none.
  void fetch_missing(const std::set<std::string>& needed, const std::function<void(Outcome)>& done) {
    const auto states = store_.feeds();
    if (!states) return;  // judging says so
    const UnixTime at = now();
    const auto max_age = static_cast<UnixTime>(call_.settings.number("max-db-age").value_or(5 * 86400));
    for (const feeds::Feed* const feed : feeds::feeds()) {
      const auto state = std::find_if(states->begin(), states->end(), [&](const store::FeedState& one) { return one.name == feed->id(); });
      std::vector<std::string> wanted;
      for (const std::string& one : needed) {
        if (!is_of_family(*feed, one)) continue;
        const bool fresh = state != states->end() && has(*state, one) && at - state->fetched_at_of(one) <= max_age;
        if (!fresh && tried_.emplace(feed->id(), one).second) wanted.push_back(one);
      }
      if (stop_->requested()) return;
      if (!wanted.empty()) done(fetch_of(std::string(feed->id()), wanted));
    }
  }

  /// While layers are still being read: what they will be judged by.
  void show_ready(const std::string& name_space) {
    if (!call_.console.shows_progress() || stop_->requested()) return;
    const auto states = store_.feeds();
    if (!states) return;
    UnixTime oldest = 0;
    for (const store::FeedState& one : *states) {
      if (has(one, name_space) && (oldest == 0 || one.fetched_at_of(name_space) < oldest)) oldest = one.fetched_at_of(name_space);
    }
    if (oldest > 0) call_.console.progress("advisories " + name_space + " ready, " + ago(oldest, now()) + " old", true, Console::Task::beside);
  }

  Outcome fetch_of(const std::string& feed, const std::vector<std::string>& namespaces) {
    const std::string of = text::clean(text::join(namespaces, ", "), 200);
    Outcome out{feed, namespaces, {}, {}};
    feeds::UpdateRequest request;
    request.feed = feed;
    request.wanted = namespaces;
    request.network = feed_network(call_.settings);
    request.network.patience_seconds = kScanPatienceSeconds;
    request.network.connect_seconds = kScanConnectSeconds;
    request.network.retries = kScanRetries;
    auto mirrors = feed_mirrors(call_.settings);
    if (!mirrors) {
      out.warnings.push_back(std::move(mirrors).error().within("advisories for " + of + " were not fetched"));
      return out;
    }
    request.mirrors = *std::move(mirrors);
    call_.console.note("fetching advisories for " + of + " (" + std::string(feeds::find_feed(feed)->title()) + ")");
    const auto began = std::chrono::steady_clock::now();
    auto report = update_with_progress(call_, store_, request, *stop_, Console::Task::beside);
    out.cancelled = !report && report.error().code == Errc::cancelled;
    if (out.cancelled) return out;
    const std::string hint = "eclair db update " + feed + " tries again; --skip-db-update does without";
    if (!report) {
      out.warnings.push_back({report.error().code, "advisories for " + of + " could not be fetched: " + report.error().text, hint});
      return out;
    }
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - began).count();
    if (seconds >= 2 && !call_.console.shows_progress()) {
      call_.console.note("fetched advisories for " + of + " in " + std::to_string(seconds) + " s (" + size_words(report->bytes) + ")");
    }
    for (const Error& one : report->failures) out.warnings.push_back({one.code, "advisories could not be fetched: " + one.text, hint});
    out.details = report->notes;
    for (const std::string& one : report->summary.bad) out.details.push_back("dropped " + one);
    return out;
  }

  /// needed: what the image needs after all.
  void tell(const Outcome& one, const std::set<std::string>& needed) {
    const bool matters = std::any_of(one.namespaces.begin(), one.namespaces.end(), [&](const std::string& n) { return needed.count(n) > 0; });
    // Nobody is told now, so the next image that needs it tries again.
    if (one.cancelled || (!matters && !one.warnings.empty())) {
      for (const std::string& name_space : one.namespaces) tried_.erase({one.feed, name_space});
    }
    for (const Error& warning : one.warnings) {
      if (matters) call_.console.warning(warning.text, warning.hint);
      else call_.console.detail(warning.text);
    }
    for (const std::string& detail : one.details) call_.console.detail(detail);
  }

  const Invocation& call_;
  store::AdvisoryStore& store_;
  // of the thread while it runs
  std::set<std::pair<std::string, std::string>> tried_;  ///< (feed, namespace): once for all images of a command
  std::vector<Outcome> outcomes_;                        ///< not told yet
  // guarded by mutex_
  std::mutex mutex_;
  Foresight foresight_;
  std::set<std::string> foreseen_;                       ///< of this image
  std::deque<std::string> queue_;
  bool running_ = false;
  // own synchronisation
  std::optional<Cancel> stop_;                           ///< of what is fetched for this image
  std::thread thread_;
};

NeededAdvisories::NeededAdvisories(const Invocation& call, store::AdvisoryStore& store) : fetcher_(std::make_unique<Fetcher>(call, store)) {}
NeededAdvisories::~NeededAdvisories() = default;

std::function<void(const LayerInfo&, const LayerRecord&)> NeededAdvisories::foreseer() {
  if (!fetcher_->may_fetch() || fetcher_->is_told()) return {};
  return [this](const LayerInfo& layer, const LayerRecord& record) { fetcher_->foresee(layer.index, record); };
}

void NeededAdvisories::fetch(const Inventory& inventory) { fetcher_->fetch(inventory); }
void NeededAdvisories::give_up() { fetcher_->give_up(); }

}  // namespace eclair::cli
