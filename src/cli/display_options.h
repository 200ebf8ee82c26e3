// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/option_table.h"

namespace eclair::cli {

/// The rows of the option table that decide what of a report is shown, and how.
std::span<const Option> display_options();

}  // namespace eclair::cli
