// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"
#include "util/result.h"

namespace eclair::report {

/// A report from one of our programs to another, whole, so that it can be shown there as if it had been made there: docs/design/encodings.md,
/// "report". Without a policy and without what each layer changed. decode_report(encode(r)) == r, but for those.
std::string encode(const Report& report);
/// errors: invalid_input (damaged), unsupported (made by a newer version, named), limit.
Result<Report> decode_report(std::string_view bytes);

}  // namespace eclair::report
