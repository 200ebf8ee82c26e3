// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "util/result.h"

namespace eclair::service {

/// A random UUID: "0f8fad5b-d9cb-469f-a165-70867728950e". errors: internal (the system gives no random bytes).
/// source: RFC 9562 5.4
Result<std::string> random_uuid();

}  // namespace eclair::service
