// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/advisory.h"
#include "util/result.h"
#include "version/scheme.h"

namespace eclair::feeds {

/// A row that waits for its neighbours.
struct ClairRow {
  std::string name_space, package;
  Advisory advisory;
};

/// Joins neighbours that one row was taken apart into, because Clair says of one record one range, one kind of name and one product:
/// ranges of a language's package, then source and binary names, then products (CPE). Holds three rows.
class ClairJoiner {
 public:
  explicit ClairJoiner(std::function<Result<>(ClairRow)> to) : to_(std::move(to)) {}
  /// scheme: how versions of a language are sorted; nullptr: loose_before().
  Result<> add(ClairRow row, bool language, const version::Scheme* scheme);
  Result<> finish();  ///< hands out what waits; more may be added then

 private:
  Result<> kind(std::optional<ClairRow> row);
  Result<> product(std::optional<ClairRow> row);

  std::function<Result<>(ClairRow)> to_;
  std::optional<ClairRow> ranges_, kind_, product_;
};

}  // namespace eclair::feeds
