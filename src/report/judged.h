// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/image.h"
#include "model/inventory.h"
#include "report/report.h"
#include "store/interface.h"
#include "util/cancel.h"
#include "util/result.h"
#include "util/time.h"

namespace eclair::report {

struct JudgeOptions {
  std::string tool_version;
  UnixTime generated_at = 0;
  UnixTime judged_at = 0;               ///< the store is as it was then (--as-of); 0: generated_at
  UnixTime max_age_seconds = 5 * 86400;
  bool offline = false;                 ///< only changes words
};

/// The report of what was read of an image, judged by what a store knows: the one way from an image to its report, here and in the service.
/// It has no policy yet.  errors: unavailable (the store), cancelled.
Result<Report> judged(Image image, Inventory inventory, store::AdvisoryStore& advisories, const JudgeOptions& options, const Cancel& stop);

}  // namespace eclair::report
