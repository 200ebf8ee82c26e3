// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "model/package_kind.h"
#include "report/columns.h"
#include "report/finding_columns.h"
#include "report/hidden.h"
#include "report/report.h"
#include "report/rows.h"
#include "report/words.h"
#include "util/text.h"

/// The report for people: who the image is, what threatens it, what was not looked at. Rules: docs/user/cli.md, "The table".
namespace eclair::report {
namespace table_detail {

constexpr std::size_t kFewRows = 40;  // so many are shown whole on a terminal

// ---- header

std::string os_name(const Os& os) {
  if (!os) return "unknown distribution";
  if (os.pretty.empty()) return text::clean(os.id + (os.version.empty() ? "" : " " + os.version), 80);
  std::string pretty = text::clean(os.pretty, 80);
  const std::size_t at = pretty.find(" GNU/Linux");
  if (at != std::string::npos) pretty.erase(at, 10);
  return pretty;
}

std::string header(const Report& report) {
  const auto layers = std::count_if(report.image.history.begin(), report.image.history.end(), [](const LayerInfo& l) { return !l.empty; });
  std::string out = text::clean(report.image.name, 300);
  if (!report.image.digest.empty()) out += "   sha256:" + std::string(report.image.digest.brief());
  if (!report.image.platform.os.empty()) out += "   " + text::clean(report.image.platform.text(), 60);
  out += "\n" + os_name(report.inventory.systems.empty() ? Os{} : report.inventory.systems[0]);
  const auto gone = std::count_if(report.inventory.packages.begin(), report.inventory.packages.end(), [](const Occurrence& o) { return o.removed_in > 0; });
  out += ", " + plural(report.inventory.packages.size() - static_cast<std::size_t>(gone), "package");
  if (gone > 0) out += " and " + std::to_string(gone) + " that later layers removed";
  if (layers > 0) out += " in " + plural(static_cast<std::uint64_t>(layers), "layer");
  if (report.base && layers > 0) {
    out += " (" + std::to_string(report.base->layers) + " of " + (report.base->name.empty() ? "its base image" : "base image " + text::clean(report.base->name, 120)) + ")";
  }
  out += "\n";
  const UnixTime data = data_time(report);
  if (data == 0) return out + "no advisory data\n";
  std::string day = rfc3339(data);  // "2026-08-21T05:40:00Z" is shown as "2026-08-21 05:40 UTC"
  day = day.substr(0, 10) + " " + day.substr(11, 5) + " UTC";
  const bool past = report.reference_time() != report.generated_at;
  const std::string then = past ? rfc3339(report.judged_at) : std::string();
  const std::string known = past ? " (as known on " + then.substr(0, 10) + " " + then.substr(11, 5) + " UTC)" : " (" + ago(data, report.generated_at) + " old)";
  return out + "advisories of " + day + known + ", snapshot " + text::clean(report.snapshot, 300).substr(0, 12) +
         "\n";
}

// ---- rows

/// Rows that stand together under a line of their own.
struct Group {
  std::string title;  ///< "" = there is one group, and it needs none
  std::vector<RowSubject> subjects;
};

/// "1 critical, 2 high", unknown last.
std::string tally(const Counts& counts) {
  std::string out;
  for (std::size_t i = std::size(counts.by_severity); i-- > 0;) {
    if (counts.by_severity[i] == 0) continue;
    out += (out.empty() ? "" : ", ") + std::to_string(counts.by_severity[i]) + " " + std::string(name(static_cast<Severity>(i)));
  }
  return out;
}

std::string layer_title(const Report& report, std::uint32_t index) {
  if (index == 0) return "layer unknown";
  std::uint32_t last = 0;
  std::string command;
  for (const LayerInfo& layer : report.image.history) {
    last = std::max(last, layer.index);
    if (layer.index == index) command = text::clean(layer.created_by, 300);
  }
  std::string out = "layer " + std::to_string(index) + " of " + std::to_string(last);
  if (report.base) out += in_base(report, index) ? "  base" : "  own";
  return out + (command.empty() ? "" : "  " + command);
}

/// What a row is grouped by, in the order of groups.
using GroupKey = std::tuple<std::uint32_t, std::string, std::string, std::string>;
GroupKey key_of(const Report& report, const Finding& finding, std::string_view by) {
  if (by == "layer") return {finding.layer == 0 ? UINT32_MAX : finding.layer, "", "", ""};
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  return {0, std::string(package.source()), std::string(package.source_ver()), package.type};
}

/// visible: the findings that the rows are made of.
std::vector<Group> grouped(const Report& report, const std::vector<Row>& rows, const std::vector<std::uint32_t>& visible, std::string_view by) {
  const auto subject = [&](const Row& row) {
    const Finding& first = report.findings[row.findings[0]];
    return RowSubject{&first, first.package, &row, nullptr};
  };
  std::vector<Group> out;
  if (by != "layer" && by != "package") {
    out.emplace_back();
    for (const Row& row : rows) out.back().subjects.push_back(subject(row));
    return out;
  }
  std::map<GroupKey, std::pair<Counts, std::vector<RowSubject>>> members;
  for (const Row& row : rows) members[key_of(report, report.findings[row.findings[0]], by)].second.push_back(subject(row));
  for (const std::uint32_t one : visible) {
    const Finding& finding = report.findings[one];
    ++members[key_of(report, finding, by)].first.by_severity[static_cast<std::size_t>(finding.severity)];
  }
  for (auto& [key, of] : members) {
    const std::uint32_t layer = std::get<0>(key) == UINT32_MAX ? 0 : std::get<0>(key);
    const std::string title = by == "layer" ? layer_title(report, layer) : text::clean(std::get<1>(key) + " " + std::get<2>(key), 300);
    out.push_back({title + "  (" + tally(of.first) + ")", std::move(of.second)});
  }
  return out;
}

std::vector<RowSubject> packages_without_findings(const Report& report) {
  std::set<std::uint32_t> found;
  for (const Finding& finding : report.findings) found.insert(finding.package);
  std::vector<RowSubject> out;
  for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
    if (found.count(i) == 0) out.push_back({nullptr, i, nullptr, nullptr});
  }
  return out;
}

bool any_has_path(const Report& report, const std::vector<Group>& groups) {
  for (const Group& group : groups) {
    for (const RowSubject& one : group.subjects) {
      const Occurrence& occurrence = report.inventory.packages[one.package];
      if (!is_system_type(occurrence.package.type) && !occurrence.paths.empty()) return true;
    }
  }
  return false;
}

/// All groups with columns of equal width; without rows, nothing.
std::string findings_table(const Report& report, const std::vector<Group>& groups, const View& view) {
  std::vector<FindingColumn> columns = choose_columns(view.columns, any_has_path(report, groups));
  if (view.group_by == "layer" && view.columns.empty()) std::erase(columns, FindingColumn::layer);  // the line above says it
  std::vector<Column> layout;
  for (const FindingColumn column : columns) layout.push_back(layout_of(column));
  std::vector<std::vector<Cell>> cells;
  for (const Group& group : groups) {
    for (const RowSubject& subject : group.subjects) {
      cells.emplace_back();
      for (const FindingColumn column : columns) cells.back().push_back(cell_of(column, report, subject, view));
    }
  }
  if (cells.empty() || columns.empty()) return {};
  const std::vector<std::string> lines = lay_out_lines(layout, cells, view);
  std::string out;
  std::size_t next = 1;  // the first line has the titles
  for (const Group& group : groups) {
    if (group.subjects.empty()) continue;
    const std::string title = view.wide ? group.title : shorten_middle(group.title, std::max(view.width, 40u), view.unicode);
    out += (out.empty() ? "" : "\n") + (title.empty() ? "" : title + "\n") + lines[0];
    for (std::size_t i = 0; i < group.subjects.size(); ++i) out += lines[next++];
  }
  return out + "\n";
}

std::string suppressed_table(const Report& report, const View& view) {
  std::vector<FindingColumn> columns = choose_columns({}, false);
  columns.push_back(FindingColumn::why);
  std::vector<Column> layout;
  for (const FindingColumn column : columns) layout.push_back(layout_of(column));
  std::vector<std::vector<Cell>> cells;
  for (const Suppressed& one : report.suppressed) {
    if (!shown(report, one.finding, view)) continue;
    cells.emplace_back();
    for (const FindingColumn column : columns) cells.back().push_back(cell_of(column, report, {&one.finding, one.finding.package, nullptr, &one.by}, view));
  }
  return cells.empty() ? std::string() : "Suppressed\n" + lay_out(layout, cells, view) + "\n";
}

// ---- what is below

std::string summary_line(const Report& report, const Counts& counts) {
  std::string out;
  for (const Severity s : {Severity::unknown, Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    out += (out.empty() ? "" : ", ") + capitalised(s) + ": " + std::to_string(counts.by_severity[static_cast<std::size_t>(s)]);
  }
  out += "   (fixable: " + std::to_string(counts.fixable);
  if (!report.suppressed.empty()) out += ", suppressed: " + std::to_string(report.suppressed.size());
  if (report.base) {
    const auto own = std::count_if(report.findings.begin(), report.findings.end(), [&](const Finding& f) { return !in_base(report, f.layer); });
    out += ", own layers: " + std::to_string(own);
  }
  return out + ")\n";
}

/// "Negligible and Low hidden: 21; show with --severity all"
std::string hidden_lines(const Report& report, const View& view) {
  std::string out;
  for (const Hidden& one : hidden_by(report, view)) out += one.what + " hidden: " + std::to_string(one.count) + "; show " + one.how + "\n";
  const auto left_out = view.show_suppressed ? std::count_if(report.suppressed.begin(), report.suppressed.end(),
                                                             [&](const Suppressed& one) { return !shown(report, one.finding, view); })
                                             : static_cast<std::ptrdiff_t>(report.suppressed.size());
  if (left_out > 0 && !view.show_suppressed) out += "Suppressed: " + std::to_string(left_out) + "; show with --show-suppressed\n";
  if (left_out > 0 && view.show_suppressed) out += "Suppressed, and hidden by the same filters: " + std::to_string(left_out) + "\n";
  return out;
}

/// "Not judged: unknown distribution foo 3; 212 packages"
std::string caveat(const Coverage& coverage, bool count_anyway) {
  std::string message = text::clean(coverage.message, 400);
  if (!means_not_judged(coverage)) return "Note: " + message + "\n";
  // The number of packages has one place and one form here.
  constexpr std::string_view kTail = " not judged";
  if (message.size() > kTail.size() && message.compare(message.size() - kTail.size(), kTail.size(), kTail) == 0) {
    message.erase(std::min(message.rfind(": "), message.size()));
  }
  if (coverage.packages > 0 || count_anyway) message += "; " + plural(coverage.packages, "package");
  return "Not judged: " + message + "\n";
}

/// What was not looked at, or only with a reservation.
std::string caveats(const Report& report, bool count_anyway = false) {
  std::string out;
  for (const Coverage& one : report.coverage) out += caveat(one, count_anyway);
  return out;
}

std::string nothing_found(const Report& report) {
  std::uint64_t not_judged = 0;
  for (const Coverage& one : report.coverage) not_judged += means_not_judged(one) ? one.packages : 0;
  const std::uint64_t all = report.inventory.packages.size();
  if (!report.feeds.empty() && not_judged < all) {
    const std::string_view other = report.suppressed.empty() ? "" : "other ";
    return "No " + std::string(other) + "known vulnerabilities in " + plural(all - not_judged, "package") + ".\n" + caveats(report);
  }
  // Where looking was not possible, "no vulnerabilities" would be a lie.
  if (std::any_of(report.coverage.begin(), report.coverage.end(), means_not_judged)) return caveats(report, true);
  return "Not judged: no packages found; " + plural(all, "package") + "\n" + caveats(report);
}

std::string named_files(const Report& report, const View& view) {
  if (report.inventory.files.empty()) return {};
  std::vector<std::vector<Cell>> rows;
  for (const NamedFileState& one : report.inventory.files) {
    rows.push_back({{text::clean(one.pattern, 120)}, {one.present ? "present" : "absent"},
                    {one.present ? std::to_string(one.layer) : ""}, {one.present ? text::clean(one.file.path, 300) : ""}});
  }
  return "\n" + lay_out({{"NAMED FILE"}, {"STATE"}, {"LAYER"}, {"PATH"}}, rows, view);
}

std::vector<Cell> counts_row(std::string first, const Counts& counts) {
  std::vector<Cell> out = {{std::move(first)}};
  for (const std::uint64_t n : counts.by_severity) out.push_back({std::to_string(n)});
  out.push_back({std::to_string(counts.fixable)});
  return out;
}

/// --summary: whose the findings are.
std::string counts_by_origin(const Report& report, const View& view) {
  if (!report.base) return {};
  Counts base, own;
  for (const Finding& finding : report.findings) {
    Counts& of = in_base(report, finding.layer) ? base : own;
    ++of.by_severity[static_cast<std::size_t>(finding.severity)];
    ++of.total;
    if (!finding.fixed_in.empty()) ++of.fixable;
  }
  return lay_out({{"LAYERS"}, {"U"}, {"N"}, {"L"}, {"M"}, {"H"}, {"C"}, {"FIXABLE"}}, {counts_row("base", base), counts_row("own", own)}, view) + "\n";
}

std::string one(const Report& report, View view) {
  const Counts counts = count(report);
  const bool terse = view.severities.empty() && view.terminal && counts.total > kFewRows;
  if (terse) view.severities = {Severity::unknown, Severity::medium, Severity::high, Severity::critical};
  const std::vector<std::uint32_t> visible = shown_findings(report, view);
  const bool collapse = view.group && view.terminal && visible.size() > kFewRows;

  std::string out = header(report) + "\n";
  if (view.summary) {
    out += counts_by_origin(report, view);
  } else {
    const std::vector<Row> rows = collapse ? collapsed_rows(report, visible) : separate_rows(visible);
    std::vector<Group> groups = grouped(report, rows, visible, view.group_by);
    if (view.list_packages) {
      std::vector<RowSubject> rest = packages_without_findings(report);
      if (!groups.empty() && groups.back().title.empty()) groups.back().subjects.insert(groups.back().subjects.end(), rest.begin(), rest.end());
      else groups.push_back({"packages without findings", std::move(rest)});
    }
    out += findings_table(report, groups, view);
    if (view.show_suppressed) out += suppressed_table(report, view);
  }
  const std::string hidden = hidden_lines(report, view.summary ? View{} : view);  // counts leave nothing out but what is suppressed
  out += counts.total == 0 ? hidden + nothing_found(report) : summary_line(report, counts) + hidden + caveats(report);
  return out + named_files(report, view);
}

std::string totals(const Document& document, const View& view) {
  std::vector<std::vector<Cell>> rows;
  for (const Report& report : document.reports) {
    const Counts counts = count(report);
    const bool failed = std::any_of(report.policy.begin(), report.policy.end(), [](const RuleResult& rule) { return !rule.passed; });
    std::vector<Cell> row = counts_row(text::clean(report.image.name, 200), counts);
    row.push_back({report.policy.empty() ? "-" : failed ? "failed" : "passed"});
    rows.push_back(std::move(row));
  }
  for (const Failure& failure : document.failures) {
    rows.push_back({{text::clean(failure.target, 200)}, {"-"}, {"-"}, {"-"}, {"-"}, {"-"}, {"-"}, {"-"}, {"error"}});
  }
  return lay_out({{"TARGET"}, {"U"}, {"N"}, {"L"}, {"M"}, {"H"}, {"C"}, {"FIXABLE"}, {"POLICY"}}, rows, view);
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  bool first = true;
  for (const Report& report : document.reports) {
    ECLAIR_CHECK_OK(out((first ? "" : "\n") + one(report, view)));
    first = false;
  }
  if (document.reports.size() + document.failures.size() > 1) ECLAIR_CHECK_OK(out("\n" + totals(document, view)));
  return {};
}

}  // namespace table_detail

namespace format {
const Format& table() {
  static constexpr Format kOne = {"table", "for people", &table_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
