// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/fetch.h"
#include "net/client.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::feeds {

struct ImportRequest {
  std::string feed;                  ///< "debian"
  std::vector<std::string> origins;  ///< files, folders, http(s) URLs: together one import
  bool allow_shrink = false;
  UnixTime at = 0;                   ///< the import's time; 0 = now
  net::Options network{};
};

struct ImportProgress {
  std::string_view part;             ///< what is being read
  std::uint64_t documents = 0, rows = 0;
  std::uint64_t bytes = 0, bytes_total = 0;  ///< of this part; total 0 = not known
};
using ImportProgressFn = std::function<void(const ImportProgress&)>;

struct ImportReport {
  store::ImportSummary summary;
  std::uint64_t documents = 0;
  std::vector<std::string> notes;    ///< namespaces that could only be added to, and why ("alpine:v3.19: no community in this import")
};

/// Fetches, decompresses (by magic: gzip, zstd, bzip2, xz, zip, tar), parses and commits, all or nothing.
/// A folder is read recursively: its documents (Feed::is_document), packed or not, and archives, sorted by path; links are not followed.
/// For feeds of single records a document beside or below an archive tells the archive's member of that name anew, and lists of withdrawn
/// records (Feed::listings) are heeded.
/// A namespace is completed (absence closes a row) when all its documents were read: for feeds of single records when an archive or
/// folder of them was read in which every record speaks of that ecosystem.
/// progress: may be empty; called a few times a second at most by the amount of work, from the calling thread.
/// errors: not_found (a file, a URL), unavailable, invalid_input, limit, conflict (see AdvisoryStore::Import::commit), cancelled;
/// unsupported: no such feed.
Result<ImportReport> import_feed(store::AdvisoryStore& store, const ImportRequest& request, const Limits& limits, const Cancel& stop,
                                 const ImportProgressFn& progress = {});

/// A document of a portion, downloaded.
struct FetchedDocument {
  std::string name;                         ///< for Feed::parse
  std::string content_digest;               ///< as Document::content_digest
  std::unique_ptr<ByteSource> bytes;
};

/// A portion whose documents are all there.
struct FetchedPortion {
  store::PortionState state;                ///< to be kept; its namespaces are those of the last time, or none
  std::vector<FetchedDocument> documents;
  std::vector<Portion::Withdrawn> withdrawn;
};

/// The same as import_feed() for what an update downloaded: all portions in one transaction, with what is to be kept of them.
/// request: its origins are only remembered.
Result<ImportReport> import_portions(store::AdvisoryStore& store, const ImportRequest& request, const std::vector<FetchedPortion>& portions,
                                     const Limits& limits, const Cancel& stop, const ImportProgressFn& progress = {});

}  // namespace eclair::feeds
