// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb822.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::extract {
namespace deb822_detail {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// The field name a line begins with; "" when it has none.
std::string_view name_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = text::trim(line.substr(0, colon));
  const bool odd = std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
  return odd ? std::string_view{} : name;
}

}  // namespace deb822_detail

Deb822Reader::Deb822Reader(const ByteSource& in, std::span<const std::string_view> fields, std::size_t field_bytes)
    : lines_(in, field_bytes + 1024), fields_(fields), field_bytes_(field_bytes) {}

void Deb822Reader::bad_line() {
  if (bad_lines_++ == 0) first_bad_line_ = lines_.line_number();
}

Result<bool> Deb822Reader::next_line(std::string_view& line) {
  if (has_pending_) {
    has_pending_ = false;
    line = pending_;
    return true;
  }
  ECLAIR_TRY(const bool more, lines_.next(line));
  if (!more) return false;
  if (lines_.line_number() == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  if (line.starts_with('\0')) {
    bad_line();
    line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
  }
  return true;
}

void Deb822Reader::fold(Stanza& stanza, std::string_view line) const {
  if (current_ == kNone) return;
  Stanza::Field& field = stanza.fields_[current_];
  if (field.cut) return;
  const std::string_view more = text::trim(line);
  if (field.value.size() + more.size() + 1 > field_bytes_) {
    field.cut = true;
    return;
  }
  field.value.append("\n").append(more);
}

Result<bool> Deb822Reader::next(Stanza& stanza) {
  using namespace deb822_detail;
  stanza.fields_.resize(fields_.size());
  for (Stanza::Field& field : stanza.fields_) {
    field.value.clear();
    field.present = field.cut = false;
  }
  bool begun = false, after_blanks = false;
  in_field_ = false;
  current_ = kNone;
  std::string_view line;
  while (true) {
    ECLAIR_TRY(const bool more, next_line(line));
    if (!more) return begun;
    if (line.empty()) {
      if (begun) return true;
      in_field_ = false;
      continue;
    }
    if (line.front() == '#') continue;
    if (is_blank(line.front())) {
      // A line of blanks alone ends a paragraph for some writers and belongs to a folded text for others: the next line tells.
      if (text::trim(line).empty()) {
        after_blanks = begun;
      } else if (in_field_) {
        fold(stanza, line);
      } else {
        bad_line();
      }
      continue;
    }
    const std::string_view name = name_of(line);
    if (name.empty()) {
      bad_line();
      current_ = kNone;
      continue;
    }
    const auto asked = std::find_if(fields_.begin(), fields_.end(), [name](std::string_view field) { return text::iequals(field, name); });
    if (after_blanks && asked == fields_.begin() && stanza.fields_.front().present) {
      pending_ = std::string(line);
      has_pending_ = true;
      return true;
    }
    after_blanks = false;
    if (!begun) stanza.line_ = lines_.line_number();
    begun = in_field_ = true;
    current_ = kNone;
    if (asked == fields_.end()) continue;
    const auto place = static_cast<std::size_t>(asked - fields_.begin());
    Stanza::Field& field = stanza.fields_[place];
    if (field.present) continue;
    current_ = place;
    field.present = true;
    const std::string_view value = text::trim(line.substr(line.find(':') + 1));
    field.cut = lines_.cut() || value.size() > field_bytes_;
    field.value.assign(value.substr(0, field_bytes_));
  }
}

}  // namespace eclair::extract
