// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "report/report.h"
#include "util/result.h"

/// Reports in the formats of the registry, to where --format and --output say.
namespace eclair::cli {

/// plan_outputs() for all formats that a report has, or for those named (by blanks, the default first).
Result<std::vector<Output>> plan_report_outputs(const Settings& settings, std::string_view only = {});

/// Each output in its format, whole or not at all. view: of standard output; a file is no terminal.
Result<> write_reports(const Invocation& call, const std::vector<Output>& outputs, const report::View& view, const report::Document& document);

}  // namespace eclair::cli
