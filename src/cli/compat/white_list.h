// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "report/classic/feature_vulnerability.h"
#include "report/report.h"
#include "util/result.h"

namespace eclair::cli::compat {

/// A white list of the originals: ids for all images, and ids for some.
class WhiteList {
 public:
  /// file: "" = an empty one. errors: not_found, unavailable, invalid_input.
  static Result<WhiteList> read(const std::string& file);
  bool has(const report::Report& report, const report::FeatureVulnerability& vulnerability) const;
};

}  // namespace eclair::cli::compat
