// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::yaml {

/// Whether a document may nest deeper than 32: it is to be refused before yaml-cpp, which recurses without a bound, sees it.
/// No honest file of ours is deeper than 5.
bool nests_too_deep(std::string_view document);

}  // namespace eclair::yaml
