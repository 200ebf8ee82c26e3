// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair {

/// Whether packages of a type (PackageVersion::type) are a distribution's, and not a language's.
constexpr bool is_system_type(std::string_view type) {
  return type == "deb" || type == "rpm" || type == "apk" || type == "opkg" || type == "alpm";
}

}  // namespace eclair
