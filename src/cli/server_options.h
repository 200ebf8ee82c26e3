// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "cli/option_table.h"

namespace eclair::cli {

/// The rows of the option table that are the service's.
std::span<const Option> server_options();

}  // namespace eclair::cli
