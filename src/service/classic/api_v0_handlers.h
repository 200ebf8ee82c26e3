// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "service/classic/api_v1.h"
#include "service/http/http.h"
#include "util/json.h"

/// The handlers behind api_v0(), by what they are about.
namespace eclair::service::v0 {

Reply get_versions(const ClassicParts& parts, const Request& request);

Reply get_os(const ClassicParts& parts, const Request& request);
Reply get_parent(const ClassicParts& parts, const Request& request);
Reply get_packages(const ClassicParts& parts, const Request& request);
Reply get_packages_diff(const ClassicParts& parts, const Request& request);
Reply get_layer_vulnerabilities(const ClassicParts& parts, const Request& request);
Reply get_layer_vulnerabilities_diff(const ClassicParts& parts, const Request& request);
Reply post_batch(const ClassicParts& parts, const Request& request);

Reply post_vulnerability(const ClassicParts& parts, const Request& request);
Reply put_vulnerability(const ClassicParts& parts, const Request& request);
Reply get_vulnerability(const ClassicParts& parts, const Request& request);
Reply delete_vulnerability(const ClassicParts& parts, const Request& request);
Reply get_introducing_layers(const ClassicParts& parts, const Request& request);
Reply post_affected_layers(const ClassicParts& parts, const Request& request);

/// The member "LayersIDs" of a body. errors: its text is the answer with 415.
Result<std::vector<std::string>> layer_ids(const Request& request);

/// A vulnerability as generation 0 sees it: what all namespaces say under one name. name: "" = there is none.
/// all: from Vulnerabilities::everywhere().
std::string encode_vulnerability(const std::vector<Vulnerability>& all);

}  // namespace eclair::service::v0
