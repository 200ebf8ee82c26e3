// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/fetch.h"
#include "model/advisory.h"
#include "util/byte_source.h"
#include "util/cancel.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::feeds {

/// Where a parser puts what it understood. Nothing is visible to readers before the import commits.
class AdvisorySink {
 public:
  virtual ~AdvisorySink() = default;
  /// A row. The same (namespace, package) may come in any number of calls, in any order.
  virtual Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) = 0;
  virtual Result<> vulnerability(VulnerabilityText text) = 0;
  /// Says that this document speaks for the whole namespace, or for a `piece` of it (Feed::pieces): once all pieces were read, rows of
  /// this feed that did not come again are closed. A feed of single records says with it which namespaces the record speaks of.
  /// In such a feed a document without a piece is no record, and speaks for the whole namespace by itself.
  virtual void complete(std::string_view name_space, std::string_view piece = {}) = 0;
  /// Rows of this record that do not come again in this import are closed: it is void, or told anew.
  virtual Result<> remove(std::string_view record) = 0;
  /// A record that was dropped, and why ("debian: openssl CVE-2024-1: status is not a string"). Counted; the first ones are shown.
  virtual void bad_record(std::string message) = 0;
};

/// One advisory source.
class Feed {
 public:
  virtual ~Feed() = default;
  virtual std::string_view id() const = 0;        ///< "debian"; the word of --feed
  virtual std::string_view title() const = 0;     ///< "Debian Security Tracker"
  virtual std::string_view url() const = 0;       ///< where it is published
  virtual std::uint32_t revision() const = 0;     ///< parser change: parse kept files anew
  /// Whether the source lists unfixed and not-affected packages too. false: "publishes fixes only", said in reports.
  virtual bool lists_unfixed() const = 0;
  /// The documents that make up a namespace ("main", "community"), or for feeds of single records the kinds of them ("osv", "vex"; records of
  /// a kind that is not among them make up all of it by themselves);
  /// none: every document speaks for all of it.
  virtual std::vector<std::string_view> pieces(std::string_view name_space) const {
    static_cast<void>(name_space);
    return {};
  }
  /// Whether a document is one record (OSV), so that only an archive of them can speak for a namespace.
  virtual bool document_is_record() const { return false; }
  /// Whether a file of a folder or archive may be a document, by its name without path and ".gz" or the like; others are passed over.
  virtual bool is_document(std::string_view name) const { return name.size() > 5 && name.substr(name.size() - 5) == ".json"; }
  /// Lists that a source keeps beside its archives (changes.csv), by name. Where a folder that is imported has one of them, withdrawn()
  /// is told which of them there are.
  virtual std::vector<std::string_view> listings() const { return {}; }
  /// The records that they say are withdrawn, so that archives' members about them are passed over.
  /// errors: invalid_input (a list that is not one).
  virtual Result<std::vector<Portion::Withdrawn>> withdrawn(const std::map<std::string, std::unique_ptr<ByteSource>, std::less<>>& lists) const {
    static_cast<void>(lists);
    return std::vector<Portion::Withdrawn>();
  }
  /// Families of namespaces that it speaks of: "debian" of debian:12, "pypi". A scan fetches the feed for images that have such packages.
  virtual std::vector<std::string_view> families() const { return {}; }
  /// What is to be downloaded so that the store knows what the source says of the namespaces that `look` wants.
  /// The default is right for a source of one document: url().
  /// errors: those of `look`, invalid_input (an index that is not one).
  virtual Result<std::vector<Portion>> portions(Lookup& look) const;
  /// Reads one document (already decompressed). No network, no clock, no store: same bytes, same rows.
  /// part: the file's name, for messages and for sources whose name says the release ("v3.19/main.json").
  /// errors: invalid_input (not this feed's document, or damaged: nothing of the import is kept), limit, cancelled.
  virtual Result<> parse(std::string_view part, const ByteSource& in, const Limits& limits, const Cancel& stop, AdvisorySink& out) const = 0;
};

/// All feeds of feeds.def.
std::span<const Feed* const> feeds();
/// By id; "rhel-vex" is "redhat-vex" too. nullptr: none.
const Feed* find_feed(std::string_view id);

}  // namespace eclair::feeds
