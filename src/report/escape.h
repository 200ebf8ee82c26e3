// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Text that strangers wrote, put into a format so that it stays text. All take what text::clean() gave: no control characters and no line
/// ends, UTF-8. Pure.
namespace eclair::report {

/// For XML and HTML, in text and in quoted attributes. Characters that XML 1.0 does not have become U+FFFD.
std::string markup(std::string_view cleaned);

/// A cell, in quotes where it needs them. What a spreadsheet would take for a formula gets a "'" in front.  source: RFC 4180; OWASP, "CSV Injection"
std::string csv_cell(std::string_view cleaned);
std::string tsv_cell(std::string_view cleaned);

/// Within a line or a table's cell: neither emphasis nor link nor tag nor entity nor the end of a cell; no address becomes a link by itself.
/// source: github.github.com/gfm
std::string markdown_text(std::string_view cleaned);
/// The same at the beginning of a line, where it begins no heading, list or quotation either.
std::string markdown_paragraph(std::string_view cleaned);
/// As code, also within a table.
std::string markdown_code(std::string_view cleaned);

}  // namespace eclair::report
