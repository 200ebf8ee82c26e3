// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "service/http/http.h"
#include "service/layers/layers.h"
#include "service/notify/notifications.h"
#include "service/classic/page_token.h"
#include "service/classic/vulnerabilities.h"
#include "util/time.h"

namespace eclair::service {

using Clock = std::function<UnixTime()>;

/// What the views of the old generations look at; it must outlive them.
struct ClassicParts {
  Layers& layers;
  Vulnerabilities& vulnerabilities;
  Notifications& notifications;
  PageTokens tokens;
  Clock clock;
};

/// Clair's API of generation 1 (v1.0.0 to v2.1.8) under /v1, but for /v1/metrics and the health port, which the server has itself.
/// The two routes whose path generation 0 shares are here for both: POST /v1/layers (told apart by the members of the body) and
/// DELETE /v1/layers/{name} (by the generation that posted the layer).
/// A key that is limited to prefixes neither sees nor changes other layers, and changes no vulnerabilities and notifications.
Api api_v1(const ClassicParts& parts);

}  // namespace eclair::service
