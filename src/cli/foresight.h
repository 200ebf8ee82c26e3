// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "model/layer_record.h"
#include "model/os.h"
#include "model/package.h"

namespace eclair::cli {

/// Which distribution an image will turn out to have, guessed while its layers come in, in any order.
class Foresight {
 public:
  /// layer: its index, from 1.
  /// returns: the namespace whose advisories the image needs by what is known now ("debian:12"): that of the uppermost layer so far that names a
  /// distribution, once some layer has packages of that distribution's kind. "" = none yet, or none that anybody speaks of.
  std::string learn(std::uint32_t layer, const LayerRecord& record);

 private:
  std::uint32_t layer_ = 0;  // whose word os_ is
  Os os_;
  std::set<std::string> types_;          // of packages, seen so far
  std::vector<PackageVersion> samples_;  // one of each type
};

}  // namespace eclair::cli
