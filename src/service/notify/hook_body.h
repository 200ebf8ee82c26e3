// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "service/notify/notifications.h"
#include "service/classic/vulnerabilities.h"
#include "service/notify/webhook.h"
#include "util/result.h"

namespace eclair::service {

/// What a target is sent about a notification, one body after the other.
/// v1: its name, whatever it is about.
/// v0: a new vulnerability, a rise of its priority, a change of its packages, with the layers that each brought it in, as things are now; nothing where
/// generation 0 told of nothing (a priority that fell, a vulnerability that went). One that is known in several namespaces is one there.
/// errors: those of the stores.
Result<std::vector<std::string>> hook_bodies(HookFormat format, std::string_view name, Notifications& notifications, Vulnerabilities& vulnerabilities);

}  // namespace eclair::service
