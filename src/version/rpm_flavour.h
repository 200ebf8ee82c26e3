// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace eclair::version {

/// Which kind of build a version is of, as its release says: "ksplice" ("1.1.1k-7.ksplice1.el8_6"), "fips" ("3.6.16-4.el8_6_fips"),
/// else "".
/// Oracle publishes such builds beside the ordinary ones, under the same names: neither is newer or older than the other, it is another.
std::string_view rpm_flavour(std::string_view version) noexcept;

}  // namespace eclair::version
