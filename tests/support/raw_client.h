// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace eclair::tests {

/// A socket to a server on loopback, for tests that send exactly the bytes that they mean.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { close(); }

  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  void end() { ::shutdown(socket_, SHUT_WR); }

  /// false: the other side does not take it.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  /// More bytes; "" = the end, a reset, or none in time. ended() tells.
  std::string some(int timeout_ms = 5000) {
    pollfd waiting{socket_, POLLIN, 0};
    if (::poll(&waiting, 1, timeout_ms) <= 0) return {};
    char buffer[65536];
    const ssize_t n = ::recv(socket_, buffer, sizeof buffer, 0);
    if (n <= 0) {
      ended_ = true;
      return {};
    }
    return {buffer, static_cast<std::size_t>(n)};
  }
  bool ended() const { return ended_; }

  /// Everything until the other side closes.
  std::string rest(int timeout_ms = 5000) {
    std::string out = std::move(kept_);
    kept_.clear();
    while (true) {
      const std::string more = some(timeout_ms);
      if (more.empty()) return out;
      out += more;
    }
  }

  /// Everything until `mark` has come, the mark included; what follows is kept for the next call.
  std::string until(std::string_view mark) {
    std::string seen = std::move(kept_);
    kept_.clear();
    std::size_t at;
    while ((at = seen.find(mark)) == std::string::npos) {
      const std::string more = some();
      if (more.empty()) return seen;
      seen += more;
    }
    kept_ = seen.substr(at + mark.size());
    seen.resize(at + mark.size());
    return seen;
  }

  struct Reply {
    int status = 0;
    std::string head, body;
    bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
  };
  /// One reply with a Content-Length or in chunks (decoded).
  Reply reply(bool without_body = false) {
    Reply out;
    out.head = until("\r\n\r\n");
    if (out.head.size() > 12) out.status = std::atoi(out.head.c_str() + 9);
    if (without_body) return out;
    if (out.has("Transfer-Encoding: chunked")) {
      while (true) {
        const std::size_t size = std::strtoul(until("\r\n").c_str(), nullptr, 16);
        const std::string chunk = exactly(size + 2);
        if (size == 0 || chunk.size() != size + 2) return out;
        out.body += chunk.substr(0, size);
      }
    }
    const std::size_t length = out.head.find("Content-Length: ");
    if (length != std::string::npos) out.body = exactly(static_cast<std::size_t>(std::atol(out.head.c_str() + length + 16)));
    return out;
  }
  Reply ask(std::string_view request, bool without_body = false) {
    send(request);
    return reply(without_body);
  }

 private:
  std::string exactly(std::size_t count) {
    std::string seen = std::move(kept_);
    kept_.clear();
    while (seen.size() < count) {
      const std::string more = some();
      if (more.empty()) return seen;
      seen += more;
    }
    kept_ = seen.substr(count);
    seen.resize(count);
    return seen;
  }

  int socket_;
  std::string kept_;
  bool ended_ = false;
};

}  // namespace eclair::tests
