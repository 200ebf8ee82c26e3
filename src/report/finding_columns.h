// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/columns.h"
#include "report/report.h"
#include "report/rows.h"

/// The columns of a table of findings.
namespace eclair::report {

enum class FindingColumn : std::uint8_t { severity, vulnerability, package, installed, fixed_in, layer, status, type, epss, cvss, kev, path, title, why };

/// The words of --columns, in the order of FindingColumn. "why" (who suppressed it) is chosen by nobody.
inline constexpr std::string_view kFindingColumns = "severity vulnerability package installed fixed-in layer status type epss cvss kev path title";

/// words: names are the columns, in that order; "+name" adds one and "-name" takes one away, from those named or from the default. Words that
/// are none are passed over.
/// with_path: whether PATH is one of the default.
std::vector<FindingColumn> choose_columns(const std::vector<std::string>& words, bool with_path);

/// Its title and how it gives way.
Column layout_of(FindingColumn column);

/// What a row is about: a finding (of several the first), one that is suppressed, or a package without any.
struct RowSubject {
  const Finding* finding = nullptr;
  std::uint32_t package = 0;       ///< index into Inventory::packages
  const Row* row = nullptr;        ///< whom it speaks for; may be null
  const Suppression* by = nullptr;
};
Cell cell_of(FindingColumn column, const Report& report, const RowSubject& subject, const View& view);

/// The shortest tail of a package's path that tells it from those of its namesakes; "" = it has none. Cleaned.
std::string path_tail(const Report& report, std::uint32_t package);

/// "1 base", "5 own" where the base image is known, else "1"; "" for layer 0.
std::string layer_words(const Report& report, std::uint32_t layer);

}  // namespace eclair::report
