// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_schema.h"

#include "store/sqlite/advisory_schema.h"

namespace eclair::store::sql {

const Schema kAdvisories = {.file = "advisories.db", .sqlite = sqlite::kAdvisoryMigrations};

}  // namespace eclair::store::sql
