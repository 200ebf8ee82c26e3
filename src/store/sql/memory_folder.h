// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "util/result.h"

namespace eclair::store::sql {

/// The folder behind "memory:NAME", made at the first call, the same for each name, removed when the process ends. What a killed process left is removed
/// by the next one's first call.
///
/// A folder, for a database that only lives in memory has no readers that keep their state while another connection writes. It lies in memory (/dev/shm)
/// where there is room for a set of advisories, else where temporary files go.
Result<std::string> memory_folder(const std::string& name);

}  // namespace eclair::store::sql
