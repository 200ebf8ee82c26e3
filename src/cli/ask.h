// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "util/result.h"

namespace eclair::cli {

/// Asks on the terminal of whoever started the program, whatever standard input is; a secret is not shown while it is typed.
/// errors: invalid_input (no terminal: the hint says how to do without; nothing was typed), cancelled (the terminal was closed).
Result<std::string> ask(std::string_view question, bool secret);

}  // namespace eclair::cli
