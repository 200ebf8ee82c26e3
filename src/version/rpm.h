// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string_view>

namespace eclair::version {

/// Orders an installed [epoch:]version[-release] against a bound that may lack the release ("fixed in 2.4"), as rpm does for
/// dependencies: when either has no release, releases do not count. Not an order to sort by: 2.4 equals 2.4-1 and 2.4-2, which differ.
/// returns: order of `installed` against `bound`.  threads: pure.  source: rpm's rpmverOverlap().
std::strong_ordering compare_rpm_to_bound(std::string_view installed, std::string_view bound) noexcept;

}  // namespace eclair::version
