// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/settings.h"
#include "index/index.h"
#include "model/os.h"
#include "report/report.h"
#include "util/result.h"

/// What somebody wants to be taken otherwise than the image says: --distro, --exclude, --pkg-types. Layers are read and kept whole all the same.
namespace eclair::cli {

/// "debian:12", "alpine/3.19", "ubuntu@22.04". errors: invalid_input (no id, no version, signs that no name has).
Result<Os> parse_distribution(std::string_view word);

/// Changes an inventory by those settings, with a note in it for each that changed something ("left_out", "given_distribution").
/// errors: those of parse_distribution().
Result<> narrow(const Settings& settings, Inventory& inventory);

/// Those notes, as a report tells them: nothing was judged of what was left out, and somebody wanted it so.
void tell_narrowing(report::Report& report);

}  // namespace eclair::cli
