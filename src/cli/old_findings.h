// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "report/policy.h"
#include "report/report.h"
#include "util/result.h"

namespace eclair::cli {

/// What the rules "new:RULE@OLD" compare with: OLD is a file with a report that was saved as JSON, else an image, which `scan` is to report
/// on as it does on any other. Of a file with several reports each counts; one that was written with a filter is warned of, since what was
/// left out then looks new. errors: those of reading the file, of `scan`.
Result<report::OldFindings> read_old_findings(const Invocation& call, const std::vector<report::Rule>& rules,
                                              const std::function<Result<report::Report>(const std::string& target)>& scan);

}  // namespace eclair::cli
