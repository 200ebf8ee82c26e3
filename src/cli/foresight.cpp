// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/foresight.h"

#include <algorithm>
#include <utility>

#include "index/index.h"
#include "match/match.h"

namespace eclair::cli {

std::string Foresight::learn(std::uint32_t layer, const LayerRecord& record) {
  if (Os os = index::os_of(record); os && layer >= layer_) {
    layer_ = layer;
    os_ = std::move(os);
  }
  for (const PackageVersion& one : record.packages) {
    if (types_.insert(one.type).second) samples_.push_back(one);
  }
  const std::string name_space = match::name_space(os_);
  // Packages of languages have namespaces of their own, and an image without any package needs nothing.
  const bool has_packages =
      std::any_of(samples_.begin(), samples_.end(), [&](const PackageVersion& one) { return match::name_space(one, os_) == name_space; });
  return has_packages ? name_space : std::string();
}

}  // namespace eclair::cli
