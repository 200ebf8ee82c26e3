// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/os.h"
#include "model/package.h"
#include "service/layers/advisories.h"
#include "service/layers/layers.h"
#include "service/layers/lru.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// A feature, and the packages it is made of: one for all layers that have it.
struct SharedFeature {
  struct Part {
    std::shared_ptr<const PackageVersion> package;
    std::shared_ptr<const store::PackageGroup> group;  ///< without packages
  };
  Feature feature;                ///< without findings, and without who added it
  std::vector<Part> parts;
  std::shared_ptr<const Os> os;   ///< that packages are judged for, where their group has no other

  /// What was found last, and in which state of the advisories.
  struct Judged {
    std::uint64_t generation = 0;
    FeatureFindings findings;
  };
  std::shared_ptr<const Judged> judged() const { return std::atomic_load(&judged_); }
  void set_judged(std::shared_ptr<const Judged> judged) const { std::atomic_store(&judged_, std::move(judged)); }

 private:
  mutable std::shared_ptr<const Judged> judged_;  ///< by atomic_load and atomic_store alone
};
using FeatureList = std::vector<std::shared_ptr<const SharedFeature>>;

/// Judges features by what is known now. Matching grows with the number of distinct package versions, not of layers: what was judged once, is
/// shared by all layers that have it, until the advisories change.
/// threads: all functions may be called from several threads at once.
class JudgedFeatures {
 public:
  explicit JudgedFeatures(Advisories& advisories) : advisories_(advisories) {}

  /// In the order of the features, all of one state. errors: unavailable, internal.
  Result<std::vector<std::shared_ptr<const FeatureFindings>>> find(const FeatureList& features);

 private:
  Advisories& advisories_;
};

/// The group without its packages and its namespace, in a form that is equal for equal ones: what decides beside the package itself.
std::string key_of(const store::PackageGroup& group);

}  // namespace eclair::service
