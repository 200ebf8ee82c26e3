// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Texts as libraries of Go lay them out: the originals were Go, and scripts read what those printed.
namespace eclair::cli::compat {

/// Compact JSON with line ends and `step` before each member, as json.Indent does it; no line end behind. json: valid.
std::string indented(std::string_view json, std::string_view step);
/// JSON decoded into maps and encoded again: members in the order of their names. "" where it is no JSON.
std::string sorted_members(std::string_view json);

/// Rows of cells in columns, as text/tabwriter does it with cells of any width, one blank between and nothing behind the last cell of a
/// row. A column ends with the first row that has no cell to the right of it. source: pkg.go.dev/text/tabwriter
std::string tab_aligned(const std::vector<std::vector<std::string>>& rows);

/// XML text or the value of an attribute, as encoding/xml escapes it; what XML cannot hold becomes U+FFFD.
std::string xml_escaped(std::string_view text);

}  // namespace eclair::cli::compat
