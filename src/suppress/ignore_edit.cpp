// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/ignore_edit.h"

#include <algorithm>
#include <cstddef>

#include "suppress/ignore_file.h"
#include "util/text.h"

namespace eclair::suppress {
namespace ignore_edit_detail {

std::vector<std::string> lines_of(std::string_view document) {
  std::vector<std::string> out;
  for (const std::string_view line : text::split(document, '\n')) out.emplace_back(line);
  if (!out.empty() && out.back().empty()) out.pop_back();  // what follows the last line end
  return out;
}
std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

bool is_comment(std::string_view line) { return text::trim(line).substr(0, 1) == "#"; }
bool is_blank(std::string_view line) { return text::trim(line).empty(); }

/// In double quotes, as YAML reads it.
std::string quoted_yaml(std::string_view s) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : s) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20 || byte == 0x7f) out += std::string("\\x") + kHex[byte >> 4] + kHex[byte & 15];
    else out += c;
  }
  return out + "\"";
}
std::string plain_or_quoted(std::string_view s) {
  const bool plain = !s.empty() && (text::is_alpha(s[0]) || text::is_digit(s[0])) &&
                     std::all_of(s.begin(), s.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_' || c == '.'; });
  return plain ? std::string(s) : quoted_yaml(s);
}

std::vector<std::string> yaml_lines(const NewEntry& entry, const std::string& indent) {
  std::vector<std::string> out = {indent + "- id: " + plain_or_quoted(entry.id)};
  const auto add = [&](std::string_view key, const std::string& value, bool quote) {
    if (!value.empty()) out.push_back(indent + "  " + std::string(key) + ": " + (quote ? quoted_yaml(value) : plain_or_quoted(value)));
  };
  const auto add_list = [&](std::string_view key, const std::vector<std::string>& values) {
    if (values.empty()) return;
    std::string list;
    for (const std::string& one : values) list += (list.empty() ? "" : ", ") + quoted_yaml(one);
    out.push_back(indent + "  " + std::string(key) + ": [" + list + "]");
  };
  add("reason", entry.reason, true);
  add("expires", entry.expires, false);
  if (!entry.justification.empty()) add("status", "not_affected", false);
  add("justification", entry.justification, false);
  add_list("packages", entry.packages);
  add_list("paths", entry.paths);
  add_list("images", entry.images);
  add("owner", entry.owner, true);
  add("ticket", entry.ticket, true);
  return out;
}

/// The list below "ignore:".
struct Block {
  std::size_t head = 0;   ///< the line "ignore:"
  std::size_t end = 0;    ///< behind its last line
  std::string indent;     ///< of its entries
  bool found = false, flow = false;
};

Block block_of(const std::vector<std::string>& lines) {
  Block out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].substr(0, 7) != "ignore:") continue;
    out.found = true;
    out.head = i;
    std::string_view rest = text::trim(std::string_view(lines[i]).substr(7));
    rest = text::trim(rest.substr(0, rest.find('#')));
    out.flow = !rest.empty() && rest != "[]" && rest != "~" && rest != "null";
    break;
  }
  out.end = out.head + 1;
  out.indent = "  ";
  bool first = true;
  for (std::size_t i = out.end; out.found && i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (is_blank(line) || (is_comment(line) && line[0] == '#')) continue;  // it counts when more of the list follows
    if (line[0] != ' ' && line[0] != '-') break;
    out.end = i + 1;
    const std::size_t dash = line.find_first_not_of(' ');
    if (first && dash != std::string::npos && line[dash] == '-') {
      out.indent = line.substr(0, dash);
      first = false;
    }
  }
  return out;
}

std::string ids_of(const Source& source) {
  std::string out;
  for (const Statement& one : source.statements) out += one.by.rule + "\n";
  return out;
}

Result<std::string> checked(std::string document, const std::string& file, const std::string& ids) {
  auto read = read_ignore_file(document, file);
  if (!read) return fail(std::move(read).error());
  if (ids_of(read->source) != ids) return fail(Error{Errc::invalid_input, file + ": written in a way that is not changed by a program", "change it by hand"});
  return document;
}

