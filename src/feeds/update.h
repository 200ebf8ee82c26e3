// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "net/client.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::feeds {

/// Where to download from instead of the sources themselves.
struct Mirrors {
  std::string tree;                               ///< every https://HOST/PATH is TREE/HOST/PATH; "" = none
  std::map<std::string, std::string> feed_urls;   ///< by feed: what stands in the place of Feed::url(), for all that begins with it

  /// The URL to ask for what a feed calls `url`.
  std::string resolve(std::string_view feed, std::string_view feed_url, const std::string& url) const;
};

struct UpdateRequest {
  std::string feed;                  ///< "debian"
  std::vector<std::string> wanted;   ///< only these namespaces; none = everything that the source has
  Mirrors mirrors{};
  bool allow_shrink = false;         ///< as ImportRequest
  bool allow_older = false;          ///< take a document that is older than the one of the last time
  UnixTime at = 0;                   ///< 0 = now
  net::Options network{};            ///< patience_seconds and stop are the caller's to set
};

struct UpdateProgress {
  enum class Stage : std::uint8_t { asking, downloading, importing };
  Stage stage = Stage::asking;
  std::uint64_t bytes = 0, bytes_total = 0;         ///< downloaded; of the documents known so far, total 0 = not known
  std::uint64_t documents = 0, documents_total = 0; ///< asked for
  std::uint64_t rows = 0;                           ///< while importing
};
/// From the calling thread, or one of the downloading threads, one at a time.
using UpdateProgressFn = std::function<void(const UpdateProgress&)>;

struct UpdateReport {
  bool unchanged = true;                 ///< the source has nothing new: only times were written
  store::ImportSummary summary{};        ///< of all imports together
  std::uint64_t portions = 0;            ///< asked about
  std::uint64_t documents = 0;           ///< read, of archives each member
  std::uint64_t bytes = 0;               ///< received
  std::vector<std::string> notes;
  std::vector<Error> failures;           ///< a line for each portion that stays as it was
};

/// Asks the source what is new, downloads that, and imports it. What fails leaves the store as it was: for each portion of the feed
/// (fetch.h), which may succeed on their own.
/// Downloads wait in unlinked temporary files; at most a few requests run at once.
/// errors: those of import_feed(), where nothing could be done at all; unsupported: no such feed.
Result<UpdateReport> update_feed(store::AdvisoryStore& store, const UpdateRequest& request, const Limits& limits, const Cancel& stop,
                                 const UpdateProgressFn& progress = {});

/// The namespaces that a refresh of what the store has of a feed asks for: those that its updates spoke for, else all that it has.
Result<std::vector<std::string>> present_namespaces(store::AdvisoryStore& store, std::string_view feed);

}  // namespace eclair::feeds
