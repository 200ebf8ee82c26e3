// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "report/columns.h"
#include "report/diff.h"
#include "report/json_parts.h"
#include "report/finding_columns.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace diff_render_detail {

/// One line: what happened, and to what. The same for a terminal and for Markdown.
struct ChangeLine {
  char sign = ' ';
  std::vector<Cell> cells;
};

std::string change(const std::string& was, const std::string& is) { return was == is ? is : was + " -> " + is; }

std::vector<Cell> finding_cells(const Report& report, const Finding& finding) {
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  return {{std::string(name(finding.severity)), color_of(finding.severity)}, {text::clean(finding.vulnerability, 80)}, {text::clean(package.name, 200)},
          {text::clean(package.version, 200)}, {fix_words(finding)}, {layer_words(report, finding.layer)}};
}

std::vector<ChangeLine> finding_rows(const Report& before, const Report& now, const Difference& d, const View& view) {
  std::vector<ChangeLine> out;
  for (const std::uint32_t one : d.findings_added) {
    if (shown(now, now.findings[one], view)) out.push_back({'+', finding_cells(now, now.findings[one])});
  }
  for (const std::uint32_t one : d.findings_removed) {
    if (shown(before, before.findings[one], view)) out.push_back({'-', finding_cells(before, before.findings[one])});
  }
  for (const auto& [old, fresh] : d.findings_changed) {
    const Finding &was = before.findings[old], &is = now.findings[fresh];
    if (!shown(now, is, view)) continue;
    std::vector<Cell> cells = finding_cells(now, is);
    cells[0].text = change(std::string(name(was.severity)), std::string(name(is.severity)));
    cells[4].text = change(fix_words(was), fix_words(is));
    if (is.text.exploited && !was.text.exploited) cells[1].text += " (now exploited)";
    out.push_back({'~', std::move(cells)});
  }
  return out;
}

std::vector<ChangeLine> package_rows(const Report& before, const Report& now, const Difference& d) {
  const auto cells = [](const Report& report, const Occurrence& one) {
    return std::vector<Cell>{{text::clean(one.package.name, 200)}, {text::clean(one.package.version, 200)}, {text::clean(one.package.arch, 40)}, {layer_words(report, one.layer)}};
  };
  std::vector<ChangeLine> out;
  for (const std::uint32_t one : d.packages_added) out.push_back({'+', cells(now, now.inventory.packages[one])});
  for (const std::uint32_t one : d.packages_removed) out.push_back({'-', cells(before, before.inventory.packages[one])});
  for (const auto& [old, fresh] : d.packages_changed) {
    std::vector<Cell> row = cells(now, now.inventory.packages[fresh]);
    row[1].text = change(text::clean(before.inventory.packages[old].package.version, 200), row[1].text);
    out.push_back({'~', std::move(row)});
  }
  return out;
}

const std::vector<Column> kFindingTitles = {{""}, {"SEVERITY", 10}, {"VULNERABILITY", 14}, {"PACKAGE"}, {"INSTALLED", 0, true}, {"FIXED IN", 0, true}, {"LAYER"}};
const std::vector<Column> kPackageTitles = {{""}, {"PACKAGE"}, {"VERSION"}, {"ARCH", 0, false, 1}, {"LAYER"}};

std::string counts_words(std::string_view what, std::size_t added, std::size_t removed, std::size_t changed, std::uint64_t same) {
  return std::string(what) + ": " + std::to_string(added) + " added, " + std::to_string(removed) + " removed, " + std::to_string(changed) + " changed, " +
         std::to_string(same) + " the same";
}
std::string findings_line(const Difference& d) {
  return counts_words("Findings", d.findings_added.size(), d.findings_removed.size(), d.findings_changed.size(), d.findings_same);
}
std::string packages_line(const Difference& d) {
  return counts_words("Packages", d.packages_added.size(), d.packages_removed.size(), d.packages_changed.size(), d.packages_same);
}

/// "shop:1.4   sha256:6c3c624b58db   advisories of 2026-08-21 05:40 UTC"
std::string side(const Report& report) {
  std::string out = text::clean(report.image.name, 300);
  if (!report.image.digest.empty()) out += "   sha256:" + std::string(report.image.digest.brief());
  const UnixTime data = data_time(report);
  if (data == 0) return out + "   no advisory data";
  const std::string day = rfc3339(data);
  out += "   advisories of " + day.substr(0, 10) + " " + day.substr(11, 5) + " UTC";
  return report.reference_time() == report.generated_at ? out : out + " (as known on " + rfc3339(report.judged_at).substr(0, 10) + ")";
}

std::string laid_out(const std::vector<Column>& columns, const std::vector<ChangeLine>& rows, const View& view) {
  std::vector<std::vector<Cell>> out;
  for (const ChangeLine& row : rows) {
    std::vector<Cell> cells = {{std::string(1, row.sign)}};
    cells.insert(cells.end(), row.cells.begin(), row.cells.end());
    out.push_back(std::move(cells));
  }
  return lay_out(columns, out, view);
}

