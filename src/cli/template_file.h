// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "cli/output.h"
#include "cli/settings.h"
#include "report/report.h"
#include "util/result.h"

namespace eclair::cli {

/// --template FILE: reads the file into the view, and checks it before anything else is done. "@FILE" means the same, as others have it.
/// errors: invalid_input (a template that no output asks for, an output without one, a fault in it), unsupported (of another language),
/// not_found, unavailable.
Result<> read_template(const Settings& settings, const std::vector<Output>& outputs, report::View& view);

}  // namespace eclair::cli
