// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/finding_columns.h"

#include <algorithm>
#include <cstdio>

#include "match/match.h"
#include "model/package_kind.h"
#include "report/words.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::report {
namespace finding_columns_detail {

constexpr std::size_t kMostNamesakes = 200;  // that a path is told apart from; an image may hold any number
constexpr std::size_t kTitleKept = 30;       // of a title, before it goes altogether

std::string number(double value, int digits) {
  char out[32];
  (void)std::snprintf(out, sizeof out, "%.*f", digits, value);
  return out;
}

/// "libssl3 (+2: openssl, libcrypto)"; in little room "libssl3 +2".
Cell package_cell(const std::string& first, const std::vector<std::string>& also) {
  Cell out{text::clean(first, 200)};
  if (also.empty()) return out;
  const std::string count = "+" + std::to_string(also.size());
  out.brief = out.text + " " + count;
  out.text += " (" + count + ": " + text::clean(also[0], 60);
  if (also.size() > 1) out.text += ", " + text::clean(also[1], 60);
  out.text += also.size() > 2 ? ", ..)" : ")";
  return out;
}

/// "not affected: vulnerable code not present: minizip is not built (.eclairignore.yaml:3, until 2026-12-31)"
std::string why(const Suppression& by) {
  std::string out = by.status.empty() ? by.kind : by.status;
  for (const std::string* const more : {&by.justification, &by.reason}) {
    if (!more->empty()) out += ": " + *more;
  }
  std::replace(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(std::min(out.size(), by.status.size() + by.justification.size() + 2)), '_', ' ');
  std::string place = by.file.empty() ? by.kind : by.file;
  if (by.line > 0) place += ":" + std::to_string(by.line);
  if (!by.expires.empty()) place += ", until " + by.expires;
  return text::clean(out + " (" + place + ")", 400);
}

Cell of_finding(FindingColumn column, const Report& report, const RowSubject& subject, const View& view) {
  const Finding& finding = *subject.finding;
  switch (column) {
    case FindingColumn::severity: return {std::string(name(finding.severity)) + (finding.text.exploited ? " !" : ""), color_of(finding.severity)};
    case FindingColumn::vulnerability: {
      std::string id = text::clean(finding.vulnerability, 80);
      const std::size_t together = subject.row == nullptr ? 1 : subject.row->findings.size();
      if (together > 1) id += "  +" + std::to_string(together - 1);
      return {std::move(id), Color::none, {}, view.hyperlinks ? link_of(finding) : std::string()};
    }
    case FindingColumn::fixed_in: return {fix_words(finding)};
    case FindingColumn::status: return {spoken(finding.status)};
    case FindingColumn::epss: return {finding.text.epss ? number(finding.text.epss->score, 4) : ""};
    case FindingColumn::cvss: {
      const VulnerabilityText::Cvss* const cvss = match::cvss_of(finding.text);
      return {cvss == nullptr ? "" : number(cvss->score, 1)};
    }
    case FindingColumn::kev: {
      if (!finding.text.exploited) return {""};
      return {finding.text.exploited->added > 0 ? rfc3339(finding.text.exploited->added).substr(0, 10) : "yes"};
    }
    case FindingColumn::title: return {text::clean(finding.text.title, 300)};
    case FindingColumn::why: return {subject.by == nullptr ? "" : why(*subject.by)};
    case FindingColumn::package:
    case FindingColumn::installed:
    case FindingColumn::layer:
    case FindingColumn::type:
    case FindingColumn::path:
      break;  // of the package: below
  }
  (void)report;
  return {""};
}

}  // namespace finding_columns_detail

std::vector<FindingColumn> choose_columns(const std::vector<std::string>& words, bool with_path) {
  const auto all = text::words(kFindingColumns);
  std::vector<FindingColumn> out;
  const bool replaces = std::any_of(words.begin(), words.end(), [](const std::string& w) { return !w.starts_with('+') && !w.starts_with('-'); });
  if (!replaces) {
    for (int i = 0; i <= static_cast<int>(FindingColumn::layer); ++i) out.push_back(static_cast<FindingColumn>(i));
    if (with_path) out.push_back(FindingColumn::path);
  }
  for (const std::string& word : words) {
    const bool adds = word.starts_with('+'), removes = word.starts_with('-');
    const auto at = std::find(all.begin(), all.end(), std::string_view(word).substr(adds || removes ? 1 : 0));
    if (at == all.end()) continue;
    const auto column = static_cast<FindingColumn>(at - all.begin());
    const auto there = std::find(out.begin(), out.end(), column);
    if (removes && there != out.end()) out.erase(there);
    if (!removes && there == out.end()) out.push_back(column);
  }
  return out;
}

