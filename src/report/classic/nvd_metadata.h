// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "model/advisory.h"

namespace eclair::report {

/// What Clair 2.1 gave as the metadata of a vulnerability, as JSON: {"NVD":{"CVSSv2":{...},"CVSSv3":{...}}}. "" where the vulnerability is not
/// a CVE or nobody scored it by CVSS 2, as Clair had it.
/// The scores of NVD go before others'. Exploitability and impact are worked out from the vector.
/// source: quay/clair: ext/vulnmdsrc/nvd (v2.1.8); first.org/cvss/v3.1/specification-document 7.1
std::string nvd_metadata(const VulnerabilityText& text);

}  // namespace eclair::report
