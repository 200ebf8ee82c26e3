// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "util/cancel.h"
#include "util/result.h"

namespace eclair::store {

struct CopiedTable {
  std::string_view store;   ///< "layers", "advisories"
  std::string table;
  std::uint64_t rows = 0;
  std::string sum;          ///< of all rows, whatever their order; 32 hex digits
};

/// Copies all that stores hold, row by row with all numbers, from one place to another, which may be of another engine (places: open_service_store() in
/// service_store.h). Where there are only layers, or only advisories, those. What is written meanwhile at `from` is not part of it.
/// Then every table has as many rows at both places, and their checksums agree: read again at `to` before it is committed.
/// progress: called now and then, with the rows of a table so far.
/// errors: not_found (nothing is at `from`), conflict (`to` is not empty; the message names the table), unavailable, unsupported, cancelled. Advisories and
/// layers are committed one after the other: after an error each of the two is either whole or empty.
Result<std::vector<CopiedTable>> copy_stores(const std::string& from, const std::string& to,
                                             const std::function<void(std::string_view store, std::string_view table, std::uint64_t rows)>& progress, const Cancel& stop);

}  // namespace eclair::store
