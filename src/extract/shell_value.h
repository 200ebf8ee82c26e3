// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace eclair::extract {

/// The value of a shell assignment as os-release and its like use them: bare, in single quotes (nothing is special), in double
/// quotes (a backslash escapes itself, the quote, "$" and "`"), or pieces of these side by side. Nothing is expanded.
/// A quote that is never closed runs to the end; blanks within a bare value are kept, since people write them; " #" begins a
/// comment. source: os-release(5), POSIX shell quoting
std::string shell_value(std::string_view text);

}  // namespace eclair::extract
