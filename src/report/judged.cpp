// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/judged.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "match/match.h"
#include "util/digest.h"

namespace eclair::report {
namespace judged_detail {

/// The feeds that speak of some package of the image, and with them those that speak of vulnerabilities.
std::vector<store::FeedState> used_feeds(const Inventory& inventory, const std::vector<store::FeedState>& feeds) {
  std::set<std::string> needed;
  for (const Occurrence& one : inventory.packages) {
    needed.insert(match::name_space(one.package, one.os < inventory.systems.size() ? inventory.systems[one.os] : Os{}));
  }
  const auto speaks_of_needed = [&](const store::FeedState& feed) {
    return std::any_of(feed.namespaces.begin(), feed.namespaces.end(), [&](const std::string& n) { return needed.count(n) > 0; });
  };
  std::vector<store::FeedState> out;
  if (std::none_of(feeds.begin(), feeds.end(), speaks_of_needed)) return out;
  needed.emplace(kVulnerabilitySpace);
  std::copy_if(feeds.begin(), feeds.end(), std::back_inserter(out), speaks_of_needed);
  return out;
}

/// One id for the states of all feeds together; that of the feed where there is one.
std::string snapshot_of(const std::vector<store::FeedState>& feeds) {
  if (feeds.size() == 1) return feeds[0].snapshot;
  std::string all;
  for (const store::FeedState& feed : feeds) all += feed.name + '\0' + feed.snapshot + '\0';
  return all.empty() ? std::string{} : std::string(sha256(all).hex().substr(0, 16));
}

}  // namespace judged_detail

Result<Report> judged(Image image, Inventory inventory, store::AdvisoryStore& advisories, const JudgeOptions& options, const Cancel& stop) {
  Report out;
  out.tool_version = options.tool_version;
  out.generated_at = options.generated_at;
  out.max_age_seconds = options.max_age_seconds;
  out.judged_at = options.judged_at > 0 ? options.judged_at : options.generated_at;
  ECLAIR_TRY(const auto feeds, advisories.feeds());
  out.feeds = judged_detail::used_feeds(inventory, feeds);
  out.snapshot = judged_detail::snapshot_of(out.feeds);
  const match::MatchOptions how{.now = out.judged_at, .max_age_seconds = out.max_age_seconds, .offline = options.offline};
  ECLAIR_TRY(match::MatchResult judged, match::match_image(inventory, advisories, how, stop));
  out.findings = std::move(judged.findings);
  out.coverage = std::move(judged.coverage);
  out.eol = std::move(judged.eol);
  out.image = std::move(image);
  out.inventory = std::move(inventory);
  return out;
}

}  // namespace eclair::report
