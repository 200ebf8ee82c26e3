// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/judged_features.h"

#include <algorithm>

#include "match/match.h"
#include "service/feature_vulnerability.h"
#include "service/v1_vulnerabilities.h"
#include "util/bytes.h"
#include "util/time.h"

namespace eclair::service {
namespace judged_features_detail {

std::uint64_t cost_of(const FeatureFindings& findings) {
  std::uint64_t cost = 200 + findings.v1.size();
  for (const FeatureVulnerability& one : findings.vulnerabilities) cost += sizeof(one) + one.description.size() + one.link.size() + one.metadata.size();
  return cost;
}

/// Some slots' packages as an image that has nothing else.
Inventory inventory_of(const FeatureSet& features, const std::vector<std::size_t>& slots, std::vector<std::size_t>& slot_of) {
  Inventory out;
  out.systems.push_back(features.os);
  std::vector<std::uint32_t> system_of;
  for (const store::PackageGroup& group : features.groups) {
    system_of.push_back(0);
    if (!group.os) continue;
    system_of.back() = static_cast<std::uint32_t>(out.systems.size());
    out.systems.push_back(group.os);
  }
  for (const std::size_t slot : slots) {
    for (const FeatureSet::Part& part : features.slots[slot].parts) {
      const store::PackageGroup& group = features.groups[part.group];
      Occurrence occurrence;
      occurrence.package = *part.package;
      occurrence.os = system_of[part.group];
      occurrence.repositories = group.repositories;
      if (group.owned) occurrence.owned_by = "?";
      out.packages.push_back(std::move(occurrence));
      slot_of.push_back(slot);
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

}  // namespace judged_features_detail

std::string key_of(const store::PackageGroup& group) {
  store::Delta one;
  one.added.push_back(group);
  one.added.front().packages.clear();
  one.added.front().name_space.clear();
  return encode(one);
}

Result<std::shared_ptr<const FeatureSet::Found>> JudgedFeatures::find(const FeatureSet& features) {
  return advisories_.with([&](store::AdvisoryStore& store) -> Result<std::shared_ptr<const FeatureSet::Found>> {
    ECLAIR_TRY(const std::uint64_t generation, store.generation());
    {
      const std::lock_guard lock(features.mutex);
      if (features.found && features.found->generation == generation) return features.found;
    }
    {
      const std::lock_guard lock(mutex_);
      if (generation != generation_) known_.clear();
      generation_ = generation;
    }
    ECLAIR_TRY(auto found, judge(features, store));
    auto kept = std::make_shared<FeatureSet::Found>(*found);
    kept->generation = generation;
    const std::lock_guard lock(features.mutex);
    features.found = kept;
    return features.found;
  });
}

Result<std::shared_ptr<const FeatureSet::Found>> JudgedFeatures::judge(const FeatureSet& features, store::AdvisoryStore& store) {
  using namespace judged_features_detail;
  ECLAIR_TRY(const std::uint64_t generation, store.generation());
  const std::string state = std::to_string(generation) + '\n';
  auto out = std::make_shared<FeatureSet::Found>();
  out->findings.resize(features.slots.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < features.slots.size(); ++i) {
    out->findings[i] = known_.find(state + features.slots[i].key);
    if (!out->findings[i]) open.push_back(i);
  }
  if (open.empty()) return out;
  std::vector<std::size_t> slot_of;  // of each package
  const Inventory inventory = inventory_of(features, open, slot_of);
  match::MatchOptions options;
  options.now = now();
  ECLAIR_TRY(const match::MatchResult result, match::match_image(inventory, store, options, Cancel{}));
  std::vector<std::shared_ptr<FeatureFindings>> made(features.slots.size());
  for (const std::size_t slot : open) made[slot] = std::make_shared<FeatureFindings>();
  for (const Finding& finding : result.findings) add(*made[slot_of[finding.package]], feature_vulnerability(finding));
  for (const std::size_t slot : open) {
    auto& list = made[slot]->vulnerabilities;
    std::sort(list.begin(), list.end(), [](const FeatureVulnerability& a, const FeatureVulnerability& b) { return a.name < b.name; });
    made[slot]->v1 = encode_v1_vulnerabilities(list);
    out->findings[slot] = made[slot];
    known_.put(state + features.slots[slot].key, made[slot], cost_of(*made[slot]));
  }
  return out;
}

}  // namespace eclair::service
