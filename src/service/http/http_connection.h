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

#include "service/http/event_loop.h"
#include "service/http/http_core.h"
#include "service/http/request_reader.h"
#include "service/http/router.h"
#include "service/http/transport.h"
#include "service/http/wire_reply.h"
#include "util/cancel.h"

namespace eclair::service {

/// One request and what came of it. Shared by the connection and the worker; the worker reads `request`, and may see `stop` set meanwhile.
struct HttpExchange {
  explicit HttpExchange(const Cancel* whole) : stop(whole) {}
  Request request;
  Cancel stop;
  const Route* route = nullptr;
  const Api* api = nullptr;
  bool http_1_0 = false, keep_alive = false, gzip = false;
  std::chrono::steady_clock::time_point started;
};

/// One connection: reads a request, has it answered, sends the reply, and begins again.
/// It belongs to one loop, whose thread alone touches it; so there are no locks. A handler runs on a worker, is given an HttpExchange, and makes
/// the bytes of the reply there, compression included; the loop sends them, and drops them when the connection has given up on that exchange
/// meanwhile. Time limits are a point in time, looked at by sweep(): a timer for each step of each request would cost more than the request.
class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  using Clock = std::chrono::steady_clock;
  /// What it came through.
  struct Door {
    const Router& router;
    bool tls = false;
    bool refuse = false;  ///< there are too many: it is told so
  };
  /// socket: accepted; it is closed in the end. gone: called once, when the connection has ended.
  HttpConnection(HttpCore& core, EventLoop& loop, Door door, int socket, std::function<void(const std::shared_ptr<HttpConnection>&)> gone);

  void start();
  void sweep(Clock::time_point now);  ///< looks at the time and at whether the client is still there
  void begin_stop();                  ///< the server stops: what waits for a client ends now
  /// politely: the client is told by an end, where that can be said without waiting.
  void close(bool politely);

 private:
  enum class State : std::uint8_t {
    handshake,
    idle,      ///< between requests
    head,      ///< some of a request is there
    body,
    handling,  ///< a worker has it
    writing,
    asking,    ///< a worker asks the stream
    waiting,   ///< the stream had nothing
    draining,  ///< all is said; what the client still sends is thrown away, so that it reads the reply before a reset
    closed,
  };
  using Step = void (HttpConnection::*)();

  void allow(std::chrono::milliseconds time);
  void wait_for(Transport::Status status, Step then);
  void handshake();

  // reading
  void next_request();
  std::size_t unread() const { return bytes_.size() - from_; }
  Transport::Status read_some(std::size_t& count);
  void read();
  bool parse();
  bool is_http2() const;
  bool take_head();
  bool admitted();

  // answers without a worker
  Reply error(int status, std::string_view message) const;
  void refuse(Reply reply);
  void broken(int status);
  void full();
  void beyond();
  void time_is_up();

  // answers of handlers
  Compression compression() const;
  ReplyTerms terms(const HttpExchange& exchange) const;
  void dispatch();
  void work(const std::shared_ptr<HttpExchange>& exchange);
  Reply handle(const HttpExchange& exchange) const;

  // writing
  void send(WireReply wire);
  void begin_write();
  std::string_view part(std::size_t i) const;
  void write();
  void written();
  void ask_stream();
  void stream_gave(std::optional<std::string> piece);
  void finish();
  void drain();
  void tell_served(bool complete);

  HttpCore& core_;
  EventLoop& loop_;
  const Door door_;
  EventLoop::Watched socket_;
  std::function<void(const std::shared_ptr<HttpConnection>&)> gone_;
  std::unique_ptr<Transport> transport_;
  std::string peer_;
  State state_ = State::handshake;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::string bytes_;     // what has come
  std::size_t from_ = 0;  // and up to where it was used
  std::unique_ptr<RequestReader> reader_;
  std::size_t progress_ = 0;
  std::shared_ptr<HttpExchange> exchange_;
  WireReply wire_;
  std::shared_ptr<Stream> stream_;
  std::size_t part_ = 0, offset_ = 0;  // of the reply: up to where it went
  std::uint64_t sent_ = 0;
};

}  // namespace eclair::service
