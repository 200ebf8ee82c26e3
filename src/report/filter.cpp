// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What of a report is shown, and in which order. What fails is decided elsewhere (policy.cpp), and looks at none of this.
#include <algorithm>
#include <numeric>
#include <tuple>

#include "match/match.h"
#include "report/report.h"
#include "util/text.h"

namespace eclair::report {
namespace filter_detail {

bool is_named(const Finding& finding, const std::vector<std::string>& ids) {
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    return text::iequals(finding.vulnerability, id) ||
           std::any_of(finding.aliases.begin(), finding.aliases.end(), [&](const std::string& alias) { return text::iequals(alias, id); });
  });
}

double cvss_score(const Finding& finding) {
  const VulnerabilityText::Cvss* const cvss = match::cvss_of(finding.text);
  return cvss == nullptr ? -1 : cvss->score;
}

double epss_of(const Finding& finding) { return finding.text.epss ? finding.text.epss->score : 0; }

/// Smaller comes first. Where keys are equal, the report's own order stays: severity, id, package, path.
using Key = std::tuple<int, double, std::string_view>;
Key key_of(const Report& report, const Finding& finding, std::string_view by) {
  const int severity = -static_cast<int>(finding.severity);
  if (by == "package") return {0, 0, report.inventory.packages[finding.package].package.name};
  if (by == "layer") return {static_cast<int>(finding.layer), 0, {}};
  if (by == "id") return {0, 0, finding.vulnerability};
  if (by == "epss") return {0, -epss_of(finding), {}};
  if (by == "kev") return {finding.text.exploited ? 0 : 1, static_cast<double>(severity), {}};
  if (by == "fix") return {finding.fixed_in.empty() ? 1 : 0, static_cast<double>(severity), {}};
  // What is exploited already, then how bad times how likely; a severity alone stands for a small chance.
  if (by == "risk") return {finding.text.exploited ? 0 : 1, severity * (0.01 + epss_of(finding)), {}};
  return {severity, finding.text.exploited ? 0.0 : 1.0, {}};
}

}  // namespace filter_detail

bool in_base(const Report& report, std::uint32_t layer) { return report.base && layer > 0 && layer <= report.base->layers; }

bool is_chosen(const Report& report, std::uint32_t layer, const LayerChoice& choice) {
  switch (choice.kind) {
    case LayerChoice::Kind::all: return true;
    case LayerChoice::Kind::base: return in_base(report, layer);
    case LayerChoice::Kind::own: return !in_base(report, layer);
    case LayerChoice::Kind::one: break;
  }
  if (choice.digest.empty()) return layer == choice.index;
  return std::any_of(report.image.history.begin(), report.image.history.end(), [&](const LayerInfo& one) {
    return one.index == layer && !one.empty && (one.digest.text.starts_with(choice.digest) || one.diff_id.text.starts_with(choice.digest));
  });
}

bool shown(const Report& report, const Finding& finding, const View& view) {
  const auto has = [](const auto& list, const auto& one) { return std::find(list.begin(), list.end(), one) != list.end(); };
  if (!view.severities.empty() && !has(view.severities, finding.severity)) return false;
  if (view.ignore_unfixed && finding.fixed_in.empty()) return false;
  if (view.only_unfixed && !finding.fixed_in.empty()) return false;
  if (has(view.hidden_statuses, finding.status)) return false;
  if (view.only_exploited && !finding.text.exploited) return false;
  if (view.min_epss > 0 && filter_detail::epss_of(finding) < view.min_epss) return false;
  if (view.min_cvss > 0 && filter_detail::cvss_score(finding) < view.min_cvss) return false;
  if (!view.ids.empty() && !filter_detail::is_named(finding, view.ids)) return false;
  if (!view.packages.empty()) {
    const PackageVersion& package = report.inventory.packages[finding.package].package;
    if (!has(view.packages, package.name) && !has(view.packages, std::string(package.source()))) return false;
  }
  return is_chosen(report, finding.layer, view.layer);
}

std::vector<std::uint32_t> shown_findings(const Report& report, const View& view) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) {
    if (shown(report, report.findings[i], view)) out.push_back(i);
  }
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    return filter_detail::key_of(report, report.findings[a], view.sort_by) < filter_detail::key_of(report, report.findings[b], view.sort_by);
  });
  return out;
}

}  // namespace eclair::report
