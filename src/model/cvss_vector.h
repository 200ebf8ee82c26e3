// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace eclair {

/// From where a flaw can be used. CVSS calls it access vector (2) or attack vector (3, 4).
enum class AccessVector : std::uint8_t { physical, local, adjacent, network };
/// What it takes beside being there. `medium` is CVSS 2's alone.
enum class AccessComplexity : std::uint8_t { low, medium, high };

std::string_view name(AccessVector vector);          ///< "network"
std::string_view name(AccessComplexity complexity);  ///< "low"
bool parse(std::string_view word, AccessVector& to);      ///< in any case, also "adjacent_network". false: none of them
bool parse(std::string_view word, AccessComplexity& to);

struct CvssVector {
  std::optional<AccessVector> access;
  std::optional<AccessComplexity> complexity;
};

inline constexpr std::size_t kMaxCvssVectorBytes = 1024;

/// Reads the metrics AV and AC of a vector of CVSS 2, 3.0, 3.1 or 4.0: "AV:N/AC:L/Au:N/C:P/I:P/A:P", also in parentheses,
/// "CVSS:3.1/AV:N/AC:L/...". What is missing, twice there with two values, or not a value of the metric, is left empty.
/// source: FIRST, "Common Vulnerability Scoring System", versions 2 to 4.0, vector strings
CvssVector cvss_vector(std::string_view text);

}  // namespace eclair
