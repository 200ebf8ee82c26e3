// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/go_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "util/text.h"

namespace eclair::cli::compat {
namespace go_table_detail {

constexpr std::size_t kWidest = 30;
constexpr std::uint64_t kTooLong = 100'000;  // what a line that is too long costs beside its square
constexpr std::size_t kMostWords = 2000;     // of a text that is wrapped evenly; what is behind them is left out

/// Characters, without the sequences that colour them.
std::size_t width_of(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (i < text.size() && text[i] != 'm') ++i;
      continue;
    }
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++out;
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view text, Words how) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !(how == Words::by_blank ? text[i] == ' ' || text[i] == '\n' : text::is_space(text[i]))) continue;
    if (how == Words::by_blank || i > begin) out.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  if (out.size() > kMostWords) out.resize(kMostWords);
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return text;
}

void append_line(std::string& out, const std::vector<std::size_t>& widths) {
  out += '+';
  for (const std::size_t width : widths) out += std::string(width + 2, '-') + '+';
  out += '\n';
}

void append_row(std::string& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  out += '|';
  for (std::size_t i = 0; i < widths.size(); ++i) {
    const std::string cell = i < cells.size() ? cells[i] : std::string();
    const std::size_t width = width_of(cell);
    out += ' ' + cell + std::string(widths[i] > width ? widths[i] - width : 0, ' ') + " |";
  }
  out += '\n';
}

}  // namespace go_table_detail
using namespace go_table_detail;

std::vector<std::string> wrapped_evenly(std::string_view text, std::size_t room, Words how) {
  const std::vector<std::string_view> words = words_of(text, how);
  if (words.empty()) return {""};
  for (const std::string_view word : words) room = std::max(room, width_of(word));
  const std::size_t count = words.size();
  // From behind: what the words from here on cost, and where the next line begins.
  std::vector<std::uint64_t> cost(count + 1, 0);
  std::vector<std::size_t> next(count, count);
  std::size_t rest = 0;
  for (std::size_t i = count; i-- > 0;) {
    rest += width_of(words[i]) + (i + 1 < count ? 1 : 0);
    if (rest <= room) continue;
    cost[i] = std::numeric_limits<std::int32_t>::max();
    std::size_t length = 0;
    for (std::size_t j = i + 1; j < count; ++j) {
      length += width_of(words[j - 1]) + (j > i + 1 ? 1 : 0);
      const std::uint64_t off = length > room ? length - room : room - length;
      const std::uint64_t all = off * off + cost[j] + (length > room ? kTooLong : 0);
      if (all < cost[i]) {
        cost[i] = all;
        next[i] = j;
      }
      if (length > room + 400) break;  // no better one comes
    }
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; i = next[i]) {
    std::string line;
    for (std::size_t j = i; j < next[i]; ++j) line += (j > i ? " " : "") + std::string(words[j]);
    out.push_back(std::move(line));
  }
  return out;
}

std::string go_table(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows, Words words) {
  std::vector<std::size_t> widths;
  for (const std::string& head : heads) widths.push_back(width_of(head));
  std::vector<std::vector<std::vector<std::string>>> cells;  // by row and column: lines
  for (const auto& row : rows) {
    auto& lines = cells.emplace_back();
    for (std::size_t i = 0; i < heads.size(); ++i) {
      const std::string text = i < row.size() ? row[i] : std::string();
      std::size_t width = 0;
      for (const std::string_view line : text::split(text, '\n')) width = std::max(width, width_of(line));
      lines.push_back(wrapped_evenly(text, std::min(width, kWidest), words));
      widths[i] = std::max(widths[i], std::min(width, kWidest));
      for (const std::string& line : lines.back()) widths[i] = std::max(widths[i], width_of(line));
    }
  }
  std::string out;
  append_line(out, widths);
  std::vector<std::string> titles;
  for (const std::string& head : heads) titles.push_back(upper(head));
  append_row(out, titles, widths);
  append_line(out, widths);
  for (const auto& row : cells) {
    std::size_t height = 1;
    for (const auto& lines : row) height = std::max(height, lines.size());
    for (std::size_t line = 0; line < height; ++line) {
      std::vector<std::string> now;
      for (const auto& lines : row) now.push_back(line < lines.size() ? lines[line] : std::string());
      append_row(out, now, widths);
    }
    append_line(out, widths);
  }
  return out;
}

}  // namespace eclair::cli::compat
