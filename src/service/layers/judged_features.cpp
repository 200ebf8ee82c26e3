// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/judged_features.h"

#include <algorithm>

#include "match/match.h"
#include "report/classic/feature_vulnerability.h"
#include "report/classic/v1_vulnerabilities.h"
#include "util/time.h"

namespace eclair::service {
namespace judged_features_detail {

using Findings = std::vector<std::shared_ptr<const FeatureFindings>>;

/// Some features' packages as an image that has nothing else. All of one distribution.
Inventory inventory_of(const FeatureList& features, const std::vector<std::size_t>& wanted, std::vector<std::size_t>& feature_of) {
  Inventory out;
  out.systems.push_back(*features[wanted.front()]->os);
  for (const std::size_t i : wanted) {
    for (const SharedFeature::Part& part : features[i]->parts) {
      Occurrence occurrence;
      occurrence.package = *part.package;
      occurrence.repositories = part.group->repositories;
      if (part.group->owned) occurrence.owned_by = "?";
      if (part.group->os) {
        const auto known = std::find(out.systems.begin() + 1, out.systems.end(), part.group->os);
        occurrence.os = static_cast<std::uint32_t>(known - out.systems.begin());
        if (known == out.systems.end()) out.systems.push_back(part.group->os);
      }
      out.packages.push_back(std::move(occurrence));
      feature_of.push_back(i);
    }
  }
  out.had_package_database = true;
  return out;
}

/// One of each name. Binary packages of one source may be judged differently: then the worse severity counts, and no fix where one has none.
void add(FeatureFindings& to, FeatureVulnerability one) {
  for (FeatureVulnerability& known : to.vulnerabilities) {
    if (known.name != one.name) continue;
    known.severity = std::max(known.severity, one.severity);
    if (one.fixed_by.empty()) known.fixed_by.clear();
    return;
  }
  to.vulnerabilities.push_back(std::move(one));
}

/// Judges those features anew.
Result<> judge(const FeatureList& features, const std::vector<std::size_t>& wanted, std::uint64_t generation, store::AdvisoryStore& store) {
  std::vector<std::size_t> feature_of;  // of each package
  const Inventory inventory = inventory_of(features, wanted, feature_of);
  match::MatchOptions options;
  options.now = now();
  ECLAIR_TRY(const match::MatchResult result, match::match_image(inventory, store, options, Cancel{}));
  std::vector<std::shared_ptr<SharedFeature::Judged>> made(features.size());
  for (const std::size_t i : wanted) made[i] = std::make_shared<SharedFeature::Judged>();
  for (const Finding& finding : result.findings) add(made[feature_of[finding.package]]->findings, report::feature_vulnerability(finding));
  for (const std::size_t i : wanted) {
    auto& list = made[i]->findings.vulnerabilities;
    std::sort(list.begin(), list.end(), [](const FeatureVulnerability& a, const FeatureVulnerability& b) { return a.name < b.name; });
    made[i]->findings.v1 = report::encode_v1_vulnerabilities(list);
    made[i]->generation = generation;
    features[i]->set_judged(std::move(made[i]));
  }
  return {};
}

}  // namespace judged_features_detail

std::string key_of(const store::PackageGroup& group) {
  store::Delta one;
  one.added.push_back(group);
  one.added.front().packages.clear();
  one.added.front().name_space.clear();
  return encode(one);
}

Result<std::vector<std::shared_ptr<const FeatureFindings>>> JudgedFeatures::find(const FeatureList& features) {
  using namespace judged_features_detail;
  return advisories_.with([&](store::AdvisoryStore& store) -> Result<Findings> {
    ECLAIR_TRY(const std::uint64_t generation, store.generation());
    Findings out(features.size());
    // What is missing is judged by the state that was asked for its number. Another thread may judge the same, or a newer state, meanwhile.
    for (int tries = 0; tries < 100; ++tries) {
      std::vector<std::size_t> open;
      for (std::size_t i = 0; i < features.size(); ++i) {
        if (out[i]) continue;
        const auto judged = features[i]->judged();
        if (judged && judged->generation == generation) {
          out[i] = std::shared_ptr<const FeatureFindings>(judged, &judged->findings);
        } else {
          open.push_back(i);
        }
      }
      if (open.empty()) return out;
      // Of one distribution at a time; layers have one, as good as always.
      const auto other = std::stable_partition(open.begin(), open.end(), [&](std::size_t i) { return *features[i]->os == *features[open.front()]->os; });
      open.erase(other, open.end());
      ECLAIR_CHECK_OK(judge(features, open, generation, store));
    }
    return fail(Errc::unavailable, "the advisories change faster than a report can be made");
  });
}

}  // namespace eclair::service
