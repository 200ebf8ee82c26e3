// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

/// What formats for other programs have in common: the words and numbers for a finding where a format wants exactly one.
namespace eclair::report {

const Occurrence& occurrence_of(const Report& report, const Finding& finding);
/// The system that a package belongs to; one without id where none is known.
const Os& os_of(const Report& report, const Occurrence& occurrence);
std::string purl_of(const Report& report, const Occurrence& occurrence);
/// The layer of that number; nullptr: there is none.
const LayerInfo* layer_of(const Report& report, std::uint32_t index);

/// One line: the title, else the first sentence of the description, else "CVE-2024-1 in zlib1g". Cleaned; at most `most` characters.
std::string title_of(const Report& report, const Finding& finding, std::size_t most = 200);
/// The whole text, else the title. Cleaned, but for its line ends.
std::string description_of(const Report& report, const Finding& finding, std::size_t most);
/// Addresses where people read of it: the http(s) ones that feeds give, of characters that a URL may have, else the page of its id; each once.
std::vector<std::string> links_of(const Finding& finding);
/// "Upgrade zlib1g to 1:1.2.13.dfsg-2"; "" without a fix.
std::string advice_of(const Report& report, const Finding& finding);

/// At most `most` characters (UTF-16 units, as JSON readers count), cut between code points; "..." at the end of what was cut.
std::string shortened(std::string_view utf8, std::size_t most);
/// Whether it is an absolute http(s) URL of characters that stand in URLs.
bool is_web_url(std::string_view text);

/// A UUID (version 5) for what is told of one image by one state of the advisories. what: "cyclonedx", so that formats differ.
std::string document_uuid(const Report& report, std::string_view what);

}  // namespace eclair::report
