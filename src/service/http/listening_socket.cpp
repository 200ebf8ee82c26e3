// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/listening_socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "util/text.h"

namespace eclair::service {
namespace listening_socket_detail {

constexpr int kBacklog = 1024;

std::string reason() { return std::generic_category().message(errno); }

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

}  // namespace listening_socket_detail

Result<ListeningSocket> listen_on(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &wanted, &list) != 0) {
    return fail(Errc::invalid_input, "not an address to listen on: " + text::quoted(address));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> found(list, &::freeaddrinfo);
  const std::string where = (list->ai_family == AF_INET6 ? "[" + address + "]" : address) + ":" + std::to_string(port);

  ListeningSocket out;
  out.descriptor = ::socket(list->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1, off = 0;
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  const bool listens = out.descriptor >= 0 && ::setsockopt(out.descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
                       (list->ai_family != AF_INET6 || ::setsockopt(out.descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
                       ::bind(out.descriptor, list->ai_addr, list->ai_addrlen) == 0 && ::listen(out.descriptor, listening_socket_detail::kBacklog) == 0 &&
                       ::getsockname(out.descriptor, reinterpret_cast<sockaddr*>(&bound), &size) == 0;
  if (!listens) {
    const std::string why = listening_socket_detail::reason();
    if (out.descriptor >= 0) ::close(out.descriptor);
    return fail(Errc::unavailable, "listening on " + where + ": " + why);
  }
  out.port = listening_socket_detail::port_of(bound);
  return out;
}

int accept_from(int listening) {
  const int socket = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  const int on = 1;
  if (socket >= 0) ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

std::string peer_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  char text[INET6_ADDRSTRLEN] = "";
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  if (address.ss_family == AF_INET) {
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
  } else if (address.ss_family == AF_INET6) {
    const in6_addr& v6 = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
    // One listener takes both families: an IPv4 client is shown as one.
    if (IN6_IS_ADDR_V4MAPPED(&v6)) ::inet_ntop(AF_INET, &v6.s6_addr[12], text, sizeof text);
    else ::inet_ntop(AF_INET6, &v6, text, sizeof text);
  }
  return text;
}

bool is_peer_gone(int socket) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  return info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE;
}

}  // namespace eclair::service
