// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/go_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <map>
#include <optional>

#include "util/go_json.h"
#include "util/json.h"

namespace eclair::cli::compat {
namespace go_text_detail {

std::string repeated(std::string_view what, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += what;
  return out;
}

void append_sorted(std::string& out, const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      out += "null";
      return;
    case json::Kind::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case json::Kind::string:
      go_json::append_string(out, value.string());
      return;
    case json::Kind::number:
      if (const auto whole = value.integer()) {
        out += std::to_string(*whole);
      } else {
        char buffer[40];
        std::snprintf(buffer, sizeof buffer, "%.15g", value.number().value_or(0));
        out += buffer;
      }
      return;
    case json::Kind::array: {
      out += '[';
      bool first = true;
      value.each([&](json::Value one) {
        if (!first) out += ',';
        first = false;
        append_sorted(out, one);
        return true;
      });
      out += ']';
      return;
    }
    case json::Kind::object: {
      std::map<std::string, json::Value> members;
      value.each_member([&](std::string_view key, json::Value one) {
        members.insert_or_assign(std::string(key), one);
        return true;
      });
      out += '{';
      bool first = true;
      for (const auto& member : members) {
        if (!first) out += ',';
        first = false;
        go_json::append_string(out, member.first);
        out += ':';
        append_sorted(out, member.second);
      }
      out += '}';
      return;
    }
  }
}

/// Characters, which is what tabwriter counts.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace go_text_detail
using namespace go_text_detail;

std::string indented(std::string_view json, std::string_view step) {
  std::string out;
  std::size_t depth = 0;
  bool in_string = false;
  const auto new_line = [&] { out += "\n" + repeated(step, depth); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_string) {
      out += c;
      if (c == '\\' && i + 1 < json.size()) out += json[++i];
      in_string = c != '"';
      continue;
    }
    switch (c) {
      case '"':
        in_string = true;
        out += c;
        break;
      case '{':
      case '[':
        out += c;
        if (i + 1 < json.size() && (json[i + 1] == '}' || json[i + 1] == ']')) {
          out += json[++i];
        } else {
          ++depth;
          new_line();
        }
        break;
      case '}':
      case ']':
        if (depth > 0) --depth;
        new_line();
        out += c;
        break;
      case ',':
        out += c;
        new_line();
        break;
      case ':':
        out += ": ";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string sorted_members(std::string_view json) {
  json::Document document;
  const auto value = document.parse(json);
  std::string out;
  if (value) append_sorted(out, *value);
  return out;
}

std::string tab_aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::size_t>> widths(rows.size());
  std::size_t columns = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    widths[i].assign(rows[i].size(), 0);
    columns = std::max(columns, rows[i].size());
  }
  for (std::size_t column = 0; column < columns; ++column) {
    for (std::size_t begin = 0; begin < rows.size();) {
      // The last cell of a row has no tab behind it, and is of no column.
      if (rows[begin].size() < column + 2) {
        ++begin;
        continue;
      }
      std::size_t end = begin, width = 0;
      for (; end < rows.size() && rows[end].size() >= column + 2; ++end) width = std::max(width, characters(rows[end][column]));
      for (std::size_t i = begin; i < end; ++i) widths[i][column] = width + 1;
      begin = end;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t column = 0; column < rows[i].size(); ++column) {
      const std::string& cell = rows[i][column];
      out += cell;
      const std::size_t width = characters(cell);
      if (widths[i][column] > width) out.append(widths[i][column] - width, ' ');
    }
    out += '\n';
  }
  return out;
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  const std::string whole = go_json::repaired(text);
  for (const char c : whole) {
    switch (c) {
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\t':
        out += "&#x9;";
        break;
      case '\n':
        out += "&#xA;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        out += static_cast<unsigned char>(c) < 0x20 ? std::string("\xEF\xBF\xBD") : std::string(1, c);
    }
  }
  return out;
}

}  // namespace eclair::cli::compat
