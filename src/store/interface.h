// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "model/layer_record.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair::store {

/// A feed as the store holds it.
struct FeedState {
  std::string name;
  std::string snapshot;       ///< content-derived id
  UnixTime fetched_at = 0;    ///< of the last import, or of the last time that the source had nothing new
  UnixTime changed_at = 0;    ///< of the last import that changed something
  UnixTime published_at = 0;  ///< what the source says of its age; 0 = nothing
  std::uint64_t records = 0;  ///< open rows
  std::uint64_t vulnerabilities = 0;
  std::vector<std::string> namespaces;  ///< sorted
  std::vector<UnixTime> asked_at;       ///< of each namespace: fetched_at of what spoke for it; may be empty
  std::string origin;         ///< file or URL

  /// fetched_at of one namespace: releases of a feed may be fetched on their own.
  UnixTime fetched_at_of(std::string_view name_space) const {
    for (std::size_t i = 0; i < namespaces.size() && i < asked_at.size(); ++i) {
      if (namespaces[i] == name_space && asked_at[i] > 0) return asked_at[i];
    }
    return fetched_at;
  }
};

/// What an update keeps of documents that are fetched together (feeds/fetch.h: Portion), for conditional requests.
struct PortionState {
  std::string name;
  std::uint32_t revision = 0;           ///< of the parser that read them
  std::string cursor;
  struct Document {
    std::string url, etag, last_modified, digest;
  };
  std::vector<Document> documents;
  std::vector<std::string> namespaces;  ///< that they speak for, sorted
};

/// An advisory with where it stands.
struct AdvisoryRow {
  std::string feed, name_space, package;
  Advisory advisory;
  UnixTime opened = 0, closed = 0;  ///< of a search: since when this store knew it, until when; closed 0: it holds
};

/// What a search is for; what is empty may be anything. At least one of id, package, name_space is said.
struct AdvisoryQuery {
  std::string id{};         ///< of a vulnerability, an alias, a record or a notice (DSA-...), exact
  std::string package{}, name_space{}, feed{};
  std::vector<Status> statuses{};
  bool history = false;     ///< rows that held once, too
};

/// A state of one feed, from `at` until the next one's.
struct Snapshot {
  std::string feed, id;     ///< content-derived
  UnixTime at = 0;          ///< of the import that made it
  UnixTime seen_until = 0;  ///< the last time that the source was asked while it held
  std::uint64_t records = 0, vulnerabilities = 0;
};

/// What an import changed of one vulnerability, in one package of a namespace or in how the feed's text rates it.
struct Change {
  std::int64_t id = 0;               ///< counts up, never used twice
  UnixTime at = 0;                   ///< of the import
  std::string feed, name_space, vulnerability;
  std::string package{};             ///< "" = no row: what the feed's text says of severity and scores
  std::vector<Advisory> gone{}, come{};  ///< rows of that package whose first id is `vulnerability`: a row that changed went and came
  VulnerabilityText text_before{};   ///< where package is "": severity and scores as they were, of clients' texts (kGivenFeed) all; none: nothing was said
};

/// What forgetting the past removed.
struct PruneSummary {
  std::uint64_t rows = 0, texts = 0, snapshots = 0;
  std::uint64_t bytes_before = 0, bytes_after = 0;  ///< of the whole file
};

/// What an import did. rows, vulnerabilities: those that it brought; added, changed, closed: against what was there.
struct ImportSummary {
  std::uint64_t rows = 0, added = 0, changed = 0, closed = 0, vulnerabilities = 0, bad_records = 0;
  std::vector<std::string> bad;  ///< the first ones
  bool unchanged = false;        ///< nothing was written
  std::string snapshot;
};

/// Advisories: what is known now, or was known at a time in the past.
/// threads: one writer at a time (others wait), any number of readers; a reader sees the state of its first read, until release().
class AdvisoryStore {
 public:
  virtual ~AdvisoryStore() = default;

