// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/http/http.h"
#include "service/notify/notifications.h"
#include "store/service_store.h"

namespace eclair::service {

/// `GET /notifications/stream`: notifications as they are made, as server-sent events, for as long as the client listens.
/// From the one after `Last-Event-ID` or `?after=ID`; without, from now on. An event:
///
///     id: 17
///     event: notification
///     data: {"id":"<uuid>","created":"...","namespace":"debian:12","vulnerability":"CVE-2024-1","link":"...","before":null,
///            "after":{"severity":"High","fixes":[{"package":"zlib","version":"1.2"}]}}
///
/// (data is one line; a version "" is no fix). A comment every 15 seconds says that the connection lives.
/// source: html.spec.whatwg.org, "Server-sent events"
/// The parts must outlive it.
Api api_stream(store::ServiceStore& store, Notifications& notifications);

}  // namespace eclair::service
