// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "report/classic/feature_vulnerability.h"

/// Pieces of API generation 1's JSON that are made once and sent often.
namespace eclair::report {

/// "Unknown", "Negligible", "Low", "Medium", "High", "Critical": how both old generations spell severities.
/// word: what a client called it where that is none of these ("Defcon1"); "" = nothing.
std::string_view classic_severity(Severity severity, std::string_view word = {});

/// The list of a feature's vulnerabilities as it stands in a layer's report: "[{"Name":...},...]", members in Clair's order, empty ones left
/// out. "" where there are none, since the member is left out then.
std::string encode_v1_vulnerabilities(const std::vector<FeatureVulnerability>& vulnerabilities);

}  // namespace eclair::report
