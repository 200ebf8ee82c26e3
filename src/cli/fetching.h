// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/console.h"
#include "feeds/update.h"
#include "model/image.h"
#include "model/inventory.h"
#include "model/layer_record.h"
#include "store/interface.h"
#include "util/cancel.h"

/// From a command's settings to updates of feeds: db update, and what a scan needs.
namespace eclair::cli {

/// --insecure, --cacert and --stall-timeout, for downloads of advisories.
net::Options feed_network(const Settings& settings);
/// --mirror and --feed-url. errors: invalid_input (not NAME=URL, no such feed, not an http or https address).
Result<feeds::Mirrors> feed_mirrors(const Settings& settings);

/// One update with its progress on a terminal ("debian  12.3 MB/60.1 MB  5.2 MB/s"). errors: those of feeds::update_feed.
Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request);
/// The same for one that has its own end, beside what else goes on.
Result<feeds::UpdateReport> update_with_progress(const Invocation& call, store::AdvisoryStore& store, const feeds::UpdateRequest& request,
                                                 const Cancel& stop, Console::Task task);

/// Fetches the advisories that the images of a command need: what is missing or older than --max-db-age, and nothing else, each once. Never
/// fails: a warning says why data is old or missing. With --offline or --skip-db-update it does nothing.
///
/// The distribution is known once the layer with its os-release was read, which is mostly the first one: what foreseer() gives begins to fetch
/// its advisories on a thread of its own while the other layers are read. Layers above may turn out to be of another distribution: then
/// that was in vain, and nobody is told of what went wrong with it.
/// threads: from foreseer()'s first call to the end of fetch() or give_up() the store is this object's alone.
class NeededAdvisories {
 public:
  NeededAdvisories(const Invocation& call, store::AdvisoryStore& store);
  ~NeededAdvisories();  ///< gives up
  NeededAdvisories(const NeededAdvisories&) = delete;
  NeededAdvisories& operator=(const NeededAdvisories&) = delete;

  /// For index::IndexOptions::layer_ready, while one image is read; empty where nothing is to be fetched. It returns at once.
  std::function<void(const LayerInfo&, const LayerRecord&)> foreseer();
  /// The image was read: waits for what was begun, and fetches what else it needs.
  void fetch(const Inventory& inventory);
  /// The image cannot be read: ends what was begun for it.
  void give_up();

 private:
  class Fetcher;
  std::unique_ptr<Fetcher> fetcher_;
};

}  // namespace eclair::cli
