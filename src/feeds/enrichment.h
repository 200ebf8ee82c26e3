// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "feeds/feed.h"

namespace eclair::feeds {

/// Whether a word is the id of a CVE as its list writes it: "CVE-2024-3094".
bool is_cve_id(std::string_view word);

/// What a feed that speaks of vulnerabilities, not of packages, says of one: the text, and the row in kVulnerabilitySpace that keeps it.
/// There are as many rows as texts, so that validity, the guard against shrinking and the search hold for them as for others.
/// text.id: is_cve_id().
Result<> enrich(AdvisorySink& out, VulnerabilityText text);

}  // namespace eclair::feeds
