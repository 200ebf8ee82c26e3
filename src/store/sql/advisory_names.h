// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/content_sum.h"
#include "store/sql/advisory_changes.h"
#include "store/sql/connection.h"
#include "store/staging.h"
#include "util/time.h"

namespace eclair::store::sql {

/// What a commit does to names (ids, aliases, records, notices): where they are spoken of, and what is known of them as a vulnerability.
/// Collected as differences while rows are written, and written at the end in key order.
class NameWriter {
 public:
  /// staging: whose numbers of names and packages are used here.  at: since when what is new holds.
  NameWriter(Connection& connection, Staging& staging, UnixTime at) : db_(connection), staging_(staging), at_(at) {}

  /// Rows of a package in a namespace (its number in the database) have this name now, or no longer.
  void mention(std::uint32_t name, std::uint32_t package, std::uint32_t name_space, bool added);
  /// How many more open rows have a name as their first id.
  std::int64_t& rows_of(std::uint32_t name);

  /// Texts that rate their vulnerability anew are noted in `log`, of each namespace that the feed spoke of; of a feed that speaks of vulnerabilities
  /// alone also new ones. vulnerabilities: the namespace of such feeds; 0 = this is none. whole: any change of a text counts.
  void note_texts(ChangeLog& log, std::int64_t vulnerabilities, bool whole) {
    log_ = &log;
    vulnerability_space_ = vulnerabilities;
    whole_texts_ = whole;
  }

  struct Outcome {
    bool changed = false;
    std::int64_t vulnerabilities = 0;  ///< more than before
  };
  /// fresh: the feed has no names yet.  sum: the content hash of the feed, which texts are part of.
  Result<Outcome> write(std::int64_t feed, bool fresh, ContentSum& sum);

 private:
  /// A name came to a package, or went from it, in one namespace.
  struct Mention {
    std::uint64_t key = 0;  ///< of the name (upper half) and the package: their ids, and at the end their ranks
    std::uint32_t name_space = 0;
    bool added = false;
  };
  /// What the store has of a name.
  struct Name {
    bool there = false, has_text = false;
    std::int64_t rows = 0;
    UnixTime text_since = 0;
    std::string places, text;
  };
  static constexpr std::size_t kLookedUp = 64;  ///< names that one query asks for: over a network each question costs a journey
  static constexpr std::size_t kNoText = static_cast<std::size_t>(-1);
  /// What happened to a name, and what comes of it.
  struct Work {
    std::uint32_t id = 0;
    std::size_t first_mention = 0, last_mention = 0;
    std::size_t staged_text = kNoText;  ///< an index into Staging::texts()
    std::int64_t rows = 0;
    bool keeps_text = false, text_changed = false;
    std::string places, text;
    ContentSum::Piece content{};        ///< of the text, where it changed
  };
  /// Where a walk over all names, in their order, is.
  struct Cursor {
    const std::vector<std::uint32_t>& by_rank;
    std::uint32_t rank = 0;
    std::size_t mention = 0, text = 0;
  };

  void sort_mentions(const std::vector<std::uint32_t>& ranks, const std::vector<std::uint32_t>& of_package);
  bool next(Cursor& at, Work& work) const;
  std::string first_places(std::size_t begin, std::size_t end);
  std::string moved(std::size_t begin, std::size_t end, std::string_view before);
  Result<> prepare(bool fresh);
  Result<std::vector<Name>> stored(const std::vector<Work>& works);
  Result<> work_out(const Name& before, Work& work);
  Result<> remember_text(std::string_view id, const Name& before);
  Result<> note_text(const Name& before, const Work& work);
  Result<> write_one(const Name& before, const Work& work, ContentSum& sum);

  Connection& db_;
  Staging& staging_;
  const UnixTime at_;
  std::int64_t feed_ = 0, vulnerability_space_ = 0;
  ChangeLog* log_ = nullptr;  ///< null: what changes is no news
  bool whole_texts_ = false;
  Statement get_, put_, drop_, put_past_;
  std::vector<Mention> mentions_;
  std::vector<std::int64_t> changes_;          ///< by id
  std::vector<std::uint32_t> by_package_rank_; ///< from a package's rank to its id, once no more come
  Encoder encoder_;
  Outcome outcome_;
};

}  // namespace eclair::store::sql
