// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report/report.h"

namespace eclair::report {

Counts count(const Report& report) {
  Counts out;
  for (const Finding& finding : report.findings) {
    ++out.by_severity[static_cast<std::size_t>(finding.severity)];
    ++out.total;
    if (!finding.fixed_in.empty()) ++out.fixable;
  }
  return out;
}

namespace counts_detail {

/// A file imported today may have been published long ago.
UnixTime age_basis(const store::FeedState& feed) {
  return feed.published_at > 0 ? std::min(feed.published_at, feed.fetched_at) : feed.fetched_at;
}

}  // namespace counts_detail

bool is_stale(const store::FeedState& feed, const Report& report) {
  return report.reference_time() - counts_detail::age_basis(feed) > report.max_age_seconds;
}

UnixTime data_time(const Report& report) {
  UnixTime oldest = 0;
  for (const store::FeedState& feed : report.feeds) {
    const UnixTime of = counts_detail::age_basis(feed);
    if (oldest == 0 || of < oldest) oldest = of;
  }
  return oldest;
}

bool means_not_judged(const Coverage& coverage) {
  constexpr std::string_view kCodes[] = {"no_packages", "unknown_distribution", "mixed_families", "no_data", "unsupported", "third_party", "not_asked"};
  return std::find(std::begin(kCodes), std::end(kCodes), coverage.code) != std::end(kCodes);
}

}  // namespace eclair::report
