// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/diff.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

namespace eclair::report {
namespace diff_detail {

bool has_changed(const Finding& a, const Finding& b) {
  return a.severity != b.severity || a.status != b.status || a.fixed_in != b.fixed_in || a.text.exploited.has_value() != b.text.exploited.has_value();
}

/// What stays the same when a package is upgraded.
using PackageKey = std::tuple<std::string_view, std::string_view, std::string_view, std::string_view>;
PackageKey key_of(const Occurrence& one) {
  return {one.package.type, one.package.name, one.package.arch, one.paths.empty() ? std::string_view{} : std::string_view(one.paths[0])};
}

using Found = std::map<PackageKey, std::vector<std::uint32_t>>;
Found packages_by_key(const Report& report) {
  Found out;
  for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
    if (report.inventory.packages[i].removed_in == 0) out[key_of(report.inventory.packages[i])].push_back(i);
  }
  return out;
}

/// Takes out of two lists what has equal versions in both; the others keep their order.
std::uint64_t take_equal(const Report& before, const Report& now, std::vector<std::uint32_t>& old, std::vector<std::uint32_t>& fresh) {
  std::uint64_t same = 0;
  for (auto one = old.begin(); one != old.end();) {
    const std::string& version = before.inventory.packages[*one].package.version;
    const auto other = std::find_if(fresh.begin(), fresh.end(), [&](std::uint32_t i) { return now.inventory.packages[i].package.version == version; });
    if (other == fresh.end()) {
      ++one;
      continue;
    }
    fresh.erase(other);
    one = old.erase(one);
    ++same;
  }
  return same;
}

void compare_packages(const Report& before, const Report& now, Difference& out) {
  Found was = packages_by_key(before), is = packages_by_key(now);
  for (auto& [key, old] : was) {
    std::vector<std::uint32_t>& fresh = is[key];
    out.packages_same += take_equal(before, now, old, fresh);
    // Several versions side by side are rare; where they are, the lowest goes with the lowest.
    const std::size_t pairs = std::min(old.size(), fresh.size());
    for (std::size_t i = 0; i < pairs; ++i) out.packages_changed.emplace_back(old[i], fresh[i]);
    out.packages_removed.insert(out.packages_removed.end(), old.begin() + static_cast<std::ptrdiff_t>(pairs), old.end());
    fresh.erase(fresh.begin(), fresh.begin() + static_cast<std::ptrdiff_t>(pairs));
  }
  for (const auto& [key, fresh] : is) out.packages_added.insert(out.packages_added.end(), fresh.begin(), fresh.end());
  std::sort(out.packages_added.begin(), out.packages_added.end());
  std::sort(out.packages_removed.begin(), out.packages_removed.end());
}

using ById = std::unordered_map<std::string_view, std::vector<std::uint32_t>>;  // in the order of the report
ById findings_by_id(const Report& report) {
  ById out;
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) out[report.findings[i].id].push_back(i);
  return out;
}

}  // namespace diff_detail

Difference compare(const Report& before, const Report& now) {
  using namespace diff_detail;
  Difference out;
  compare_packages(before, now, out);
  const ById was = findings_by_id(before);
  std::unordered_map<std::string_view, std::size_t> taken;
  for (std::uint32_t i = 0; i < now.findings.size(); ++i) {
    const std::string_view id = now.findings[i].id;
    const auto old = was.find(id);
    std::size_t& next = taken[id];
    if (old == was.end() || next >= old->second.size()) {
      out.findings_added.push_back(i);
      continue;
    }
    const std::uint32_t other = old->second[next++];
    if (has_changed(before.findings[other], now.findings[i])) {
      out.findings_changed.emplace_back(other, i);
    } else {
      ++out.findings_same;
    }
  }
  for (const auto& [id, list] : was) {
    const auto used = taken.find(id);
    for (std::size_t i = used == taken.end() ? 0 : used->second; i < list.size(); ++i) out.findings_removed.push_back(list[i]);
  }
  std::sort(out.findings_removed.begin(), out.findings_removed.end());
  return out;
}

Report with_only(const Report& report, const std::vector<std::uint32_t>& findings) {
  Report out = report;
  out.findings.clear();
  out.policy.clear();   // these two tell findings by their places
  out.remarks.clear();
  for (const std::uint32_t one : findings) out.findings.push_back(report.findings[one]);
  return out;
}

}  // namespace eclair::report
