// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "service/notify/notification_content.h"
#include "store/interface.h"
#include "util/result.h"

namespace eclair::service {

/// What changed of vulnerabilities, as far as somebody could see it.
struct ChangedVulnerabilities {
  std::vector<NotificationContent> all;  ///< one for each (namespace, vulnerability), in the order of their first change
  std::int64_t last = 0;                 ///< number of the last change that they come from
};

/// From the store's changes after a number, each vulnerability as it was and as it is. Nothing of one that looks as before: severity, fixes, and
/// where clients wrote it, all else that they give. One that nobody says affects a package is not there on that side.
/// What a namespace-less source rates anew (NVD) counts where no feed of the namespace gives a severity. errors: those of the store.
Result<ChangedVulnerabilities> changed_since(store::AdvisoryStore& store, std::int64_t after);

}  // namespace eclair::service
