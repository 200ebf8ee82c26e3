// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "util/time.h"

namespace eclair::store::sql {

/// Stored form (advisory_schema.h, chunk.opened) of the times since when each row of a package holds: runs of (rows, time), numbers.
std::string packed_times(const std::vector<UnixTime>& times);
std::vector<UnixTime> unpacked_times(std::string_view bytes, std::size_t rows);  ///< exactly that many; what is missing is 0

}  // namespace eclair::store::sql
