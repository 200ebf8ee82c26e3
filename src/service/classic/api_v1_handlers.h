// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/classic/api_v1.h"
#include "service/http/http.h"

/// The handlers behind api_v1(), by what they are about.
namespace eclair::service::v1 {

Reply post_layer(const ClassicParts& parts, const Request& request);
Reply get_layer(const ClassicParts& parts, const Request& request);
Reply delete_layer(const ClassicParts& parts, const Request& request);

Reply get_namespaces(const ClassicParts& parts, const Request& request);
Reply get_vulnerabilities(const ClassicParts& parts, const Request& request);
Reply post_vulnerability(const ClassicParts& parts, const Request& request);
Reply get_vulnerability(const ClassicParts& parts, const Request& request);
Reply put_vulnerability(const ClassicParts& parts, const Request& request);
Reply delete_vulnerability(const ClassicParts& parts, const Request& request);
Reply get_fixes(const ClassicParts& parts, const Request& request);
Reply put_fix(const ClassicParts& parts, const Request& request);
Reply delete_fix(const ClassicParts& parts, const Request& request);

Reply get_notification(const ClassicParts& parts, const Request& request);
Reply delete_notification(const ClassicParts& parts, const Request& request);

/// A vulnerability as an object of generation 1. with_fixes: its FixedIn, too.
void append_vulnerability(std::string& out, const Vulnerability& vulnerability, bool with_fixes);

inline constexpr std::size_t kMaxPage = 10'000;  ///< entries; who asks for more gets these and a next page

/// The query key "limit". nullopt: `fault` has the answer.
std::optional<std::int64_t> limit_of(const Request& request, std::string& fault);
inline constexpr std::string_view kNoLimit = "must provide limit query parameter";
inline constexpr std::string_view kBadPage = "invalid page format: invalid or expired pagination token";

}  // namespace eclair::service::v1
