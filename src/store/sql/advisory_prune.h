// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/interface.h"

namespace eclair::store::sql {

/// Forgets, in the advisories at a place (sql/open.h), what no longer held at `before` (AdvisoryStore::prune), and gives the room back.
Result<PruneSummary> prune(const std::string& url, UnixTime before);

}  // namespace eclair::store::sql
