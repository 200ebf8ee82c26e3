// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/byte_source.h"
#include "util/result.h"

namespace eclair::extract {

/// One paragraph of a control file, reduced to the fields that were asked for.
class Stanza {
 public:
  /// field: position in the list of names given to the reader. Trimmed; the lines of a folded value are joined by "\n"; "" = absent.
  std::string_view operator[](std::size_t field) const { return fields_[field].value; }
  bool has(std::size_t field) const { return fields_[field].present; }
  /// Whether the value was longer than the reader keeps.
  bool cut(std::size_t field) const { return fields_[field].cut; }
  std::uint64_t line() const { return line_; }  ///< where it begins, from 1

 private:
  friend class Deb822Reader;
  struct Field {
    std::string value;
    bool present = false, cut = false;
  };
  std::vector<Field> fields_;
  std::uint64_t line_ = 0;
};

/// Reads paragraphs of "Field: value" lines: dpkg's status, opkg's, apt's .sources.
/// Field names are compared without case and the first of two equal ones counts. Folded lines, CR LF, comments, a byte order
/// mark, a missing last line end and NUL bytes (what a crash leaves) are taken; a line that is none of these is passed over and
/// counted. A paragraph may have any size: fields nobody asked for cost nothing, the others at most `field_bytes` each.
/// source: deb822(5); guillemj/dpkg: lib/dpkg/parse.c
class Deb822Reader {
 public:
  /// fields: names to keep, at most 32; the first is the one that begins a paragraph. They and `in` must outlive the reader.
  Deb822Reader(const ByteSource& in, std::span<const std::string_view> fields, std::size_t field_bytes);
  /// The next paragraph with at least one field, asked for or not; false at the end. errors: those of `in`.
  Result<bool> next(Stanza& stanza);

  std::uint64_t bad_lines() const { return bad_lines_; }
  std::uint64_t first_bad_line() const { return first_bad_line_; }  ///< its number; 0 = none

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  Result<bool> next_line(std::string_view& line);
  void bad_line();
  void fold(Stanza& stanza, std::string_view line) const;

  LineReader lines_;
  std::span<const std::string_view> fields_;
  std::size_t field_bytes_;
  std::string pending_;  // the first line of the next paragraph, where only that line told that it is one
  bool has_pending_ = false, in_field_ = false;
  std::size_t current_ = kNone;  // the asked field that folded lines belong to
  std::uint64_t bad_lines_ = 0, first_bad_line_ = 0;
};

}  // namespace eclair::extract
