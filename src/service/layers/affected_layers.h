// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/layers/advisories.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// From a vulnerability to the layers that brought in what it affects: advisory → package versions → layers. No layer is read; what is read grows
/// with what is hit. Each package version is judged as a report judges it (match::judge), but for what an image's repositories say.
/// threads: all functions may be called from several threads at once.
class AffectedLayers {
 public:
  AffectedLayers(store::ServiceStore& store, Advisories& advisories) : store_(store), advisories_(advisories) {}

  using Nodes = std::vector<store::ServiceStore::NodeName>;
  /// Of layers of one scope, by id, after `after`, at most limit. name_space: in our own spelling.
  Result<Nodes> now(std::string_view name_space, std::string_view vulnerability, std::int64_t after, std::size_t limit,
                    store::Scope scope = store::Scope::v1);
  /// The same by the rows that held at some time (all of one namespace), whatever is known now.
  Result<Nodes> by_rows(std::string_view name_space, std::string_view vulnerability, const std::vector<store::AdvisoryRow>& rows, std::int64_t after,
                        std::size_t limit, store::Scope scope = store::Scope::v1);

  /// The package versions of the store that a vulnerability affects now.
  Result<std::vector<store::ServiceStore::PackageNumber>> packages(std::string_view name_space, std::string_view vulnerability);

 private:
  Result<std::vector<store::ServiceStore::PackageNumber>> judged(std::string_view name_space, const std::vector<std::string>& names,
                                                                 const std::vector<store::AdvisoryRow>& rows);
  Result<Nodes> adding(std::string_view name_space, const std::vector<store::ServiceStore::PackageNumber>& packages, std::int64_t after, std::size_t limit,
                       store::Scope scope);

  store::ServiceStore& store_;
  Advisories& advisories_;
};

}  // namespace eclair::service
