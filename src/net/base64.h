// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eclair::net {

std::string base64_encode(std::string_view bytes);
/// The standard or the URL alphabet, with or without padding; line ends at the end are passed over. None when it is anything else.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace eclair::net
