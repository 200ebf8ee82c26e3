// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_schema.h"

#include "store/postgres/advisory_schema.h"
#include "store/sqlite/advisory_schema.h"

namespace eclair::store::sql {

const Schema kAdvisories = {.file = "advisories.db",
                            .sqlite = sqlite::kAdvisoryMigrations,
                            .schema = "eclair_advisories",
                            .lock = 1,
                            .postgres = postgres::kAdvisoryMigrations};

}  // namespace eclair::store::sql
