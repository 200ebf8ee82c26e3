// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/rows.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace eclair::report {
namespace rows_detail {

/// What must be equal for two findings to share a row as packages of one source.
std::string source_key(const Report& report, const Finding& finding) {
  const PackageVersion& p = report.inventory.packages[finding.package].package;
  std::string key;
  for (const std::string_view part : {std::string_view(p.type), p.source(), p.source_ver(), std::string_view(finding.vulnerability),
                                      std::string_view(finding.fixed_in), name(finding.status), name(finding.severity)}) {
    key += std::string(part) + '\0';
  }
  return key + std::to_string(finding.layer);
}

/// What must be equal for rows to be fixed by one upgrade.
std::string upgrade_key(const Report& report, const Row& row) {
  const Finding& finding = report.findings[row.findings[0]];
  std::string key = std::to_string(finding.package) + '\0' + finding.fixed_in + '\0';
  for (const std::string& one : row.also_packages) key += one + '\0';
  return key;
}

}  // namespace rows_detail

std::vector<Row> separate_rows(const std::vector<std::uint32_t>& findings) {
  std::vector<Row> out;
  out.reserve(findings.size());
  for (const std::uint32_t one : findings) out.push_back({{one}, {}});
  return out;
}

std::vector<Row> collapsed_rows(const Report& report, const std::vector<std::uint32_t>& findings) {
  std::vector<Row> by_source;
  std::map<std::string, std::size_t> seen;
  for (const std::uint32_t index : findings) {
    const Finding& finding = report.findings[index];
    const auto [at, fresh] = seen.try_emplace(rows_detail::source_key(report, finding), by_source.size());
    if (fresh) {
      by_source.push_back({{index}, {}});
      continue;
    }
    Row& row = by_source[at->second];
    const std::string& other = report.inventory.packages[finding.package].package.name;
    const std::string& first = report.inventory.packages[report.findings[row.findings[0]].package].package.name;
    if (other != first && std::find(row.also_packages.begin(), row.also_packages.end(), other) == row.also_packages.end()) {
      row.also_packages.push_back(other);
    }
  }
  std::vector<Row> out;
  seen.clear();
  for (Row& row : by_source) {
    if (report.findings[row.findings[0]].fixed_in.empty()) {
      out.push_back(std::move(row));
      continue;
    }
    const auto [at, fresh] = seen.try_emplace(rows_detail::upgrade_key(report, row), out.size());
    if (fresh) {
      out.push_back(std::move(row));
    } else {
      out[at->second].findings.push_back(row.findings[0]);
    }
  }
  return out;
}

}  // namespace eclair::report
