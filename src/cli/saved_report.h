// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"
#include "report/read_report.h"
#include "util/result.h"

/// Report files that a user names.
namespace eclair::cli {

/// Whether an argument names a report and not an image: a file there that begins as one does.
bool is_saved_report(const std::string& place);

/// Reads the reports of a file, or of standard input ("-"). Warns where findings were left out of it.
/// errors: not_found, unavailable, cancelled; those of report::read_reports(); all name the file.
Result<report::SavedReports> read_saved_reports(const Invocation& call, const std::string& place);

}  // namespace eclair::cli