Column layout_of(FindingColumn column) {
  switch (column) {
    case FindingColumn::severity: return {.title = "SEVERITY", .least = 10};
    case FindingColumn::vulnerability: return {.title = "VULNERABILITY", .least = 14};
    case FindingColumn::package: return {.title = "PACKAGE"};
    case FindingColumn::installed: return {.title = "INSTALLED", .may_shorten = true};
    case FindingColumn::fixed_in: return {.title = "FIXED IN", .may_shorten = true};
    case FindingColumn::layer: return {.title = "LAYER"};
    case FindingColumn::status: return {.title = "STATUS"};
    case FindingColumn::type: return {.title = "TYPE"};
    case FindingColumn::epss: return {.title = "EPSS"};
    case FindingColumn::cvss: return {.title = "CVSS"};
    case FindingColumn::kev: return {.title = "KEV"};
    case FindingColumn::path: return {.title = "PATH", .may_go = 1};
    case FindingColumn::title: return {.title = "TITLE", .may_go = 2, .kept = finding_columns_detail::kTitleKept};
    case FindingColumn::why: return {.title = "WHY", .kept = finding_columns_detail::kTitleKept};
  }
  return {};
}

Cell cell_of(FindingColumn column, const Report& report, const RowSubject& subject, const View& view) {
  const Occurrence& occurrence = report.inventory.packages[subject.package];
  switch (column) {
    case FindingColumn::package:
      return finding_columns_detail::package_cell(occurrence.package.name, subject.row == nullptr ? std::vector<std::string>{} : subject.row->also_packages);
    case FindingColumn::installed: return {text::clean(occurrence.package.version, 200)};
    case FindingColumn::layer: {
      std::string out = layer_words(report, subject.finding == nullptr ? occurrence.layer : subject.finding->layer);
      if (occurrence.removed_in > 0) out += ", gone in " + std::to_string(occurrence.removed_in);
      return {std::move(out)};
    }
    case FindingColumn::type: return {text::clean(occurrence.package.type, 40)};
    case FindingColumn::path: {
      // Where a distribution keeps its database is no news, unless somebody asks.
      const bool told = !view.columns.empty() || !is_system_type(occurrence.package.type);
      return {told ? path_tail(report, subject.package) : ""};
    }
    case FindingColumn::severity:
    case FindingColumn::vulnerability:
      if (subject.finding == nullptr) return {"-"};
      break;
    case FindingColumn::fixed_in:
    case FindingColumn::status:
    case FindingColumn::epss:
    case FindingColumn::cvss:
    case FindingColumn::kev:
    case FindingColumn::title:
    case FindingColumn::why:
      break;
  }
  return subject.finding == nullptr ? Cell{""} : finding_columns_detail::of_finding(column, report, subject, view);
}

std::string path_tail(const Report& report, std::uint32_t package) {
  const Occurrence& mine = report.inventory.packages[package];
  if (mine.paths.empty()) return {};
  const auto components = text::split(mine.paths[0], '/');
  const auto tail_of = [](std::string_view path, std::size_t count) {
    const auto parts = text::split(path, '/');
    std::string out;
    for (std::size_t i = parts.size() > count ? parts.size() - count : 0; i < parts.size(); ++i) out += (out.empty() ? "" : "/") + std::string(parts[i]);
    return out;
  };
  for (std::size_t count = 1; count <= components.size(); ++count) {
    const std::string tail = tail_of(mine.paths[0], count);
    bool unique = true;
    // Packages are sorted by type and name: namesakes are neighbours.
    const auto same = [&](std::size_t i) {
      const Occurrence& other = report.inventory.packages[i];
      return other.package.type == mine.package.type && other.package.name == mine.package.name;
    };
    const std::size_t most = finding_columns_detail::kMostNamesakes;
    const std::size_t first = package > most ? package - most : 0;
    const std::size_t end = std::min<std::size_t>(report.inventory.packages.size(), package + most);
    for (std::size_t i = package; i-- > first && same(i) && unique;) {
      unique = report.inventory.packages[i].paths.empty() || tail_of(report.inventory.packages[i].paths[0], count) != tail;
    }
    for (std::size_t i = package + 1; i < end && same(i) && unique; ++i) {
      unique = report.inventory.packages[i].paths.empty() || tail_of(report.inventory.packages[i].paths[0], count) != tail;
    }
    if (unique) return text::clean(tail, 200);
  }
  return text::clean(mine.paths[0], 200);
}

std::string layer_words(const Report& report, std::uint32_t layer) {
  if (layer == 0) return {};
  return std::to_string(layer) + (!report.base ? "" : in_base(report, layer) ? " base" : " own");
}

}  // namespace eclair::report
