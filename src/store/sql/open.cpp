// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/open.h"

#include "store/sqlite/connection.h"

namespace eclair::store::sql {

Result<Connection> open(const std::string& url, const Schema& schema) {
  constexpr std::string_view kSqlite = "sqlite:";
  return sqlite::open_database(url.compare(0, kSqlite.size(), kSqlite) == 0 ? url.substr(kSqlite.size()) : url, schema);
}

}  // namespace eclair::store::sql