/// Text of a cell of a Markdown table.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else {
      if (std::string_view("|\\`*_[]~").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_table(const std::vector<Column>& columns, const std::vector<ChangeLine>& rows) {
  std::string out, rule;
  for (const Column& column : columns) {
    out += "| " + std::string(column.title) + " ";
    rule += "| --- ";
  }
  out += "|\n" + rule + "|\n";
  for (const ChangeLine& row : rows) {
    out += "| " + escaped(std::string(1, row.sign)) + " ";
    for (const Cell& cell : row.cells) out += "| " + escaped(cell.text) + " ";
    out += "|\n";
  }
  return out;
}

void write_side(json::Writer& w, std::string_view key, const Report& report) {
  w.key(key).begin_object().key("target");
  write_target(w, report);
  w.key("data");
  write_data(w, report);
  w.end_object();
}

void write_one(json::Writer& w, const Report& report, const Finding& finding) {
  w.begin_object().key("finding");
  write_finding(w, report, finding);
  w.key("package");
  write_package(w, report, report.inventory.packages[finding.package]);
}

}  // namespace diff_render_detail
using namespace diff_render_detail;

std::string render_diff_table(const Report& before, const Report& now, const Difference& difference, const View& view) {
  std::string out = "old  " + side(before) + "\nnew  " + side(now) + "\n\n" + findings_line(difference) + "\n";
  const std::vector<ChangeLine> findings = finding_rows(before, now, difference, view);
  if (!findings.empty()) out += laid_out(kFindingTitles, findings, view);
  out += "\n" + packages_line(difference) + "\n";
  const std::vector<ChangeLine> packages = package_rows(before, now, difference);
  return packages.empty() ? out : out + laid_out(kPackageTitles, packages, view);
}

std::string render_diff_markdown(const Report& before, const Report& now, const Difference& difference, const View& view) {
  std::string out = "Old: " + escaped(side(before)) + "  \nNew: " + escaped(side(now)) + "\n\n**" + findings_line(difference) + "**\n";
  const std::vector<ChangeLine> findings = finding_rows(before, now, difference, view);
  if (!findings.empty()) out += "\n" + markdown_table(kFindingTitles, findings);
  out += "\n**" + packages_line(difference) + "**\n";
  const std::vector<ChangeLine> packages = package_rows(before, now, difference);
  return packages.empty() ? out : out + "\n" + markdown_table(kPackageTitles, packages);
}

std::string render_diff_json(const Report& before, const Report& now, const Difference& difference, const View& view) {
  json::Writer w(view.pretty);
  w.begin_object().member("schema_version", kSchemaVersion);
  w.key("tool").begin_object().member("name", "eclair").member("version", now.tool_version).end_object();
  write_side(w, "old", before);
  write_side(w, "new", now);
  w.key("findings").begin_object().key("added").begin_array();
  for (const std::uint32_t one : difference.findings_added) {
    if (!shown(now, now.findings[one], view)) continue;
    write_one(w, now, now.findings[one]);
    w.end_object();
  }
  w.end_array().key("removed").begin_array();
  for (const std::uint32_t one : difference.findings_removed) {
    if (!shown(before, before.findings[one], view)) continue;
    write_one(w, before, before.findings[one]);
    w.end_object();
  }
  w.end_array().key("changed").begin_array();
  for (const auto& [old, fresh] : difference.findings_changed) {
    if (!shown(now, now.findings[fresh], view)) continue;
    const Finding& was = before.findings[old];
    write_one(w, now, now.findings[fresh]);
    w.key("was").begin_object().member("severity", name(was.severity)).member("status", name(was.status)).key("fixed_in");
    if (was.fixed_in.empty()) w.null();
    else w.string(was.fixed_in);
    w.member("known_exploited", was.text.exploited.has_value()).end_object().end_object();
  }
  w.end_array().end_object().key("packages").begin_object().key("added").begin_array();
  for (const std::uint32_t one : difference.packages_added) write_package(w, now, now.inventory.packages[one]);
  w.end_array().key("removed").begin_array();
  for (const std::uint32_t one : difference.packages_removed) write_package(w, before, before.inventory.packages[one]);
  w.end_array().key("changed").begin_array();
  for (const auto& [old, fresh] : difference.packages_changed) {
    w.begin_object().key("was");
    write_package(w, before, before.inventory.packages[old]);
    w.key("is");
    write_package(w, now, now.inventory.packages[fresh]);
    w.end_object();
  }
  w.end_array().end_object();
  const auto counts = [&](std::string_view key, std::size_t added, std::size_t removed, std::size_t changed, std::uint64_t same) {
    w.key(key).begin_object().member("added", static_cast<std::int64_t>(added)).member("removed", static_cast<std::int64_t>(removed));
    w.member("changed", static_cast<std::int64_t>(changed)).member("same", static_cast<std::int64_t>(same)).end_object();
  };
  w.key("summary").begin_object();
  counts("findings", difference.findings_added.size(), difference.findings_removed.size(), difference.findings_changed.size(), difference.findings_same);
  counts("packages", difference.packages_added.size(), difference.packages_removed.size(), difference.packages_changed.size(), difference.packages_same);
  w.end_object().end_object();
  return w.take() + "\n";
}

}  // namespace eclair::report
