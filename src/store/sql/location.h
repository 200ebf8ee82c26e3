// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair::store::sql {

enum class Engine { sqlite, postgres };

/// Where a store is.
struct Location {
  Engine engine = Engine::sqlite;
  std::string where;  ///< a folder; an address as libpq takes it
};

/// url: "postgres://...", "postgresql://..." or "host=... dbname=..." (any of libpq's words first): PostgreSQL. "memory:" or "memory:NAME": a folder of
/// this process, gone with it, the same at each call. Else a folder, or "sqlite:FOLDER".
/// errors: unavailable (memory: no room for the folder).
Result<Location> locate(const std::string& url);

}  // namespace eclair::store::sql
