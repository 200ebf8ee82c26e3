// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace eclair::tests {

/// A server on loopback that answers each connection once, with the very bytes a test gives it, and then closes: so that every fault is
/// a value. One thread a connection; the destructor waits for all.
class HttpServer {
 public:
  struct Reply {
    std::string bytes;          ///< head and body as sent; "" = close without a word
    unsigned pause_ms = 0;      ///< after the bytes, before closing
    unsigned drip_ms = 0;       ///< before each of the bytes behind the head; 0: all at once
  };
  /// request: head and body as received. Called from the connection's thread.
  using Handler = std::function<Reply(const std::string& request)>;

  explicit HttpServer(Handler handler) : handler_(std::move(handler)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0) std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept_all(); });
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer() {
    stopping_ = true;
    thread_.join();
    ::close(listener_);
    for (std::thread& t : connections_) t.join();
  }

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url(const std::string& path) const { return "http://" + host() + path; }
  std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void accept_all() {
    while (!stopping_) {
      pollfd waiting{listener_, POLLIN, 0};
      if (::poll(&waiting, 1, 20) <= 0) continue;
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection >= 0) connections_.emplace_back([this, connection] { serve(connection); });
    }
  }

  void serve(int connection) {
    std::string request;
    char chunk[4096];
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
      pollfd waiting{connection, POLLIN, 0};
      if (::poll(&waiting, 1, 20) == 0) {
        if (stopping_) break;
        continue;
      }
      const ssize_t n = ::recv(connection, chunk, sizeof chunk, 0);
      if (n <= 0) break;
      request.append(chunk, static_cast<std::size_t>(n));
      if (request[0] == 0x16) break;  // TLS: no head will come
      const std::size_t end = request.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const std::size_t length = request.find("Content-Length: ");
      wanted = end + 4 + (length < end ? static_cast<std::size_t>(std::atol(request.c_str() + length + 16)) : 0);
    }
    if (!request.empty()) {
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      const Reply reply = handler_(request);
      std::string_view rest = reply.bytes;
      while (!rest.empty()) {
        const bool drips = reply.drip_ms > 0 && rest.size() + 4 <= reply.bytes.size() && reply.bytes.find("\r\n\r\n") <= reply.bytes.size() - rest.size() - 4;
        if (drips) std::this_thread::sleep_for(std::chrono::milliseconds(reply.drip_ms));
        const std::size_t head = reply.drip_ms > 0 ? std::min(rest.size(), reply.bytes.find("\r\n\r\n") + 4) : rest.size();
        const ssize_t n = stopping_ ? -1 : ::send(connection, rest.data(), drips ? 1 : head, MSG_NOSIGNAL);
        if (n <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(n));
      }
      for (unsigned waited = 0; waited < reply.pause_ms && !stopping_; waited += 10) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ::shutdown(connection, SHUT_WR);
    // What the peer still had to say is taken, so that closing does not reset what it has not read yet.
    pollfd waiting{connection, POLLIN, 0};
    while (::poll(&waiting, 1, 50) > 0 && ::recv(connection, chunk, sizeof chunk, 0) > 0) {
    }
    ::close(connection);
  }

  Handler handler_;
  int listener_;
  int port_ = 0;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> connections_;
  std::thread thread_;
};

/// "HTTP/1.1 200 OK" with a length, further headers (each ending in \r\n) and the body.
inline std::string answer(int status, const std::string& body, const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

inline bool starts(const std::string& request, std::string_view with) { return request.compare(0, with.size(), with) == 0; }
inline bool has(const std::string& request, std::string_view part) { return request.find(part) != std::string::npos; }

}  // namespace eclair::tests
