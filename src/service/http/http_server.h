// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/http/http.h"
#include "util/result.h"

/// HTTP/1.1 (and 1.0) on some addresses, for some APIs. Beast reads requests; sockets, time limits, pools and shutdown are ours.
namespace eclair::service {

class Tls;

/// An address to listen on.
struct Listener {
  std::string address = "127.0.0.1";  ///< numeric, IPv4 or IPv6
  std::uint16_t port = 0;             ///< 0 = any free one; HttpServer::ports() tells which
  bool tls = false;                   ///< by ServerOptions::tls, which must be there
  std::vector<std::string> apis;      ///< ids of those that are served here, in order
};

/// A request that was answered, for logs and metrics. Views hold for the call.
struct Served {
  const Request& request;
  std::string_view route;  ///< Route::name; "" = none was found
  int status = 0;
  std::uint64_t bytes = 0;   ///< of the reply, head included
  double milliseconds = 0;   ///< from the last byte of its head to the last byte of the reply
  bool complete = true;      ///< false: the client went away before
};

struct ServerOptions {
  std::vector<Listener> listeners;
  std::shared_ptr<const Tls> tls;
  unsigned io_threads = 1;
  unsigned quick_workers = 2, analysis_workers = 2;
  std::size_t quick_queue = 1024, analysis_queue = 256;  ///< requests that wait for a worker; further ones get 503
  std::size_t connections = 4096;                        ///< further ones get 503 and are closed
  std::uint32_t header_bytes = 16u << 10;                ///< request line and headers; more is answered with 431
  std::uint32_t retry_after_seconds = 5;                 ///< told with a 503
  std::chrono::milliseconds header_time{10'000};         ///< from the first byte of a request, or the start of TLS, to the end of its head
  std::chrono::milliseconds stall_time{30'000};          ///< in which at least 16 KiB of a body, or 64 KiB of a reply, must move
  std::chrono::milliseconds idle_time{120'000};          ///< between requests of a connection
  std::chrono::milliseconds request_time{900'000};       ///< from head to reply; then 503 by Api::timed_out. 0 = no limit
  std::chrono::milliseconds stream_pause{500};           ///< until a Stream that had nothing is asked again

  /// Who asks; nullopt = nobody that is known (401). certificate: what the client's says of itself, "" = none.
  /// Not set: everybody may do everything. Called on an I/O thread: must be quick.
  std::function<std::optional<Identity>(const Request& request, std::string_view certificate)> admit;
  std::function<void(const Served& served)> served;  ///< called on an I/O thread: must be quick
  /// What nobody else can tell: an exception out of a handler, an accept that failed. request: "" = of none.
  std::function<void(std::string_view request, std::string_view what)> trouble;
};

/// A running server. SIGPIPE must be ignored in the program.
/// Of each connection one request is handled at a time, in order. Handlers run on the pools' threads, any number of one at a time.
class HttpServer {
 public:
  /// Listens. errors: unavailable (an address that cannot be had), invalid_input (an address that is none, an API that is not there).
  static Result<std::unique_ptr<HttpServer>> start(ServerOptions options, std::vector<Api> apis);
  ~HttpServer();  ///< stop() without grace
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  const std::vector<std::uint16_t>& ports() const;  ///< of the listeners, in order

  /// Accepts no more, ends idle connections and streams, lets requests finish for `grace`, then cancels and closes the rest. Once.
  void stop(std::chrono::milliseconds grace);

  struct Load {
    std::size_t connections = 0;
    std::size_t quick_running = 0, quick_queued = 0, analysis_running = 0, analysis_queued = 0;
    std::uint64_t refused = 0;  ///< connections and requests that got 503 because something was full
  };
  Load load() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
