// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/package.h"
#include "store/service/session.h"
#include "util/result.h"

namespace eclair::store::service {

/// The numbers of package versions. Layers of one registry share most of theirs, so those that were used lately are remembered: only what the
/// store has, since a number that was given in a transaction that failed is nobody's.
/// threads: own synchronisation.
class PackageNumbers {
 public:
  PackageNumbers(Readers& readers, Writer& writer) : readers_(readers), writer_(writer) {}
  /// In the order given; those that are new are kept.
  Result<std::vector<std::uint64_t>> of(const std::vector<PackageVersion>& packages);

 private:
  Readers& readers_;
  Writer& writer_;
  std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, std::uint64_t> known_;  ///< by encoded version
};

}  // namespace eclair::store::service
