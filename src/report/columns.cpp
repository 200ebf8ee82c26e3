// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/columns.h"

#include <algorithm>
#include <numeric>

namespace eclair::report {
namespace columns_detail {

constexpr std::size_t kGap = 2;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Byte offset of the code point with this number.
std::size_t offset_of(std::string_view s, std::size_t code_point) {
  std::size_t at = 0;
  while (at < s.size() && code_point > 0) {
    ++at;
    while (at < s.size() && continues(s[at])) ++at;
    --code_point;
  }
  return at;
}

std::string_view escape(Color color) {
  switch (color) {
    case Color::none: return "";
    case Color::bold_red: return "\x1b[1;31m";
    case Color::red: return "\x1b[31m";
    case Color::yellow: return "\x1b[33m";
    case Color::cyan: return "\x1b[36m";
    case Color::dim: return "\x1b[2m";
  }
  return "";
}

std::size_t width_of(const std::vector<std::size_t>& widths) {
  std::size_t used = 0, shown = 0;
  for (const std::size_t width : widths) {
    used += width;
    shown += width > 0 ? 1 : 0;
  }
  return used + (shown > 0 ? (shown - 1) * kGap : 0);
}

/// Of columns whose end may be cut, what is beyond the room; as much as they can spare.
void cut_ends(const std::vector<Column>& columns, std::vector<std::size_t>& widths, std::size_t room) {
  for (std::size_t i = columns.size(); i-- > 0;) {
    const std::size_t used = width_of(widths);
    if (columns[i].kept == 0 || used <= room || widths[i] <= columns[i].kept) continue;
    widths[i] -= std::min(used - room, widths[i] - columns[i].kept);
  }
}

/// Columns that may go, by their number, until the lines fit.
void drop(const std::vector<Column>& columns, std::vector<std::size_t>& widths, std::size_t room) {
  while (width_of(widths) > room) {
    std::size_t first = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].may_go > 0 && widths[i] > 0 && (first == columns.size() || columns[i].may_go >= columns[first].may_go)) first = i;
    }
    if (first == columns.size()) return;
    widths[first] = 0;
  }
}

/// Takes columns from the widest of those that may be shortened until the lines fit, or all are at their shortest.
void narrow(const std::vector<Column>& columns, std::vector<std::size_t>& widths, std::size_t room) {
  while (width_of(widths) > room) {
    std::size_t widest = columns.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].may_shorten && widths[i] > Column::kShortest && (widest == columns.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == columns.size()) return;
    --widths[widest];
  }
}

}  // namespace columns_detail

std::size_t columns_of(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return !columns_detail::continues(c); }));
}

std::string shorten_middle(std::string_view utf8, std::size_t width, bool unicode) {
  const std::size_t has = columns_of(utf8);
  if (has <= width) return std::string(utf8);
  const std::string_view mark = unicode ? "…" : "..";
  const std::size_t mark_width = unicode ? 1 : 2;
  if (width <= mark_width) return std::string(utf8.substr(0, columns_detail::offset_of(utf8, width)));
  // The beginning of a version says more than its end.
  const std::size_t kept = width - mark_width;
  const std::size_t tail = kept / 3;
  const std::size_t head = kept - tail;
  return std::string(utf8.substr(0, columns_detail::offset_of(utf8, head))) + std::string(mark) +
         std::string(utf8.substr(columns_detail::offset_of(utf8, has - tail)));
}

std::string shorten_end(std::string_view utf8, std::size_t width, bool unicode) {
  if (columns_of(utf8) <= width) return std::string(utf8);
  const std::string_view mark = unicode ? "…" : "..";
  const std::size_t mark_width = unicode ? 1 : 2;
  if (width <= mark_width) return std::string(utf8.substr(0, columns_detail::offset_of(utf8, width)));
  std::string_view kept = utf8.substr(0, columns_detail::offset_of(utf8, width - mark_width));
  while (!kept.empty() && kept.back() == ' ') kept.remove_suffix(1);
  return std::string(kept) + std::string(mark);
}

Color color_of(Severity severity) {
  switch (severity) {
    case Severity::critical: return Color::bold_red;
    case Severity::high: return Color::red;
    case Severity::medium: return Color::yellow;
    case Severity::low: return Color::cyan;
    case Severity::negligible: return Color::dim;
    case Severity::unknown: return Color::none;
  }
  return Color::none;
}

std::vector<std::string> lay_out_lines(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, const View& view) {
  bool brief = false;
  const auto text_of = [&](const Cell& cell) -> const std::string& { return brief && !cell.brief.empty() ? cell.brief : cell.text; };
  const auto measured = [&] {
    std::vector<std::size_t> out(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) out[i] = std::max(columns[i].least, columns_of(columns[i].title));
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) out[i] = std::max(out[i], columns_of(text_of(row[i])));
    }
    return out;
  };
  std::vector<std::size_t> widths = measured();
  if (!view.wide) {
    columns_detail::cut_ends(columns, widths, view.width);
    if (columns_detail::width_of(widths) > view.width) {
      brief = true;
      widths = measured();
      columns_detail::cut_ends(columns, widths, view.width);
    }
    columns_detail::drop(columns, widths, view.width);
    columns_detail::narrow(columns, widths, view.width);
  }

  std::vector<std::string> out;
  const auto line = [&](const auto& cell_at) {
    std::string text_line, pending;  // blanks, written only when something follows
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == 0) continue;
      const Cell& cell = cell_at(i);
      const std::string& whole = text_of(cell);
      const std::string text = columns[i].kept > 0 ? shorten_end(whole, widths[i], view.unicode) : shorten_middle(whole, widths[i], view.unicode);
      const std::string_view color = view.color && !text.empty() ? columns_detail::escape(cell.color) : std::string_view{};
      if (!text.empty()) {
        text_line += pending;
        pending.clear();
        if (!cell.link.empty()) text_line += "\x1b]8;;" + cell.link + "\x1b\\";
        text_line += std::string(color) + text + (color.empty() ? "" : "\x1b[0m");
        if (!cell.link.empty()) text_line += "\x1b]8;;\x1b\\";
      }
      pending.append(widths[i] - columns_of(text) + columns_detail::kGap, ' ');
    }
    out.push_back(text_line + '\n');
  };
  std::vector<Cell> titles;
  for (const Column& column : columns) titles.push_back({std::string(column.title)});
  line([&](std::size_t i) -> const Cell& { return titles[i]; });
  const Cell empty;
  for (const auto& row : rows) {
    line([&](std::size_t i) -> const Cell& { return i < row.size() ? row[i] : empty; });
  }
  return out;
}

std::string lay_out(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, const View& view) {
  std::string out;
  for (const std::string& one : lay_out_lines(columns, rows, view)) out += one;
  return out;
}

}  // namespace eclair::report
