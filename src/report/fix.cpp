// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/fix.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "match/families.h"
#include "version/scheme.h"

namespace eclair::report {
namespace fix_detail {

/// Which of two versions that have a fix is the later one; where their order is not known, the first stays.
bool is_later(std::string_view scheme, std::string_view a, std::string_view b) {
  const version::Scheme* const found = version::find_scheme(scheme);
  return found != nullptr && found->compare(a, b) > 0;
}

void add(Counts& to, const Finding& finding) {
  ++to.by_severity[static_cast<std::size_t>(finding.severity)];
  ++to.total;
  if (!finding.fixed_in.empty()) ++to.fixable;
}

/// Where something is done: own layers by number, then the base.
using Place = std::pair<bool, std::uint32_t>;

/// What is upgraded together.
struct Unit {
  Place place;
  std::string type, source, version;
  std::uint32_t os = 0;
  std::string path;  ///< of packages that each folder may have: those of languages
  auto operator<=>(const Unit&) const = default;
};

Unit unit_of(const Report& report, const Occurrence& one) {
  const bool base = in_base(report, one.layer);
  return {{base, base ? 0 : one.layer}, one.package.type, std::string(one.package.source()), std::string(one.package.source_ver()), one.os,
          match::is_system_type(one.package.type) || one.paths.empty() ? std::string() : one.paths[0]};
}

/// Larger is worse.
auto badness(const Counts& counts) {
  const auto of = [&](Severity s) { return counts.by_severity[static_cast<std::size_t>(s)]; };
  return std::make_tuple(of(Severity::critical), of(Severity::high), of(Severity::medium), of(Severity::low), of(Severity::unknown), of(Severity::negligible));
}

}  // namespace fix_detail

FixPlan plan_fixes(const Report& report) {
  using namespace fix_detail;
  FixPlan out;
  std::map<Unit, Upgrade> units;
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) {
    const Finding& finding = report.findings[i];
    const Occurrence& one = report.inventory.packages[finding.package];
    if (one.removed_in > 0) continue;
    if (finding.fixed_in.empty()) {
      out.unfixed.push_back(i);
      add(out.unfixed_counts, finding);
      continue;
    }
    Upgrade& upgrade = units[unit_of(report, one)];
    if (std::find(upgrade.packages.begin(), upgrade.packages.end(), finding.package) == upgrade.packages.end()) upgrade.packages.push_back(finding.package);
    const std::string_view scheme = finding.evidence.empty() ? std::string_view{} : std::string_view(finding.evidence[0].scheme);
    if (upgrade.to.empty() || is_later(scheme, finding.fixed_in, upgrade.to)) upgrade.to = finding.fixed_in;
    upgrade.findings.push_back(i);
    add(upgrade.counts, finding);
  }
  for (auto& [unit, upgrade] : units) {
    if (out.steps.empty() || out.steps.back().base != unit.place.first || out.steps.back().layer != unit.place.second) {
      out.steps.push_back({unit.place.first, unit.place.second, {}, {}});
    }
    FixStep& step = out.steps.back();
    std::sort(upgrade.packages.begin(), upgrade.packages.end());
    for (const std::uint32_t one : upgrade.findings) add(step.counts, report.findings[one]);
    step.upgrades.push_back(std::move(upgrade));
  }
  for (FixStep& step : out.steps) {
    // They come by name, which stays where two are equally bad.
    std::stable_sort(step.upgrades.begin(), step.upgrades.end(), [](const Upgrade& a, const Upgrade& b) { return badness(a.counts) > badness(b.counts); });
  }
  return out;
}

}  // namespace eclair::report
