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

std::string lay_out(const std::vector<Column>& columns, const std::vector<std::vector<Cell>>& rows, const View& view) {
  std::vector<std::size_t> widths(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) widths[i] = std::max(columns[i].least, columns_of(columns[i].title));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i].text));
  }
  if (!view.wide) {
    for (std::size_t i = columns.size(); i-- > 0;) {
      if (columns[i].may_go && columns_detail::width_of(widths) > view.width) widths[i] = 0;
    }
    columns_detail::narrow(columns, widths, view.width);
  }

  std::string out;
  const auto line = [&](const auto& text_of, const auto& color_at) {
    std::string pending;  // blanks, written only when something follows
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string text = shorten_middle(text_of(i), widths[i], view.unicode);
      const std::string_view color = view.color && !text.empty() ? columns_detail::escape(color_at(i)) : std::string_view{};
      if (!text.empty()) {
        out += pending;
        pending.clear();
        out += std::string(color) + text + (color.empty() ? "" : "\x1b[0m");
      }
      pending.append(widths[i] - columns_of(text) + columns_detail::kGap, ' ');
    }
    out += '\n';
  };
  line([&](std::size_t i) { return columns[i].title; }, [](std::size_t) { return Color::none; });
  for (const auto& row : rows) {
    line([&](std::size_t i) { return i < row.size() ? std::string_view(row[i].text) : std::string_view{}; },
         [&](std::size_t i) { return i < row.size() ? row[i].color : Color::none; });
  }
  return out;
}

}  // namespace eclair::report
