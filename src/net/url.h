// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace eclair::net {

/// A URL taken apart, scheme and host in lower case; parts are "" where it has none, the port is the scheme's where none is given.
struct Url {
  std::string scheme, host, port, path;
  bool ok = false;  ///< http or https, with a host
};
Url take_apart(const std::string& text);

/// Whether what is meant for `from` may be told `to`: the same host and port, or the same host asking for TLS.
bool same_server(const std::string& from, const std::string& to);
/// "registry.example.com:5000" of a URL; never user names, paths or queries, which may hold secrets. "" for what is not a URL.
std::string host_of(std::string_view url);
/// `location` as seen from `base`; "" when it is not http or https.
std::string resolve_url(const std::string& base, const std::string& location);
/// localhost, 127.0.0.0/8 and [::1], with or without a port.
bool is_loopback(std::string_view host_and_port);

}  // namespace eclair::net
