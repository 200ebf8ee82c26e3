// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair {

/// Seconds since 1970 UTC. Only cli/, feeds/ and store/ look at the clock; analysis and matching are given a time.
using UnixTime = std::int64_t;

UnixTime now();                                  ///< SOURCE_DATE_EPOCH where it is set (reproducible output)
std::string rfc3339(UnixTime t);                 ///< "2026-08-21T06:00:00Z"
Result<UnixTime> parse_time(std::string_view s); ///< a date, or RFC 3339 with any fraction and zone; without zone: UTC
std::string ago(UnixTime then, UnixTime now);    ///< "20 minutes", "6 days": for people

}  // namespace eclair
