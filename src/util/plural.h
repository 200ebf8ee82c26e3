// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eclair::text {

/// "1 layer", "2 layers", "0 layers": of words that only take an s.
inline std::string plural(std::uint64_t n, std::string_view one) { return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s"); }

}  // namespace eclair::text
