// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// A table for comments and for $GITHUB_STEP_SUMMARY, which takes no more than a mebibyte.
// source: github.github.com/gfm (escapes, tables, autolinks); docs.github.com, workflow commands, "Adding a job summary"
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "report/escape.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace markdown_detail {

constexpr std::size_t kMost = (1u << 20) - 4096;  // of rows; the rest is for what stands below them

std::string linked(const Finding& finding) { return "[" + markdown_text(text::clean(finding.vulnerability, 80)) + "](" + link_of(finding) + ")"; }

std::string row_of(const Report& report, const Told& told) {
  const Finding& finding = *told.finding;
  const Occurrence& occurrence = occurrence_of(report, finding);
  std::string severity(name(finding.severity));
  if (finding.severity >= Severity::high) severity = "**" + severity + "**";
  if (finding.text.exploited) severity += " exploited";
  if (told.by != nullptr) severity = "~~" + std::string(name(finding.severity)) + "~~";
  std::string fix = finding.fixed_in.empty() ? markdown_text(fix_state(finding)) : markdown_code(text::clean(finding.fixed_in, 200));
  if (told.by != nullptr) fix = "suppressed: " + markdown_text(text::clean(told.by->reason.empty() ? told.by->status : told.by->reason, 200));
  const std::string_view origin = origin_of(report, finding.layer);
  std::string layer = finding.layer == 0 ? "" : std::to_string(finding.layer);
  if (!origin.empty()) layer += " " + std::string(origin);
  return "| " + severity + " | " + linked(finding) + " | " + markdown_code(text::clean(occurrence.package.name, 200)) + " | " +
         markdown_code(text::clean(occurrence.package.version, 200)) + " | " + fix + " | " + layer + " |\n";
}

std::string head(const Report& report) {
  std::string out = "## " + markdown_text(text::clean(report.image.name, 300)) + "\n\n";
  const auto layers = std::count_if(report.image.history.begin(), report.image.history.end(), [](const LayerInfo& one) { return !one.empty; });
  out += markdown_paragraph(os_name(report.inventory.systems.empty() ? Os{} : report.inventory.systems[0])) + ", " + plural(report.inventory.packages.size(), "package");
  if (layers > 0) out += " in " + plural(static_cast<std::uint64_t>(layers), "layer");
  if (report.base && report.base->layers > 0) {
    out += " (" + std::to_string(report.base->layers) + " of base image" + (report.base->name.empty() ? "" : " " + markdown_code(text::clean(report.base->name, 200))) + ")";
  }
  if (!report.image.platform.os.empty()) out += ", " + markdown_text(text::clean(report.image.platform.text(), 60));
  if (!report.image.digest.empty()) out += ", " + markdown_code(text::clean(report.image.digest.text, 140));
  out += "  \n";
  const UnixTime data = data_time(report);
  out += data == 0 ? "no advisory data\n" : "advisories of " + minute(data) + ", snapshot " + markdown_code(text::clean(std::string_view(report.snapshot).substr(0, 12))) + "\n";
  return out;
}

std::string summary(const Report& report) {
  const Counts counts = count(report);
  std::string out;
  for (const Severity s : {Severity::unknown, Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    out += (out.empty() ? "" : ", ") + capitalised(s) + ": " + std::to_string(counts.by_severity[static_cast<std::size_t>(s)]);
  }
  out = "**" + out + "** (fixable: " + std::to_string(counts.fixable);
  if (!report.suppressed.empty()) out += ", suppressed: " + std::to_string(report.suppressed.size());
  return out + ")\n";
}

std::string notes(const Report& report) {
  std::string out;
  for (const Coverage& one : report.coverage) {
    if (out.size() > 2000) {
      out += "- ...\n";
      break;
    }
    out += std::string("- ") + (means_not_judged(one) ? "Not judged: " : "Note: ") + markdown_text(text::clean(one.message, 400)) + "\n";
  }
  for (const RuleResult& rule : report.policy) {
    if (!rule.passed && out.size() <= 3000) {
      out += "- Policy failed: " + markdown_code(text::clean(rule.rule, 200));
      if (!rule.findings.empty()) out += ", " + plural(rule.findings.size(), "finding");
      out += "\n";
    }
  }
  return out.empty() ? out : "\n" + out;
}

/// room: how many bytes its rows may take; what is least grave is left out then.
std::string one(const Report& report, const View& view, std::size_t room) {
  std::string out = head(report) + "\n" + summary(report);
  std::vector<Told> all = told_findings(report, view);
  if (!all.empty()) {
    std::vector<std::string> rows;
    std::size_t size = 0;
    for (const Told& told : all) size += rows.emplace_back(row_of(report, told)).size();
    std::size_t left_out = 0;
    if (size > room) {
      std::vector<std::size_t> worst_first(all.size());
      for (std::size_t i = 0; i < all.size(); ++i) worst_first[i] = i;
      std::stable_sort(worst_first.begin(), worst_first.end(), [&](std::size_t a, std::size_t b) {
        return std::make_pair(all[a].by != nullptr, -static_cast<int>(all[a].finding->severity)) < std::make_pair(all[b].by != nullptr, -static_cast<int>(all[b].finding->severity));
      });
      while (size > room && !worst_first.empty()) {
        size -= rows[worst_first.back()].size();
        rows[worst_first.back()].clear();
        worst_first.pop_back();
        ++left_out;
      }
    }
    out += "\n| Severity | Vulnerability | Package | Installed | Fixed in | Layer |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const std::string& row : rows) out += row;
    if (left_out > 0) out += "\n" + plural(left_out, "finding") + " of least severity left out: a summary takes no more than 1 MiB\n";
  } else if (count(report).total == 0) {
    const bool judged = !report.feeds.empty() && !std::any_of(report.coverage.begin(), report.coverage.end(), means_not_judged);
    out += judged ? "\nNo known vulnerabilities.\n" : "\nNo findings, but not all could be judged.\n";
  }
  const std::size_t hidden = report.findings.size() - std::min(report.findings.size(), shown_findings(report, view).size());
  if (hidden > 0) out += "\n" + plural(hidden, "finding") + " hidden by filters\n";
  return out + notes(report);
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  const std::size_t reports = std::max<std::size_t>(document.reports.size(), 1);
  // Headers and notes of a report take at most some 8 KiB.
  const std::size_t others = reports * 8192;
  const std::size_t room = kMost > others ? (kMost - others) / reports : 0;
  bool first = true;
  for (const Report& report : document.reports) {
    ECLAIR_CHECK_OK(out((first ? "" : "\n") + one(report, view, room)));
    first = false;
  }
  for (const Failure& failure : document.failures) {
    ECLAIR_CHECK_OK(out((first ? "" : "\n") + ("## " + markdown_text(text::clean(failure.target, 300))) + "\n\nNot scanned: " +
                        markdown_text(text::clean(failure.message, 1000)) + "\n"));
    first = false;
  }
  return {};
}

}  // namespace markdown_detail

namespace format {
const Format& markdown() {
  static constexpr Format kOne = {"markdown", "tables for comments and job summaries (GitHub's Markdown)", &markdown_detail::render, "md"};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
