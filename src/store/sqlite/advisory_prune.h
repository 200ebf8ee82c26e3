// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "store/interface.h"

namespace eclair::store::sqlite {

/// Forgets, in the advisories.db of a folder, what no longer held at `before` (AdvisoryStore::prune), and gives the room back.
Result<PruneSummary> prune(const std::string& folder, UnixTime before);

}  // namespace eclair::store::sqlite
