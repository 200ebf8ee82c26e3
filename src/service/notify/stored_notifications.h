// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "service/layers/advisories.h"
#include "service/notify/notifications.h"
#include "store/service_store.h"

namespace eclair::service {

/// Notifications over the stores, which must outlive it.
std::unique_ptr<Notifications> make_notifications(store::ServiceStore& store, Advisories& advisories);

/// Cheap: whether there is anything to do for make_news().
Result<bool> has_news(store::ServiceStore& store, Advisories& advisories);
/// Makes notifications of what imports changed since the last time, on whatever node that was, and moves the store's cursor. The very first time
/// makes none: what is known then is no news. How many were made; 0 too where another node was first.
/// errors: those of the stores.
Result<std::size_t> make_news(store::ServiceStore& store, Advisories& advisories, UnixTime now);

}  // namespace eclair::service
