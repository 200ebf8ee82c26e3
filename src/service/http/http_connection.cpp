// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The second half of a connection: its life, the workers, and what is written. http_connection_read.cpp has the first.
#include "service/http/http_connection.h"

#include <sys/uio.h>

#include <cstdio>
#include <exception>
#include <utility>

#include "service/http/listening_socket.h"
#include "service/http/tls.h"

namespace eclair::service {
namespace http_connection_detail {

using std::chrono::milliseconds;

constexpr milliseconds kLook{100};     // until a request is one that the client may have given up
constexpr milliseconds kDrain{3'000};  // for what a client still sends after a reply that ends the connection
constexpr int kDrainsInARow = 16;
constexpr std::size_t kReplyProgress = 64u << 10;  // in ServerOptions::stall_time
constexpr std::size_t kPieces = 512;               // of one system call; at most 1024

}  // namespace http_connection_detail

HttpConnection::HttpConnection(HttpCore& core, EventLoop& loop, Door door, int socket, std::function<void(const std::shared_ptr<HttpConnection>&)> gone)
    : core_(core), loop_(loop), door_(door), socket_(loop, socket), gone_(std::move(gone)) {}

void HttpConnection::start() {
  peer_ = peer_of(socket_.descriptor());
  transport_ = door_.tls ? core_.options.tls->transport(socket_.descriptor()) : plain_transport(socket_.descriptor());
  state_ = State::handshake;
  allow(core_.options.header_time);
  handshake();
}

void HttpConnection::sweep(Clock::time_point now) {
  if (state_ == State::handling) {
    if (now >= deadline_) return time_is_up();
    if (!exchange_->stop.requested() && now - exchange_->started > http_connection_detail::kLook && is_peer_gone(socket_.descriptor())) exchange_->stop.request();
    return;
  }
  if (state_ == State::waiting) {
    if (is_peer_gone(socket_.descriptor())) return close(false);
    if (now >= deadline_ || core_.stopping) ask_stream();
    return;
  }
  if (state_ != State::asking && now >= deadline_) close(false);
}

void HttpConnection::begin_stop() {
  if (state_ == State::idle || state_ == State::handshake || state_ == State::draining) close(true);
}

void HttpConnection::close(bool politely) {
  if (state_ == State::closed) return;
  const bool unanswered = state_ == State::handling || state_ == State::writing || state_ == State::asking || state_ == State::waiting;
  if (unanswered && exchange_ != nullptr) tell_served(false);
  state_ = State::closed;
  if (exchange_ != nullptr) exchange_->stop.request();
  if (politely) transport_->end();
  socket_.close();
  wire_ = {};
  stream_.reset();
  core_.leave();
  std::exchange(gone_, nullptr)(shared_from_this());
}

void HttpConnection::allow(std::chrono::milliseconds time) { deadline_ = time.count() == 0 ? Clock::time_point::max() : Clock::now() + time; }

/// Goes on with `then` once the socket is ready for what `status` names.
void HttpConnection::wait_for(Transport::Status status, Step then) {
  const auto what = status == Transport::Status::want_write ? EventLoop::Watched::Ready::write : EventLoop::Watched::Ready::read;
  socket_.wait(what, [self = shared_from_this(), then] {
    if (self->state_ != State::closed) (*self.*then)();
  });
}

void HttpConnection::handshake() {
  const Transport::Status status = transport_->handshake();
  if (status == Transport::Status::closed) return close(false);
  if (status != Transport::Status::done) return wait_for(status, &HttpConnection::handshake);
  next_request();
}

Compression HttpConnection::compression() const { return exchange_->api == nullptr ? Compression::never : exchange_->api->compression; }

ReplyTerms HttpConnection::terms(const HttpExchange& exchange) const {
  return {.http_1_0 = exchange.http_1_0,
          .keep_alive = exchange.keep_alive && !core_.stopping,
          .head_only = exchange.request.method == Method::head,
          .gzip = exchange.gzip,
          .compression = exchange.api == nullptr ? Compression::never : exchange.api->compression,
          .request_id = exchange.request.id};
}

void HttpConnection::dispatch() {
  HttpExchange& exchange = *exchange_;
  exchange.request.body = reader_->take_body();
  exchange.request.stop = &exchange.stop;
  state_ = State::handling;
  allow(core_.options.request_time);
  WorkerPool& pool = exchange.route->long_running ? core_.analysis : core_.quick;
  if (!pool.post([self = shared_from_this(), kept = exchange_] { self->work(kept); })) full();
}

/// On a worker. Nothing of the connection is touched but what never changes.
void HttpConnection::work(const std::shared_ptr<HttpExchange>& exchange) {
  if (exchange->stop.requested()) return;
  try {
    Reply reply = handle(*exchange);
    auto wire = std::make_shared<WireReply>(to_wire(std::move(reply), terms(*exchange)));  // terms as they are now: we may be stopping
    loop_.post([self = shared_from_this(), exchange, wire] {
      if (self->exchange_ == exchange && self->state_ == State::handling) self->send(std::move(*wire));
    });
  } catch (const std::exception& e) {
    // No memory for the reply, most likely: there is none for another one either.
    core_.tell_trouble(exchange->request.id, e.what());
    loop_.post([self = shared_from_this(), exchange] {
      if (self->exchange_ == exchange) self->close(false);
    });
  }
}

Reply HttpConnection::handle(const HttpExchange& exchange) const {
  std::string what;
  try {
    return exchange.route->handle(exchange.request);
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {
    what = "an exception of an unknown kind";
  }
  core_.tell_trouble(exchange.request.id, std::string(exchange.route->name) + ": " + what);
  try {
    if (exchange.api->error) return exchange.api->error(500, "internal error, request " + exchange.request.id);
  } catch (const std::exception&) {
    // told above what went wrong first
  }
  return plain_text(500, "internal error");
}

void HttpConnection::time_is_up() {
  exchange_->stop.request();
  Reply reply;
  try {
    const Api* const api = exchange_->api;
    reply = api != nullptr && api->timed_out ? api->timed_out() : error(503, "the time limit for a request is over");
  } catch (const std::exception& e) {
    reply = plain_text(503, e.what());
  }
  const auto terms_now = terms(*exchange_);
  send(to_wire(std::move(reply), terms_now));
}

void HttpConnection::send(WireReply wire) {
  wire_ = std::move(wire);
  stream_ = std::move(wire_.stream);
  sent_ = 0;
  begin_write();
}

void HttpConnection::begin_write() {
  state_ = State::writing;
  part_ = offset_ = 0;
  progress_ = 0;
  allow(core_.options.stall_time);
  write();
}

std::string_view HttpConnection::part(std::size_t i) const {
  if (i == 0) return wire_.head;
  if (i == 1) return wire_.body;
  return *wire_.pieces[i - 2];
}

void HttpConnection::write() {
  const std::size_t parts = wire_.pieces.size() + 2;
  while (true) {
    iovec vectors[http_connection_detail::kPieces];
    std::size_t count = 0;
    std::size_t from = offset_;
    for (std::size_t i = part_; i < parts && count < http_connection_detail::kPieces; ++i, from = 0) {
      const std::string_view bytes = part(i).substr(from);
      if (!bytes.empty()) vectors[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
    }
    if (count == 0) return written();
    std::size_t went = 0;
    const Transport::Status status = transport_->write({vectors, count}, went);
    if (status == Transport::Status::closed) return close(false);
    if (status != Transport::Status::done) return wait_for(status, &HttpConnection::write);
    sent_ += went;
    if ((progress_ += went) >= http_connection_detail::kReplyProgress) {
      progress_ = 0;
      allow(core_.options.stall_time);
    }
    while (part_ < parts && went >= part(part_).size() - offset_) {
      went -= part(part_).size() - offset_;
      offset_ = 0;
      ++part_;
    }
    offset_ += went;
  }
}

void HttpConnection::written() {
  if (stream_ != nullptr) return ask_stream();
  tell_served(true);
  if (!wire_.keep_alive || core_.stopping) return finish();
  // Not from here: requests that were sent in a row would each add to the stack.
  if (unread() > 0) return loop_.post([self = shared_from_this()] {
    if (self->state_ != State::closed) self->next_request();
  });
  next_request();
}

/// The reply is out. A client that is still sending gets some time to notice.
void HttpConnection::finish() {
  state_ = State::draining;
  const bool all_read = reader_ != nullptr && reader_->done() && unread() == 0;
  if (all_read) return close(true);
  exchange_.reset();
  transport_->end();
  allow(http_connection_detail::kDrain);
  drain();
}

void HttpConnection::drain() {
  for (int i = 0; i < http_connection_detail::kDrainsInARow; ++i) {
    bytes_.clear();
    from_ = 0;
    std::size_t count = 0;
    const Transport::Status status = read_some(count);
    if (status == Transport::Status::closed) return close(false);
    if (status != Transport::Status::done) return wait_for(status, &HttpConnection::drain);
  }
  loop_.post([self = shared_from_this()] {
    if (self->state_ == State::draining) self->drain();
  });
}

void HttpConnection::ask_stream() {
  if (core_.stopping) return stream_gave(std::string{});
  state_ = State::asking;
  const bool taken = core_.quick.post([self = shared_from_this(), kept = exchange_, stream = stream_] {
    std::optional<std::string> piece = std::string{};
    try {
      piece = stream->next();
    } catch (const std::exception& e) {
      self->core_.tell_trouble(kept->request.id, e.what());
    }
    self->loop_.post([self, kept, piece = std::move(piece)]() mutable {
      if (self->state_ == State::asking && self->exchange_ == kept) self->stream_gave(std::move(piece));
    });
  });
  if (!taken) stream_gave(std::nullopt);
}

void HttpConnection::stream_gave(std::optional<std::string> piece) {
  if (!piece) {
    state_ = State::waiting;
    return allow(core_.options.stream_pause);
  }
  if (piece->empty()) stream_.reset();
  wire_.head.clear();
  wire_.pieces.clear();
  if (wire_.chunked) {
    char size[24];
    wire_.head.assign(size, static_cast<std::size_t>(std::snprintf(size, sizeof size, "%zx\r\n", piece->size())));
    *piece += "\r\n";
  }
  wire_.body = std::move(*piece);
  begin_write();
}

void HttpConnection::tell_served(bool complete) {
  if (!core_.options.served || exchange_ == nullptr) return;
  const std::chrono::duration<double, std::milli> took = Clock::now() - exchange_->started;
  core_.options.served({.request = exchange_->request,
                        .route = exchange_->route != nullptr ? exchange_->route->name : std::string_view{},
                        .status = wire_.status,
                        .bytes = sent_,
                        .milliseconds = took.count(),
                        .complete = complete});
}

}  // namespace eclair::service
