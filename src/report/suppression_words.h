// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/report.h"

/// A suppression, or a remark, for people.
namespace eclair::report {

/// Where somebody said it: ".eclairignore.yaml:12", "--ignore-kernel".
std::string place_words(const Suppression& by);
/// Why: "accepted: minizip is not built", "not_affected (vulnerable_code_not_present)".
std::string reason_words(const Suppression& by);

}  // namespace eclair::report
