// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/finding.h"
#include "util/plural.h"

/// Words that reports for people have in common.
namespace eclair::report {

using text::plural;
/// "High"
std::string capitalised(Severity severity);
/// "will not fix"
std::string spoken(Status status);
/// The fixed version, or "- " and what the source says instead: "- no fix", "- will not fix". Cleaned.
std::string fix_words(const Finding& finding);
/// Where to read about a finding: the first web address that its text has, else the page of its id (CVE, GHSA). Printable ASCII without blanks
/// and quotes; "" = none is known.
std::string link_of(const Finding& finding);

}  // namespace eclair::report
