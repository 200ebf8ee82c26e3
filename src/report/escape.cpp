// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/escape.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::report {
namespace escape_detail {

/// A spreadsheet takes a cell that begins so for a formula, whatever it holds; also in the wide forms of these characters.
bool is_formula(std::string_view cell) {
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  if (cell.empty()) return false;
  if (std::string_view("=+-@|%").find(cell.front()) != std::string_view::npos) return true;
  for (const std::string_view wide : {"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"}) {
    if (cell.substr(0, wide.size()) == wide) return true;
  }
  return false;
}

}  // namespace escape_detail

std::string markup(std::string_view cleaned) {
  std::string out;
  out.reserve(cleaned.size());
  for (std::size_t i = 0; i < cleaned.size(); ++i) {
    const char c = cleaned[i];
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\xef':
        // U+FFFE and U+FFFF: nothing for XML, and nobody's text.
        if (cleaned.substr(i, 3) == "\xef\xbf\xbe" || cleaned.substr(i, 3) == "\xef\xbf\xbf") {
          out += "\xef\xbf\xbd";
          i += 2;
          break;
        }
        [[fallthrough]];
      default: out += c;
    }
  }
  return out;
}

std::string csv_cell(std::string_view cleaned) {
  std::string plain = tsv_cell(cleaned);
  if (plain.find_first_of(",\"") == std::string::npos && text::trim(plain) == plain) return plain;
  std::string out = "\"";
  for (const char c : plain) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

std::string tsv_cell(std::string_view cleaned) { return (escape_detail::is_formula(cleaned) ? "'" : "") + std::string(cleaned); }

std::string markdown_text(std::string_view cleaned) {
  std::string out;
  for (std::size_t i = 0; i < cleaned.size(); ++i) {
    const char c = cleaned[i];
    if ((c == 'w' || c == 'W') && text::iequals(cleaned.substr(i, 4), "www.")) {
      out += std::string(cleaned.substr(i, 3)) + "\\.";
      i += 3;
      continue;
    }
    if (std::string_view("\\`*_{}[]()<>#|~!&$^@").find(c) != std::string_view::npos) out += '\\';
    if (c == ':' && cleaned.substr(i, 3) == "://") out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_paragraph(std::string_view cleaned) {
  std::string out = markdown_text(cleaned);
  if (out.empty()) return out;
  if (std::string_view("-+=").find(out.front()) != std::string_view::npos) return "\\" + out;
  std::size_t digits = 0;  // "1." begins a list
  while (digits < out.size() && text::is_digit(out[digits])) ++digits;
  if (digits > 0 && digits < out.size() && out[digits] == '.') out.insert(digits, "\\");
  return out;
}

std::string markdown_code(std::string_view cleaned) {
  if (cleaned.empty()) return {};
  std::size_t run = 0, longest = 0;
  std::string inner;
  for (const char c : cleaned) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') inner += '\\';  // a cell ends before code does
    inner += c;
  }
  const std::string fence(longest + 1, '`');
  const bool pad = inner.front() == '`' || inner.back() == '`' || inner.front() == ' ';
  return fence + (pad ? " " : "") + inner + (pad ? " " : "") + fence;
}

}  // namespace eclair::report
