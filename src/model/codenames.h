// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair {

/// The number of a release by its codename: ("debian", "bookworm") gives "12", ("ubuntu", "noble") gives "24.04". Debian's sid has none.
/// "" for codenames and distributions that we do not know. distribution: os-release's ID.
std::string_view release_of_codename(std::string_view distribution, std::string_view codename);
/// The other way round: ("debian", "12") gives "bookworm".
std::string_view codename_of_release(std::string_view distribution, std::string_view release);

}  // namespace eclair