  /// An import is one transaction: destroyed without commit(), or killed at any point, the old data stands.
  class Import {
   public:
    virtual ~Import() = default;
    virtual Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) = 0;
    virtual Result<> vulnerability(VulnerabilityText text) = 0;
    /// Absent rows of this namespace are closed. Elsewhere a row replaces those of its (vulnerability, record), and the others stay.
    virtual void complete(std::string_view name_space) = 0;
    /// Closes the rows of a record (its id, or the vulnerability's where it has none) that do not come in this import, in every namespace.
    virtual Result<> remove(std::string_view record) = 0;
    virtual void bad_record(std::string message) = 0;
    /// Replaces what is kept of the portion of that name; its namespaces count as fetched now.
    virtual void keep(PortionState state) = 0;
    /// What comes was fetched from its source at another time than the import's: that of a namespace, or of the feed ("").
    virtual void fetched(std::string_view name_space, UnixTime at) = 0;
    /// Then feeds() names the new snapshot, and rows() gives what was imported (of a batch: once that is committed).
    /// An import that changes something and keeps no portions drops those that speak of the same namespaces: they no longer say what is here.
    /// errors: unavailable; conflict: the import would lose more than 30 % of a namespace (the message names it) and `allow_shrink` is false.
    virtual Result<ImportSummary> commit(bool allow_shrink) = 0;
  };
  virtual Result<std::unique_ptr<Import>> begin_import(std::string_view feed, std::string_view origin, UnixTime at) = 0;

  /// Imports that become visible together: one transaction from the first commit() of an import to that of the batch.
  class Batch {
   public:
    virtual ~Batch() = default;
    virtual std::unique_ptr<Import> begin_import(std::string_view feed, std::string_view origin, UnixTime at) = 0;
    virtual Result<> commit() = 0;
  };
  virtual Result<std::unique_ptr<Batch>> begin_batch() = 0;

  virtual Result<std::vector<FeedState>> feeds() = 0;
  /// What is kept of a feed's portions, sorted by name; none: it was never updated.
  virtual Result<std::vector<PortionState>> portions(std::string_view feed) = 0;
  /// The source was asked and has nothing new: writes what is kept, and the times of the feed and of these portions' namespaces.
  /// A feed that the store does not have is none.
  virtual Result<> confirm(std::string_view feed, const std::vector<PortionState>& portions, UnixTime at) = 0;
  /// Open rows of one package in one namespace, of all feeds, sorted by feed, vulnerability, record.
  virtual Result<std::vector<AdvisoryRow>> rows(std::string_view name_space, std::string_view package) = 0;
  /// Sorted by namespace, package, feed, vulnerability, record, opened. errors: unavailable, invalid_input (a query for everything).
  virtual Result<std::vector<AdvisoryRow>> search(const AdvisoryQuery& query) = 0;
  /// All open rows of a namespace, of one feed ("" = of all, feed by feed), by package: for what is too much to hold at once. An error of the
  /// callback ends the walk and is returned. The callback may not use the store.
  using RowFn = std::function<Result<>(AdvisoryRow row)>;
  virtual Result<> walk(std::string_view name_space, std::string_view feed, const RowFn& fn) {
    AdvisoryQuery query;
    query.name_space = name_space;
    query.feed = feed;
    ECLAIR_TRY(std::vector<AdvisoryRow> rows, search(query));
    for (AdvisoryRow& row : rows) ECLAIR_CHECK_OK(fn(std::move(row)));
    return {};
  }
  /// The text of a vulnerability as `feed` tells it.
  virtual Result<std::optional<VulnerabilityText>> text(std::string_view feed, std::string_view id) = 0;

  /// The states that feeds were in, sorted by feed, newest first.
  virtual Result<std::vector<Snapshot>> snapshots() = 0;
  /// A number that changes with every commit that changed rows or texts: rows(), text() and a search of what holds answer the same as long as it
  /// is the same. Times of feeds may change without it. As of the state that is read.
  virtual Result<std::uint64_t> generation() = 0;
  /// What imports changed, in order, after the change of that number, at most limit. Of state that a reader sees: undoing them from the last to
  /// the first makes what rows() gave before. Noted are changes of what was known: not what a feed says when it comes for the first time, or of
  /// a namespace that it never spoke of (but for kGivenFeed: what clients say is news), and of feeds that speak of vulnerabilities alone
  /// only ratings. Remembered for 30 days.
  virtual Result<std::vector<Change>> changes(std::int64_t after, std::size_t limit) = 0;
  /// The number of the last one, as of the state that is read; 0 = none ever.
  virtual Result<std::int64_t> last_change() = 0;
  /// Ends the read: the next call sees what is there then. Who stays for long calls it between its reads.
  virtual void release() = 0;

  /// Forgets what no longer held at a time: it can then not be asked for states before it.
  virtual Result<PruneSummary> prune(UnixTime before) = 0;

  /// All rows of a feed in their encoded form (docs/design/encodings.md), a call for each package, by namespace and package; then all texts,
  /// by id. An error of a callback ends the walk and is returned. The callbacks may not use the store.
  using GroupFn = std::function<Result<>(std::string_view name_space, std::string_view package, const std::vector<std::string>& rows)>;
  using TextFn = std::function<Result<>(std::string_view id, std::string_view encoded)>;
  virtual Result<> each(std::string_view feed, const GroupFn& group, const TextFn& text) = 0;
};

/// An image that was seen here: what its whole stack of layers is called.
struct KnownImage {
  Digest chain;              ///< chain id of all its layers (model/image.h)
  std::string name;          ///< as it was shown
  std::string digest;        ///< of its manifest; "" = none
  std::uint32_t layers = 0;
  UnixTime first = 0, seen = 0;
};
inline constexpr std::size_t kMostKnownImages = 20'000;  ///< those that were not seen for longest go

/// Layer records by the digest we computed.
class LayerStore {
 public:
  virtual ~LayerStore() = default;
  /// With its path list. A damaged row answers nullopt (and is replaced by the next put).
  virtual Result<std::optional<LayerRecord>> layer_record(const Digest& digest) = 0;
  /// Then layer_record(record.digest) gives an equal record. Replaces.
  virtual Result<> put_layer_record(const LayerRecord& record) = 0;
  /// The images whose stack of layers is one of these, sorted by chain and name.
  virtual Result<std::vector<KnownImage>> known_images(const std::vector<Digest>& /*chains*/) { return std::vector<KnownImage>{}; }
  /// Remembers an image, by chain and name; `first` is kept. Of one that was seen within the day before, nothing is written.
  virtual Result<> learn_image(const KnownImage& /*image*/) { return {}; }
};

/// Opens, creates where missing, migrates. url: a folder (ECLAIR_DATA_DIR; files advisories.db and layers.db in it) or another place that
/// open_service_store() names (service_store.h).
/// errors: unavailable (cannot write, disk full, not reachable), unsupported (made by a newer version: named).
Result<std::unique_ptr<AdvisoryStore>> open_advisories(const std::string& url);
/// As this store knew it at a time in the past; takes no imports. Scores that change daily (EPSS) are not remembered.
/// errors: also not_found (the past before some later time was pruned).
Result<std::unique_ptr<AdvisoryStore>> open_advisories_as_of(const std::string& url, UnixTime as_of);
Result<std::unique_ptr<LayerStore>> open_layers(const std::string& url);

}  // namespace eclair::store
