// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/manifest.h"
#include "model/image.h"
#include "util/limits.h"
#include "util/result.h"

namespace eclair::image {

/// Whether a document is Docker's "image manifest version 2, schema 1", which registries stopped serving around 2020.
bool is_schema1(std::string_view bytes, const Limits& limits);

/// Describes such an image: its layers are listed top first, and each comes with the JSON that docker 1.9 kept of it. Steps without a layer
/// have a constant empty blob, or say "throwaway". Fills platform, history and size; diff ids and sizes are not known.
/// errors: invalid_input, limit.
Result<> describe_schema1(std::string_view bytes, const Limits& limits, Image& into);

/// The part of a signed manifest that its digest covers: without the signatures. The whole when it is not signed.
/// errors: invalid_input (a signature that does not say, or differs from the others, what it covers).
Result<std::string> schema1_payload(std::string_view bytes, const Limits& limits);

}  // namespace eclair::image
