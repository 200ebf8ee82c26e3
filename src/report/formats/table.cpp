// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <set>

#include "report/columns.h"
#include "report/report.h"
#include "util/text.h"

/// The report for people: who the image is, what threatens it, what was not looked at. Rules: docs/user/cli.md, "The table".
namespace eclair::report {
namespace table_detail {

constexpr std::size_t kFewRows = 40;         // so many are shown whole on a terminal
constexpr std::size_t kMostNamesakes = 200;  // that a path is told apart from; an image may hold any number

std::string capitalised(Severity severity) {
  std::string out(name(severity));
  out[0] = static_cast<char>(out[0] - 32);
  return out;
}

std::string plural(std::uint64_t n, std::string_view one) { return std::to_string(n) + " " + std::string(one) + (n == 1 ? "" : "s"); }

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
  out += ", " + plural(report.inventory.packages.size(), "package");
  if (layers > 0) out += " in " + plural(static_cast<std::uint64_t>(layers), "layer");
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

/// Findings that share a line, the first one speaking for them.
struct Line {
  std::vector<std::uint32_t> findings;   ///< indexes into Report::findings
  std::vector<std::string> also_packages;  ///< other binary packages of the same source with the same findings
};

/// What must be equal for two findings to share a line as packages of one source.
std::string source_key(const Report& report, const Finding& finding) {
  const PackageVersion& p = report.inventory.packages[finding.package].package;
  std::string key;
  for (const std::string_view part : {std::string_view(p.type), p.source(), p.source_ver(), std::string_view(finding.vulnerability),
                                      std::string_view(finding.fixed_in), name(finding.status), name(finding.severity)}) {
    key += std::string(part) + '\0';
  }
  return key + std::to_string(finding.layer);
}

/// What must be equal for lines to be fixed by one upgrade.
std::string upgrade_key(const Report& report, const Line& line) {
  const Finding& finding = report.findings[line.findings[0]];
  std::string key = std::to_string(finding.package) + '\0' + finding.fixed_in + '\0';
  for (const std::string& one : line.also_packages) key += one + '\0';
  return key;
}

std::vector<Line> separate(const std::vector<std::uint32_t>& findings) {
  std::vector<Line> out;
  out.reserve(findings.size());
  for (const std::uint32_t one : findings) out.push_back({{one}, {}});
  return out;
}

std::vector<Line> collapsed(const Report& report, const std::vector<std::uint32_t>& findings) {
  std::vector<Line> by_source;
  std::map<std::string, std::size_t> seen;
  for (const std::uint32_t index : findings) {
    const Finding& finding = report.findings[index];
    const auto [at, fresh] = seen.try_emplace(source_key(report, finding), by_source.size());
    if (fresh) {
      by_source.push_back({{index}, {}});
      continue;
    }
    Line& line = by_source[at->second];
    const std::string& other = report.inventory.packages[finding.package].package.name;
    const std::string& first = report.inventory.packages[report.findings[line.findings[0]].package].package.name;
    if (other != first && std::find(line.also_packages.begin(), line.also_packages.end(), other) == line.also_packages.end()) {
      line.also_packages.push_back(other);
    }
  }
  std::vector<Line> out;
  seen.clear();
  for (Line& line : by_source) {
    if (report.findings[line.findings[0]].fixed_in.empty()) {
      out.push_back(std::move(line));
      continue;
    }
    const auto [at, fresh] = seen.try_emplace(upgrade_key(report, line), out.size());
    if (fresh) {
      out.push_back(std::move(line));
    } else {
      out[at->second].findings.push_back(line.findings[0]);
    }
  }
  return out;
}

std::string fix_words(const Finding& finding) {
  if (!finding.fixed_in.empty()) return text::clean(finding.fixed_in, 200);
  switch (finding.status) {
    case Status::fix_deferred: return "- fix deferred";
    case Status::will_not_fix: return "- will not fix";
    case Status::end_of_life: return "- end of life";
    case Status::under_investigation: return "- under investigation";
    case Status::fixed:
    case Status::affected:
    case Status::unknown:
    case Status::not_affected:
      return "- no fix";
  }
  return "- no fix";
}

bool is_system_type(std::string_view type) { return type == "deb" || type == "rpm" || type == "apk" || type == "opkg"; }

/// For language packages, the shortest tail of the path that tells it from those of its namesakes.
std::string path_tail(const Report& report, std::uint32_t package) {
  const Occurrence& mine = report.inventory.packages[package];
  if (is_system_type(mine.package.type) || mine.paths.empty()) return {};
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
    const std::size_t first = package > kMostNamesakes ? package - kMostNamesakes : 0;
    const std::size_t end = std::min<std::size_t>(report.inventory.packages.size(), package + kMostNamesakes);
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

std::string package_words(const std::string& first, const std::vector<std::string>& also) {
  std::string out = text::clean(first, 200);
  if (also.empty()) return out;
  out += " (+" + std::to_string(also.size()) + ": " + text::clean(also[0], 60);
  if (also.size() > 1) out += ", " + text::clean(also[1], 60);
  return out + (also.size() > 2 ? ", ..)" : ")");
}

std::vector<Cell> row_of(const Report& report, const Line& line) {
  const Finding& finding = report.findings[line.findings[0]];
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  std::string id = text::clean(finding.vulnerability, 80);
  if (line.findings.size() > 1) id += "  +" + std::to_string(line.findings.size() - 1);
  return {{std::string(name(finding.severity)), color_of(finding.severity)},
          {std::move(id)},
          {package_words(package.name, line.also_packages)},
          {text::clean(package.version, 200)},
          {fix_words(finding)},
          {finding.layer == 0 ? "" : std::to_string(finding.layer)},
          {path_tail(report, finding.package)}};
}

std::vector<std::vector<Cell>> rows_of_rest(const Report& report) {
  std::set<std::uint32_t> found;
  for (const Finding& finding : report.findings) found.insert(finding.package);
  std::vector<std::vector<Cell>> out;
  for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
    if (found.count(i) > 0) continue;
    const Occurrence& one = report.inventory.packages[i];
    out.push_back({{"-"}, {"-"}, {text::clean(one.package.name, 200)}, {text::clean(one.package.version, 200)}, {""},
                   {one.layer == 0 ? "" : std::to_string(one.layer)}, {path_tail(report, i)}});
  }
  return out;
}

std::string findings_table(std::vector<std::vector<Cell>> rows, const View& view) {
  std::vector<Column> columns = {{"SEVERITY", 10}, {"VULNERABILITY", 14}, {"PACKAGE"}, {"INSTALLED", 0, true}, {"FIXED IN", 0, true}, {"LAYER"}};
  const bool any_path = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.back().text.empty(); });
  if (any_path) {
    columns.push_back({"PATH", 0, false, true});
  } else {
    for (auto& row : rows) row.pop_back();
  }
  return lay_out(columns, rows, view);
}

