// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "store/interface.h"
#include "store/sql/connection.h"
#include "store/staging.h"
#include "util/time.h"

namespace eclair::store::sql {

/// What an import collected of one feed.
struct Collected {
  explicit Collected(std::string of_feed, std::string from, UnixTime time) : feed(std::move(of_feed)), origin(std::move(from)), at(time) {}
  std::string feed, origin;
  UnixTime at;
  Staging staging;                                  ///< finished
  std::set<std::string, std::less<>> completed;     ///< namespaces in which absence closes a row
  std::unordered_set<std::string> records;          ///< whose rows are closed where they did not come anew
  std::vector<PortionState> portions;               ///< to be kept
  std::map<std::string, UnixTime, std::less<>> fetched;  ///< by namespace, "" for the feed: where it is another time than `at`
};

/// Makes what was collected the new state of its feed: rows, history, names, texts, counts, snapshot id. Within a transaction of the caller's,
/// which is to be rolled back on an error.
/// errors: unavailable; conflict (the guard against a shrunken feed, which allow_shrink turns off).
Result<ImportSummary> commit(Connection& connection, Collected& collected, bool allow_shrink);

}  // namespace eclair::store::sql
