// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"
#include "image/source.h"
#include "report/report.h"
#include "service/images/images.h"
#include "store/interface.h"
#include "util/result.h"

namespace eclair::cli {

/// What --server cannot do yet is refused before anything is read. errors: unsupported.
Result<> check_server_scan(const Invocation& call);

/// One target through a server, which keeps it and judges it. The image is read here, but for the layers that the server has; with --server-fetch
/// the server reads it. known: records of this machine; may be null.
Result<report::Report> scan_by_server(const Invocation& call, const std::string& target, const image::OpenOptions& options, service::Images& server,
                                      store::LayerStore* known);

}  // namespace eclair::cli
