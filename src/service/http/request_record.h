// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "service/http/http_server.h"
#include "service/http/log.h"
#include "service/http/metrics.h"

namespace eclair::service {

/// For ServerOptions::served: one line of the log and the numbers of a request. Both must outlive what is returned.
/// The line has the path without its query, which may hold what is nobody's business.
std::function<void(const Served&)> record_requests(const Log& log, Metrics& metrics);

/// Sets the numbers of a server before each text. The server must outlive the metrics' last text().
void describe_server(Metrics& metrics, const HttpServer& server);

}  // namespace eclair::service
