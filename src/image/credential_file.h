// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "image/credentials.h"
#include "image/source.h"
#include "util/result.h"

/// What `eclair login` leaves for later: an entry in docker's configuration file, where other tools find it too.
namespace eclair::image {

/// $DOCKER_CONFIG/config.json, else ~/.docker/config.json.  errors: not_found (no home folder).
Result<std::string> credential_file(const Environment& environment);
/// The key of a registry in `auths`: "https://index.docker.io/v1/" for docker.io, else its host.
std::string credential_key(std::string_view domain);

/// The text of a configuration file with this registry's user and password; all else stays as it is, in its order. json: "" = a new file.
/// errors: invalid_input (not a JSON object).
Result<std::string> with_login(std::string_view json, std::string_view domain, std::string_view username, std::string_view password);
/// The same without any entry of this registry. had: whether there was one.
Result<std::string> without_login(std::string_view json, std::string_view domain, bool& had);
/// The credential helper that the file names for this registry, which other tools ask instead of `auths`; "" = none.
Result<std::string> helper_of(std::string_view json, std::string_view domain);

/// Asks the registry whether it takes these credentials (OpenOptions::username and password).
/// domain: "ghcr.io", "localhost:5000", "docker.io".
/// errors: unavailable (refused; it cannot be reached), invalid_input (no host).
Result<> try_login(std::string_view domain, const OpenOptions& options);

}  // namespace eclair::image
