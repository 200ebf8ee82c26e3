// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "cli/command.h"
#include "feeds/update.h"
#include "model/inventory.h"
#include "store/interface.h"

/// From a command's settings to updates of feeds: db update, and what a scan needs.
namespace eclair::cli {

/// --insecure, --cacert and --stall-timeout, for downloads of advisories.
net::Options feed_network(const Settings& settings);
/// --mirror and --feed-url. errors: invalid_input (not NAME=URL, no such feed, not an http or https address).
Result<feeds::Mirrors> feed_mirrors(const Settings& settings);

/// One update with its progress on a terminal ("debian  12.3 MB/60.1 MB  5.2 MB/s"). errors: those of feeds::update_feed.
Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request);

/// Fetches the advisories that images need: what is missing or older than --max-db-age, and nothing else. Never fails: a warning says
/// why data is old or missing. With --offline or --skip-db-update it does nothing.
class NeededAdvisories {
 public:
  explicit NeededAdvisories(const Invocation& call) : call_(call) {}
  void fetch(const Inventory& inventory, store::AdvisoryStore& store);

 private:
  void fetch_of(const std::string& feed, const std::vector<std::string>& namespaces, store::AdvisoryStore& store);

  const Invocation& call_;
  std::set<std::pair<std::string, std::string>> tried_;  ///< (feed, namespace): once for all images of a command
};

}  // namespace eclair::cli
