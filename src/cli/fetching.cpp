// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/fetching.h"

#include <algorithm>
#include <chrono>

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

Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request) {
  const auto began = std::chrono::steady_clock::now();
  const auto show = [&](const feeds::UpdateProgress& at) {
    if (!call.console.shows_progress()) return;
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began).count();
    call.console.progress(update_line(request.feed, at, passed));
  };
  auto report = feeds::update_feed(store, request, Limits{}, call.stop, show);
  call.console.clear_progress();
  return report;
}

void NeededAdvisories::fetch(const Inventory& inventory, store::AdvisoryStore& store) {
  if (call_.settings.flag("offline") || call_.settings.flag("skip-db-update")) return;
  const std::set<std::string> needed = needed_namespaces(inventory);
  const auto states = store.feeds();
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
    if (!wanted.empty()) fetch_of(std::string(feed->id()), wanted, store);
    if (call_.stop.requested()) return;
  }
}

void NeededAdvisories::fetch_of(const std::string& feed, const std::vector<std::string>& namespaces, store::AdvisoryStore& store) {
  const std::string of = text::clean(text::join(namespaces, ", "), 200);
  feeds::UpdateRequest request;
  request.feed = feed;
  request.wanted = namespaces;
  request.network = feed_network(call_.settings);
  request.network.patience_seconds = kScanPatienceSeconds;
  request.network.connect_seconds = kScanConnectSeconds;
  request.network.retries = kScanRetries;
  auto mirrors = feed_mirrors(call_.settings);
  if (!mirrors) {
    call_.console.warning("advisories for " + of + " were not fetched: " + mirrors.error().text, mirrors.error().hint);
    return;
  }
  request.mirrors = *std::move(mirrors);
  call_.console.note("fetching advisories for " + of + " (" + std::string(feeds::find_feed(feed)->title()) + ")");
  auto report = update_with_progress(call_, store, request);
  if (!report && report.error().code == Errc::cancelled) return;
  const std::string hint = "eclair db update " + feed + " tries again; --skip-db-update does without";
  if (!report) {
    call_.console.warning("advisories for " + of + " could not be fetched: " + report.error().text, hint);
    return;
  }
  for (const Error& one : report->failures) call_.console.warning("advisories could not be fetched: " + one.text, hint);
  for (const std::string& one : report->notes) call_.console.detail(one);
  for (const std::string& one : report->summary.bad) call_.console.detail("dropped " + one);
}

}  // namespace eclair::cli
