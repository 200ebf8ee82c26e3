// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "util/go_json.h"

/// What the old APIs write, and what they read (go_decode.h), under one name.
namespace eclair::service::go_json {

using eclair::go_json::append_string;
using eclair::go_json::Object;
using eclair::go_json::repaired;

}  // namespace eclair::service::go_json
