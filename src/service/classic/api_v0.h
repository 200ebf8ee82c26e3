// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/classic/api_v1.h"
#include "service/http/http.h"
#include "util/json.h"

namespace eclair::service {

/// Clair's API of generation 0 (2015) under /v1, without the paths that generation 1 has too (api_v1.h) and without health.
Api api_v0(const ClassicParts& parts);

/// POST /v1/layers with a body of generation 0: {"ID","Path","ParentID"}. body: its JSON.
Reply post_layer_v0(Layers& layers, const Request& request, json::Value body);

}  // namespace eclair::service
