// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "image/reference.h"
#include "image/source.h"
#include "util/result.h"

namespace eclair::image {

/// What to show a registry that asks who we are. At most one of: user name and password, identity token, registry token.
struct Credentials {
  std::string username, password;
  std::string identity_token;  ///< exchanged for a token at the registry's token service
  std::string registry_token;  ///< sent as it is
  std::string origin;          ///< where they are from, for messages: "--username", "ECLAIR_USERNAME", a file
  std::string helper;          ///< a credential helper that is configured for this registry; never run, but named when we are refused
  std::vector<std::string> notes;  ///< files that could not be read, entries that make no sense
  bool empty() const { return username.empty() && password.empty() && identity_token.empty() && registry_token.empty(); }
};

/// An environment variable, "" when it is not set.
using Environment = std::function<std::string(const char* name)>;

/// Looks in this order, and takes the first that has something for this registry: the options; ECLAIR_REGISTRY_TOKEN, or ECLAIR_USERNAME and
/// ECLAIR_PASSWORD; $DOCKER_CONFIG/config.json or ~/.docker/config.json; $REGISTRY_AUTH_FILE; $XDG_RUNTIME_DIR/containers/auth.json;
/// $XDG_CONFIG_HOME or ~/.config/containers/auth.json. A file that cannot be read becomes a note.
Credentials find_credentials(const Reference& reference, const OpenOptions& options, const Environment& environment);

/// What one configuration file (docker's or podman's) has for a registry; empty when nothing. The longest key that leads to the
/// repository wins: "ghcr.io/acme/api", "ghcr.io/acme", "ghcr.io".  errors: invalid_input.
Result<Credentials> parse_credentials(std::string_view json, const Reference& reference);

}  // namespace eclair::image
