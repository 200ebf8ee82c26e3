// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/sql/connection.h"
#include "store/sql/open.h"
#include "util/result.h"

/// The only door to PostgreSQL for the stores (with link.h, which is its inside).
namespace eclair::store::postgres {

/// sql::exists() in a PostgreSQL.
Result<bool> exists(const std::string& address, const sql::Schema& schema);

/// sql::open() in a PostgreSQL. The schema's tables lie in the database schema of its name, which is made if it is not there.
/// A connection that is lost fails what was running (unavailable); the next use connects again.
Result<sql::Connection> open_database(const std::string& address, const sql::Schema& schema);

}  // namespace eclair::store::postgres
