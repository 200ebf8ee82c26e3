// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "util/result.h"

namespace eclair::service {

/// A socket that connections come to; non-blocking. The descriptor is the caller's.
struct ListeningSocket {
  int descriptor = -1;
  std::uint16_t port = 0;  ///< that it got
};
/// address: numeric, IPv4 or IPv6; "::" takes IPv4 too. errors: invalid_input (no address), unavailable.
Result<ListeningSocket> listen_on(const std::string& address, std::uint16_t port);

/// The next connection, non-blocking and without delays, or -1 with errno (EAGAIN: there is none now).
int accept_from(int listening);

/// Who is at the other end: "192.0.2.7", "2001:db8::1"; "" where that cannot be told.
std::string peer_of(int socket);

/// Whether the other end has closed its side. One that only says that it has nothing more to ask looks the same.
bool is_peer_gone(int socket);

}  // namespace eclair::service
