// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "model/os.h"
#include "model/package.h"
#include "service/advisories.h"
#include "service/layers.h"
#include "service/lru.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// The features of a layer, and of what packages each is made.
struct FeatureSet {
  struct Part {
    std::shared_ptr<const PackageVersion> package;
    std::uint64_t number = 0;
    std::uint32_t group = 0;  ///< index into groups
  };
  struct Slot {
    Feature feature;          ///< without findings
    std::vector<Part> parts;
    std::string key;          ///< of what decides about its findings, apart from the advisories; equal keys have equal findings
  };
  Os os;                      ///< that packages are judged for, where their group has no other
  std::vector<store::PackageGroup> groups;  ///< without packages
  std::vector<Slot> slots;    ///< sorted by name, version, namespace of the feature

  /// What was found last, by slot, and of which state of the advisories.
  struct Found {
    std::uint64_t generation = 0;
    std::vector<std::shared_ptr<const FeatureFindings>> findings;
  };
  mutable std::mutex mutex;
  mutable std::shared_ptr<const Found> found;  ///< guarded by mutex
};

/// Judges features by what is known now. Matching grows with the number of distinct package versions, not of layers: what was judged once, is
/// shared by all layers that have it, until the advisories change.
/// threads: own synchronisation.
class JudgedFeatures {
 public:
  JudgedFeatures(Advisories& advisories, std::uint64_t cache_bytes) : advisories_(advisories), known_(cache_bytes) {}

  /// By slot. errors: unavailable, internal.
  Result<std::shared_ptr<const FeatureSet::Found>> find(const FeatureSet& features);

 private:
  using FindingsPtr = std::shared_ptr<const FeatureFindings>;
  Result<std::shared_ptr<const FeatureSet::Found>> judge(const FeatureSet& features, store::AdvisoryStore& store);

  Advisories& advisories_;
  Lru<std::string, FeatureFindings> known_;
  std::mutex mutex_;
  std::uint64_t generation_ = 0;  ///< of what is in known_; guarded by mutex_
};

/// "rhel-9-appstream" and "" of two groups, in a form that is equal for equal ones.
std::string key_of(const store::PackageGroup& group);

}  // namespace eclair::service
