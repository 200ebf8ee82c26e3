// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/advisory.h"

namespace eclair::service::classic {

/// One of the seven severities of both generations.
struct Priority {
  Severity severity = Severity::unknown;
  std::string_view word{};  ///< "Defcon1", or ""
};
/// any_case: as generation 1 reads them; generation 0 wants "High". nullopt: none of the seven.
std::optional<Priority> parse_priority(std::string_view text, bool any_case);
/// 0 (Unknown) to 6 (Defcon1).
int rank(Severity severity, std::string_view word);

}  // namespace eclair::service::classic
