// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// A row for each finding, for spreadsheets and scripts.  source: RFC 4180; owasp.org "CSV Injection"
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "match/match.h"
#include "report/escape.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace csv_detail {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::array<std::string_view, 17> kColumns = {"target", "digest",        "layer",    "base",   "package",  "version", "type", "purl", "path",
                                                       "vulnerability", "severity", "status", "fixed_in", "cvss",    "epss", "kev",  "url"};
using Row = std::array<std::string, kColumns.size()>;

Row row_of(const Report& report, const Told& told) {
  const Finding& finding = *told.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  const VulnerabilityText::Cvss* const cvss = match::cvss_of(finding.text);
  std::string exploited;
  if (finding.text.exploited) exploited = finding.text.exploited->added == 0 ? "yes" : day(finding.text.exploited->added);
  return {text::clean(report.image.name),
          text::clean(report.image.digest.text),
          finding.layer == 0 ? "" : std::to_string(finding.layer),
          std::string(origin_of(report, finding.layer)),
          text::clean(occurrence.package.name),
          text::clean(occurrence.package.version),
          text::clean(occurrence.package.type),
          purl_of(report, occurrence),
          occurrence.paths.empty() ? "" : text::clean(occurrence.paths.front()),
          text::clean(finding.vulnerability),
          std::string(name(finding.severity)),
          told.by == nullptr ? std::string(name(finding.status)) : "suppressed: " + text::clean(told.by->status),
          text::clean(finding.fixed_in),
          cvss == nullptr ? "" : decimal(cvss->score),
          finding.text.epss ? decimal(finding.text.epss->score) : "",
          std::move(exploited),
          link_of(finding)};
}

template <class Cells>
std::string line(const Cells& cells, std::string (*cell)(std::string_view), char between, std::string_view end) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += between;
    out += cell(cells[i]);
  }
  return out += end;
}

Result<> render(const Document& document, const View& view, const Sink& out, std::string (*cell)(std::string_view), char between, std::string_view end) {
  std::string text = line(kColumns, cell, between, end);
  for (const Report& report : document.reports) {
    for (const Told& told : told_findings(report, view)) {
      text += line(row_of(report, told), cell, between, end);
      if (text.size() >= kPiece) ECLAIR_CHECK_OK(out(std::exchange(text, {})));
    }
  }
  return out(text);
}

Result<> render_csv(const Document& document, const View& view, const Sink& out) { return render(document, view, out, &csv_cell, ',', "\r\n"); }
Result<> render_tsv(const Document& document, const View& view, const Sink& out) { return render(document, view, out, &tsv_cell, '\t', "\n"); }

}  // namespace csv_detail

namespace format {
const Format& csv() {
  static constexpr Format kOne = {"csv", "a row for each finding, by commas (RFC 4180)", &csv_detail::render_csv};
  return kOne;
}
const Format& tsv() {
  static constexpr Format kOne = {"tsv", "the same by tabs", &csv_detail::render_tsv};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
