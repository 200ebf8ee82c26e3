// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "util/json.h"

/// What stands in the strings of Clair's records.
namespace eclair::feeds {

/// A version that Clair has normalized, of the kind "semver".
struct ClairSemver {
  std::array<std::uint64_t, 3> parts{};
  bool end = false;  ///< stands for "no end"
  std::string text() const;  ///< "20.3.1" of "semver:0.20.3.1.0.0.0.0.0.0"
};
/// none: of another kind, or no version.
std::optional<ClairSemver> clair_semver(std::string_view word);

/// A component of a query, as Go's net/url writes it.
std::string query_decoded(std::string_view word);

/// CVEs that links speak of, in order, each once; at most 5,000.
std::vector<std::string> cves_of_links(std::string_view links);

/// "ELSA-2024-1" of "ELSA-2024-1: kernel security update (IMPORTANT)".
std::string id_of_title(std::string_view title);

/// Each alias in whichever form it was written: {"space": "CVE", "name": "2024-1"}, capitalised, or one string. Some releases of claircore
/// wrote objects without content, which are passed over. At most 5,000.
std::vector<std::string> clair_aliases(json::Value list);

}  // namespace eclair::feeds