Result<IgnoreFile> editable(std::string_view document, const std::string& file) {
  ECLAIR_TRY(IgnoreFile read, read_ignore_file(document, file));
  if (read.shape != Shape::own && read.shape != Shape::plain) {
    return fail(Error{Errc::unsupported, file + ": a file of " + std::string(name(read.shape)) + ", which is only read", "entries of your own: .eclairignore.yaml"});
  }
  return read;
}

Result<std::string> plain_line(const std::string& file, const NewEntry& entry) {
  if (!entry.packages.empty() || !entry.paths.empty() || !entry.images.empty() || !entry.justification.empty() || !entry.owner.empty() || !entry.ticket.empty()) {
    return fail(Error{Errc::invalid_input, file + ": a line holds an id, a day and a reason alone", "entries with more: --ignorefile .eclairignore.yaml"});
  }
  std::string out = entry.id;
  if (!entry.expires.empty()) out += " exp:" + entry.expires;
  return entry.reason.empty() ? out : out + " # " + text::clean(entry.reason, 1000);
}

}  // namespace ignore_edit_detail
using namespace ignore_edit_detail;

Result<std::string> with_entry(std::string_view document, const std::string& file, const NewEntry& entry) {
  std::vector<std::string> lines = lines_of(document);
  const bool nothing = std::all_of(lines.begin(), lines.end(), [](const std::string& line) { return is_blank(line) || is_comment(line); });
  const bool yaml = file.ends_with(".yaml") || file.ends_with(".yml");
  if (nothing && yaml) {
    lines.emplace_back("version: 1");
    lines.emplace_back("ignore:");
    for (std::string& one : yaml_lines(entry, "  ")) lines.push_back(std::move(one));
    return checked(joined(lines), file, entry.id + "\n");
  }
  ECLAIR_TRY(const IgnoreFile read, editable(document, file));
  const std::string ids = ids_of(read.source) + entry.id + "\n";
  if (read.shape == Shape::plain) {
    ECLAIR_TRY(std::string line, plain_line(file, entry));
    lines.push_back(std::move(line));
    return checked(joined(lines), file, ids);
  }
  Block block = block_of(lines);
  if (block.flow) return fail(Error{Errc::invalid_input, file + ": its list is written on one line", "change it by hand"});
  if (!block.found) {
    lines.emplace_back("ignore:");
    block = block_of(lines);
  } else if (block.end == block.head + 1) {
    lines[block.head] = "ignore:";
  }
  std::vector<std::string> more = yaml_lines(entry, block.indent);
  lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(block.end), more.begin(), more.end());
  return checked(joined(lines), file, ids);
}

Result<std::string> without_entries(std::string_view document, const std::string& file, const std::vector<std::uint32_t>& gone) {
  ECLAIR_TRY(const IgnoreFile read, editable(document, file));
  const std::vector<std::string> lines = lines_of(document);
  const Block block = block_of(lines);
  if (read.shape == Shape::own && block.flow) return fail(Error{Errc::invalid_input, file + ": its list is written on one line", "change it by hand"});
  const auto goes = [&](std::uint32_t line) { return std::find(gone.begin(), gone.end(), line) != gone.end(); };
  std::vector<bool> keep(lines.size(), true);
  std::string ids;
  const std::vector<Statement>& all = read.source.statements;
  const auto begin_of = [&](std::size_t entry) {  // with the comments right above it
    std::size_t at = all[entry].by.line - 1;
    while (at > block.head + 1 && read.shape == Shape::own && is_comment(lines[at - 1])) --at;
    return at;
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!goes(all[i].by.line)) {
      ids += all[i].by.rule + "\n";
      continue;
    }
    const std::size_t begin = begin_of(i);
    const std::size_t end = read.shape == Shape::plain ? begin + 1 : i + 1 < all.size() ? begin_of(i + 1) : block.end;
    for (std::size_t k = begin; k < end && k < keep.size(); ++k) keep[k] = false;
  }
  std::vector<std::string> left;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (keep[i]) left.push_back(lines[i]);
  }
  return checked(joined(left), file, ids);
}

}  // namespace eclair::suppress
