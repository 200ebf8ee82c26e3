// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/sql/open.h"

namespace eclair::store::sql {

/// The advisories' database.
extern const Schema kAdvisories;

}  // namespace eclair::store::sql
