// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/open.h"

#include "store/postgres/connection.h"
#include "store/sql/location.h"
#include "store/sqlite/connection.h"

namespace eclair::store::sql {

Result<Connection> open(const std::string& url, const Schema& schema) {
  ECLAIR_TRY(const Location location, locate(url));
  return location.engine == Engine::postgres ? postgres::open_database(location.where, schema) : sqlite::open_database(location.where, schema);
}

Result<bool> exists(const std::string& url, const Schema& schema) {
  ECLAIR_TRY(const Location location, locate(url));
  return location.engine == Engine::postgres ? postgres::exists(location.where, schema) : sqlite::exists(location.where, schema);
}

}  // namespace eclair::store::sql
