// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/settings.h"
#include "service/service.h"
#include "util/result.h"

namespace eclair::cli {

/// What the service does by itself, from the settings: updates, notifications, forgetting. errors: invalid_input, and those of reading files.
Result<> take_background(const Settings& settings, service::ServiceSettings& out);

}  // namespace eclair::cli
