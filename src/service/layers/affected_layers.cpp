// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/affected_layers.h"

#include <algorithm>
#include <map>
#include <set>

#include "match/match.h"

namespace eclair::service {
namespace affected_layers_detail {

constexpr std::size_t kPage = 1000;  // layers that are asked for at once

bool has(const std::vector<std::string>& list, std::string_view one) { return std::find(list.begin(), list.end(), one) != list.end(); }

bool speaks_of(const Advisory& row, const std::vector<std::string>& names) {
  return has(names, row.vulnerability) || std::any_of(row.aliases.begin(), row.aliases.end(), [&](const std::string& alias) { return has(names, alias); });
}

bool is_about(const Finding& finding, const std::vector<std::string>& names) {
  return has(names, finding.vulnerability) || std::any_of(finding.aliases.begin(), finding.aliases.end(), [&](const std::string& one) { return has(names, one); });
}

}  // namespace affected_layers_detail
using namespace affected_layers_detail;

Result<std::vector<store::ServiceStore::PackageNumber>> AffectedLayers::judged(std::string_view name_space, const std::vector<std::string>& names,
                                                                               const std::vector<store::AdvisoryRow>& rows) {
  std::map<std::string, std::vector<const store::AdvisoryRow*>> by_package;
  for (const store::AdvisoryRow& row : rows) {
    if (speaks_of(row.advisory, names)) by_package[row.package].push_back(&row);
  }
  std::map<std::uint64_t, PackageVersion> candidates;
  for (const auto& [package, of_it] : by_package) {
    ECLAIR_TRY(const auto versions, store_.versions_of(package));
    for (const auto& one : versions) candidates.emplace(one.number, one.package);
    if (package != "linux") continue;
    // Signed kernels are looked up under the kernel's name, whatever their source is called (match::lookup_names).
    ECLAIR_TRY(const auto kernels, store_.versions_from("linux-signed"));
    for (const auto& one : kernels) candidates.emplace(one.number, one.package);
  }
  std::vector<store::ServiceStore::PackageNumber> out;
  for (const auto& [number, package] : candidates) {
    Occurrence occurrence;
    occurrence.package = package;
    std::vector<store::AdvisoryRow> relevant;
    for (const std::string& name : match::lookup_names(package)) {
      const auto found = by_package.find(name);
      if (found == by_package.end()) continue;
      for (const store::AdvisoryRow* row : found->second) relevant.push_back(*row);
    }
    const std::vector<Finding> findings = match::judge(occurrence, name_space, relevant);
    if (std::any_of(findings.begin(), findings.end(), [&](const Finding& one) { return is_about(one, names); })) out.push_back({number, package});
  }
  return out;
}

Result<std::vector<store::ServiceStore::PackageNumber>> AffectedLayers::packages(std::string_view name_space, std::string_view vulnerability) {
  std::vector<std::string> names;
  std::vector<store::AdvisoryRow> rows;
  ECLAIR_CHECK_OK(advisories_.with([&](store::AdvisoryStore& store) -> Result<> {
    ECLAIR_TRY(names, match::known_names(store, std::string(vulnerability)));
    if (!has(names, vulnerability)) names.emplace_back(vulnerability);
    std::set<std::string> places;
    for (const std::string& name : names) {
      ECLAIR_TRY(const auto found, store.search({.id = name, .name_space = std::string(name_space)}));
      for (const store::AdvisoryRow& row : found) places.insert(row.package);
    }
    // All rows of those packages, since a wider row of one name may be suppressed by a row of another.
    for (const std::string& package : places) {
      ECLAIR_TRY(auto all, store.rows(name_space, package));
      for (store::AdvisoryRow& row : all) {
        if (speaks_of(row.advisory, names)) rows.push_back(std::move(row));
      }
    }
    return {};
  }));
  return judged(name_space, names, rows);
}

Result<AffectedLayers::Nodes> AffectedLayers::adding(std::string_view name_space, const std::vector<store::ServiceStore::PackageNumber>& packages,
                                                     std::int64_t after, std::size_t limit, store::Scope scope) {
  Nodes out;
  std::vector<std::uint64_t> numbers;
  for (const auto& one : packages) numbers.push_back(one.number);
  while (out.size() < limit && !numbers.empty()) {
    const std::size_t page = std::min(limit, kPage);
    ECLAIR_TRY(const auto found, store_.adding(name_space, numbers, after, page));
    for (const auto& node : found) {
      if (node.scope == scope && out.size() < limit) out.push_back(node);
    }
    if (found.size() < page) break;
    after = found.back().id;
  }
  return out;
}

Result<AffectedLayers::Nodes> AffectedLayers::now(std::string_view name_space, std::string_view vulnerability, std::int64_t after, std::size_t limit,
                                                  store::Scope scope) {
  ECLAIR_TRY(const auto affected, packages(name_space, vulnerability));
  return adding(name_space, affected, after, limit, scope);
}

Result<AffectedLayers::Nodes> AffectedLayers::by_rows(std::string_view name_space, std::string_view vulnerability, const std::vector<store::AdvisoryRow>& rows,
                                                      std::int64_t after, std::size_t limit, store::Scope scope) {
  std::set<std::string> names = {std::string(vulnerability)};
  for (const store::AdvisoryRow& row : rows) {
    names.insert(row.advisory.vulnerability);
    names.insert(row.advisory.aliases.begin(), row.advisory.aliases.end());
  }
  ECLAIR_TRY(const auto affected, judged(name_space, {names.begin(), names.end()}, rows));
  return adding(name_space, affected, after, limit, scope);
}

}  // namespace eclair::service
