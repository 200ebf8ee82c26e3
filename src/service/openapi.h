// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/http/http.h"

namespace eclair::service {

/// GET /openapi/v0, /openapi/v1 and /openapi/eclair: the documents of docs/api, as they were when this was built.
Api api_openapi();

}  // namespace eclair::service