// ---- what is below

std::string summary_line(const Counts& counts) {
  std::string out;
  for (const Severity s : {Severity::unknown, Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical}) {
    out += (out.empty() ? "" : ", ") + capitalised(s) + ": " + std::to_string(counts.by_severity[static_cast<std::size_t>(s)]);
  }
  return out + "   (fixable: " + std::to_string(counts.fixable) + ")\n";
}

/// "Negligible and Low hidden: 21; show with --severity all"
std::string hidden_lines(const Report& report, const View& view) {
  std::set<Severity> severities;
  std::uint64_t by_severity = 0, by_fix = 0;
  View only_severity = view;
  only_severity.ignore_unfixed = false;
  for (const Finding& finding : report.findings) {
    if (!shown(report, finding, only_severity)) {
      severities.insert(finding.severity);
      ++by_severity;
    } else if (!shown(report, finding, view)) {
      ++by_fix;
    }
  }
  std::string out;
  if (by_severity > 0) {
    std::size_t left = severities.size();
    for (const Severity s : severities) {
      out += capitalised(s);
      --left;
      out += left == 0 ? "" : left == 1 ? " and " : ", ";
    }
    out += " hidden: " + std::to_string(by_severity) + "; show with --severity all\n";
  }
  if (by_fix > 0) out += "Without a fix hidden: " + std::to_string(by_fix) + "; show with --no-ignore-unfixed\n";
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
    return "No known vulnerabilities in " + plural(all - not_judged, "package") + ".\n" + caveats(report);
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

std::string one(const Report& report, View view) {
  const Counts counts = count(report);
  const bool terse = view.severities.empty() && view.terminal && counts.total > kFewRows;
  if (terse) view.severities = {Severity::unknown, Severity::medium, Severity::high, Severity::critical};
  const std::vector<std::uint32_t> visible = shown_findings(report, view);
  const bool collapse = view.group && view.terminal && visible.size() > kFewRows;

  std::vector<std::vector<Cell>> rows;
  for (const Line& line : collapse ? collapsed(report, visible) : separate(visible)) rows.push_back(row_of(report, line));
  if (view.list_packages) {
    auto rest = rows_of_rest(report);
    rows.insert(rows.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  }

  std::string out = header(report) + "\n";
  if (!rows.empty()) out += findings_table(std::move(rows), view) + "\n";
  out += counts.total == 0 ? nothing_found(report) : summary_line(counts) + hidden_lines(report, view) + caveats(report);
  return out + named_files(report, view);
}

std::string totals(const Document& document, const View& view) {
  std::vector<std::vector<Cell>> rows;
  for (const Report& report : document.reports) {
    const Counts counts = count(report);
    const bool failed = std::any_of(report.policy.begin(), report.policy.end(), [](const RuleResult& rule) { return !rule.passed; });
    std::vector<Cell> row = {{text::clean(report.image.name, 200)}};
    for (const std::uint64_t n : counts.by_severity) row.push_back({std::to_string(n)});
    row.push_back({std::to_string(counts.fixable)});
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
