// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "store/interface.h"

namespace eclair::test {

/// An import of rows (vulnerability, package, fixed version; "" = no fix) as the whole of what Debian says of a release, with a text for each.
inline void debian_says(const std::string& data, const std::string& name_space, const std::vector<std::array<std::string, 3>>& rows) {
  auto known = *store::open_advisories(data);
  auto import = *known->begin_import("debian", "test", 1000);
  for (const auto& [vulnerability, package, fixed] : rows) {
    Advisory row;
    row.vulnerability = vulnerability;
    row.status = fixed.empty() ? Status::affected : Status::fixed;
    row.severity = Severity::high;
    row.fixed_in = fixed;
    if (!fixed.empty()) row.ranges = {Range{"", fixed}};
    REQUIRE(import->advisory(name_space, package, row));
    VulnerabilityText text;
    text.id = vulnerability;
    text.description = "about " + vulnerability;
    REQUIRE(import->vulnerability(text));
  }
  import->complete(name_space);
  REQUIRE(import->commit(true));
}

}  // namespace eclair::test
