// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

/// Lays out rows for people: no border, two blanks between columns, one line a row, no blanks at its end.
namespace eclair::report {

/// Columns that a text takes. Counts code points; combining marks and wide letters are not told apart.
std::size_t columns_of(std::string_view utf8);
/// At most `width` columns: the middle gives way to "…", or to ".." where only ASCII may be written.
std::string shorten_middle(std::string_view utf8, std::size_t width, bool unicode);
/// The same, and the end gives way.
std::string shorten_end(std::string_view utf8, std::size_t width, bool unicode);

enum class Color : std::uint8_t { none, bold_red, red, yellow, cyan, dim };
Color color_of(Severity severity);

struct Column {
  std::string_view title;
  std::size_t least = 0;        ///< width that it always has
  bool may_shorten = false;     ///< when the lines are too wide: in the middle, down to kShortest
  unsigned may_go = 0;          ///< when the lines are too wide: whole column, before anything is shortened so; the highest number goes first
  std::size_t kept = 0;         ///< when the lines are too wide: first of all its end is cut, down to so many columns; 0 = it is not
  static constexpr std::size_t kShortest = 9;
};

struct Cell {
  std::string text;  ///< cleaned
  Color color = Color::none;
  std::string brief = {};  ///< what stands there instead, in all cells of the column that have it, when the lines are too wide; cleaned; "" = text
  std::string link = {};  ///< a web address of printable ASCII, where the terminal follows those; "" = none
};

/// rows: as many cells as columns, or fewer. The first line has the titles; each ends with a line end. view.wide never shortens.
std::vector<std::string> lay_out_lines(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, const View& view);
/// The same in one text.
std::string lay_out(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, const View& view);

}  // namespace eclair::report
