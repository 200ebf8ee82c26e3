// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "store/interface.h"
#include "store/sql/connection.h"
#include "util/bytes.h"
#include "util/time.h"

namespace eclair::store::sql {

/// Notes what a commit changes, for whoever follows changes (AdvisoryStore::changes). Rows of the table change.
class ChangeLog {
 public:
  /// last: the number of the last change that was noted. at: since when what is new holds.
  ChangeLog(Connection& connection, UnixTime at) : db_(connection), at_(at) {}
  Result<> begin(std::int64_t feed, std::int64_t last);

  /// Rows of one vulnerability of a package, encoded: those that went and those that came.
  Result<> rows(std::int64_t name_space, std::string_view vulnerability, std::string_view package, const std::vector<std::string_view>& gone,
                const std::vector<std::string_view>& come);
  /// A text says otherwise than before. whole: all of it counts, else how it rates the vulnerability.
  Result<> text(std::int64_t name_space, std::string_view vulnerability, const VulnerabilityText& before, bool whole);
  std::int64_t last() const { return last_; }

 private:
  Result<> put(std::int64_t name_space, std::string_view vulnerability, std::string_view package);

  Connection& db_;
  const UnixTime at_;
  std::int64_t feed_ = 0, last_ = 0;
  Statement put_;
  Encoder encoder_;
};

/// Whether a change of a text from one to the other is one of severity or scores.
bool rates_alike(const VulnerabilityText& a, const VulnerabilityText& b);

/// How long changes are remembered: those who follow them come by more often.
inline constexpr UnixTime kChangeSeconds = 30 * 86400;
/// Forgets what is older.
Result<> forget_changes(Connection& connection, UnixTime before);

/// The changes after a number, in order, at most limit.  errors: unavailable.
Result<std::vector<Change>> changes(Connection& connection, std::int64_t after, std::size_t limit);
Result<std::int64_t> last_change(Connection& connection);

}  // namespace eclair::store::sql
