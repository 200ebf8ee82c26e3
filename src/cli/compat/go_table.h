// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace eclair::cli::compat {

/// How a text is cut into words before it is wrapped.
enum class Words : bool {
  by_blank,  ///< at each blank, so that two in a row make an empty word: until 2018
  by_space   ///< at runs of white space
};

/// A table as olekukonko/tablewriter drew it with lines between the rows and everything to the left: heads in upper case, cells wrapped to
/// the width of their text, at most 30, or of their longest word where that is more. source: olekukonko/tablewriter: table.go, wrap.go
/// (v0.0.0-20180105, v0.0.3)
std::string go_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows, Words words);

/// Lines of at most `room` characters, or the longest word's where that is more, with the least raggedness: the sum of the squares of what
/// is missing in all lines but the last is the smallest.
std::vector<std::string> wrapped_evenly(std::string_view text, std::size_t room, Words words);

}  // namespace eclair::cli::compat
