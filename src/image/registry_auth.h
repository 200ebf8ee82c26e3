// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "image/credentials.h"
#include "net/client.h"

namespace eclair::image {

/// What a registry wants to see before it answers: one element of WWW-Authenticate.
struct Challenge {
  std::string scheme;  ///< lower case: "bearer", "basic"
  std::string realm, service, scope;
};

/// Reads a WWW-Authenticate header: several challenges, quoted strings with escapes, parameters in any order and case. Never fails: what
/// makes no sense is passed over.  source: RFC 9110 section 11.6.1
std::vector<Challenge> parse_challenges(std::string_view header);

/// Turns a registry's challenge and our credentials into the value of an Authorization header, asking its token service where it names one.
/// what: "repository:acme/api:pull", used when the challenge names no scope; with ":pull,push" a challenge that speaks of pulling is
/// answered with both, so that one token does for a whole upload.
/// returns: "" when there is nothing to show (a Basic challenge, and no credentials).
/// errors: unavailable (the token service), invalid_input; code conflict when the token service refused: the text has its status.
Result<std::string> authorize(const net::Client& client, const net::Head& refused, const Credentials& credentials, const std::string& what,
                              bool insecure);

}  // namespace eclair::image
