// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "image/credentials.h"
#include "image/reference.h"
#include "image/source.h"
#include "util/result.h"

namespace eclair::image {

/// Opens an image in a registry: reads its manifest (through indexes, by platform) and its config, whose digests it checks; layers are
/// fetched when they are opened. HTTPS; plain HTTP only after HTTPS failed, and only for loopback hosts or with OpenOptions::insecure.
/// The source may be used by several threads; streams of layers may outlive it.
/// errors: not_found, unavailable (refused, rate limit, network), invalid_input (a digest that differs, a malformed document), unsupported
/// (an artifact), limit, cancelled. The hint says what to type.
/// source: distribution-spec v1.1; distribution docs/spec/auth
Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options);
/// The same with an environment of its own, for tests. refused: whether it failed because the registry does not let us in (401, 403).
Result<std::unique_ptr<Source>> open_registry(const Reference& reference, const OpenOptions& options, const Environment& environment,
                                              bool* refused = nullptr);

}  // namespace eclair::image
