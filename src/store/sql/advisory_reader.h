// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/interface.h"
#include "store/sql/connection.h"

namespace eclair::store::sql {

/// Reads the advisories of a database as they are, or as they were at a time. Within a transaction of the caller's.
class AdvisoryReader {
 public:
  /// as_of: nullopt = now.
  AdvisoryReader(Connection& connection, std::optional<UnixTime> as_of) : db_(connection), as_of_(as_of) {}
  Result<> prepare();

  /// An encoded row with the time it held; closed 0: it still does (at the time that is read).
  struct Held {
    std::string row;
    UnixTime opened = 0, closed = 0;
  };
  /// Rows of a package, sorted by vulnerability, record, bytes, opened.  past: also those that held before.
  Result<std::vector<Held>> held(std::int64_t feed, std::int64_t name_space, std::string_view package, bool past);

  /// Where rows may be that have a name.
  struct Spot {
    std::int64_t feed = 0, name_space = 0;
    std::string package;
    auto operator<=>(const Spot&) const = default;
  };
  Result<std::vector<Spot>> spots_of(std::string_view name, bool past);  ///< sorted, each once
  Result<std::vector<Spot>> spots_in(std::int64_t feed, std::int64_t name_space, bool past);

  struct Feed {
    std::int64_t id = 0;
    FeedState state;  ///< without namespaces
  };
  Result<std::vector<Feed>> feeds();  ///< those that are known, by name
  struct Space {
    std::int64_t id = 0;
    std::string name;
    UnixTime fetched_at = 0;
  };
  Result<std::vector<Space>> spaces(std::int64_t feed);  ///< by name
  Result<std::vector<Snapshot>> snapshots();

  /// The encoded text of a vulnerability. nullopt: none.
  Result<std::optional<std::string>> text(std::string_view feed, std::string_view id);
  Result<> each_text(const Feed& feed, const AdvisoryStore::TextFn& fn);  ///< by id

 private:
  Result<> add_past(std::int64_t feed, std::int64_t name_space, std::string_view package, bool all, std::vector<Held>& to);
  bool reads_past(bool past) const { return past || as_of_.has_value(); }

  Connection& db_;
  const std::optional<UnixTime> as_of_;
  Statement chunks_, past_rows_, places_, past_places_, text_, past_text_;
};

}  // namespace eclair::store::sql
