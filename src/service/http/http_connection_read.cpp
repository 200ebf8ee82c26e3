// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The first half of a connection: from bytes to a request that a handler may have, or to a refusal.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <random>
#include <utility>

#include "service/http/http_connection.h"
#include "service/http/target.h"
#include "util/text.h"

namespace eclair::service {
namespace http_connection_read_detail {

constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kBodyProgress = 16u << 10;  // in ServerOptions::stall_time
constexpr int kReadsInARow = 16;                  // of one client; then the others have their turn

/// The client's own id where it can be put into a log line and a header as it is, else a random one.
std::string request_id(std::string_view given) {
  bool sane = !given.empty() && given.size() <= 128;
  for (const char c : given) sane = sane && (text::is_alpha(c) || text::is_digit(c) || std::string_view("-_.:/+=").find(c) != std::string_view::npos);
  if (sane) return std::string(given);
  thread_local std::mt19937_64 random{std::random_device{}()};
  char hex[20];
  return std::string(hex, static_cast<std::size_t>(std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(random()))));
}

std::size_t count_of(const Request& request, std::string_view header) {
  return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& one) { return one.first == header; }));
}

}  // namespace http_connection_read_detail

void HttpConnection::next_request() {
  exchange_.reset();
  wire_ = {};
  reader_.reset();
  if (unread() == 0 && core_.stopping) return close(true);
  state_ = State::idle;
  allow(core_.options.idle_time);
  if (unread() > 0) {
    if (parse()) read();
    return;
  }
  bytes_ = {};  // thousands may wait here
  from_ = 0;
  if (transport_->pending()) return read();
  wait_for(Transport::Status::want_read, &HttpConnection::read);
}

/// Appends what has come to bytes_.
Transport::Status HttpConnection::read_some(std::size_t& count) {
  constexpr std::size_t kRoom = http_connection_read_detail::kReadBytes;
  bytes_.erase(0, from_);
  from_ = 0;
  const std::size_t before = bytes_.size();
  bytes_.resize(before + kRoom);
  count = 0;
  const Transport::Status status = transport_->read(bytes_.data() + before, kRoom, count);
  bytes_.resize(before + count);
  return status;
}

void HttpConnection::read() {
  for (int i = 0; i < http_connection_read_detail::kReadsInARow; ++i) {
    std::size_t count = 0;
    const Transport::Status status = read_some(count);
    if (status == Transport::Status::closed) return close(state_ == State::idle);
    if (status != Transport::Status::done) return wait_for(status, &HttpConnection::read);
    if (state_ == State::body && (progress_ += count) >= http_connection_read_detail::kBodyProgress) {
      progress_ = 0;
      allow(core_.options.stall_time);
    }
    if (!parse()) return;
  }
  loop_.post([self = shared_from_this()] {
    if (self->state_ != State::closed) self->read();
  });
}

/// Whether more bytes are wanted; else something else goes on.
bool HttpConnection::parse() {
  if (state_ == State::idle) {
    // Some clients end a body with a line end that they do not count.
    while (unread() > 0 && (bytes_[from_] == '\r' || bytes_[from_] == '\n')) ++from_;
    if (unread() == 0) return true;
    state_ = State::head;
    allow(core_.options.header_time);
    if (is_http2()) return close(true), false;
    reader_ = std::make_unique<RequestReader>(core_.options.header_bytes);
  }
  while (unread() > 0) {
    std::size_t used = 0;
    const RequestReader::Status status = reader_->take(std::string_view(bytes_).substr(from_), used);
    from_ += used;
    switch (status) {
      case RequestReader::Status::more: return true;
      case RequestReader::Status::broken: return broken(400), false;
      case RequestReader::Status::long_head: return broken(431), false;
      case RequestReader::Status::beyond: return beyond(), false;
      case RequestReader::Status::done: return dispatch(), false;
      case RequestReader::Status::head:
        if (!take_head()) return false;
        if (reader_->done()) return dispatch(), false;
    }
  }
  return true;
}

bool HttpConnection::is_http2() const {
  constexpr std::string_view kPreface = "PRI * HTTP/2";
  const std::string_view seen = std::string_view(bytes_).substr(from_, kPreface.size());
  return seen.size() >= 4 && kPreface.substr(0, seen.size()) == seen;
}

/// The head is there: decides what is done with the request. false: it was answered.
bool HttpConnection::take_head() {
  exchange_ = std::make_shared<HttpExchange>(&core_.abandon);
  HttpExchange& exchange = *exchange_;
  exchange.started = Clock::now();
  RequestHead head = reader_->head();
  Request& request = exchange.request;
  request.method = head.method;
  request.peer = peer_;
  request.headers = std::move(head.headers);
  request.id = http_connection_read_detail::request_id(request.header("x-request-id"));
  exchange.http_1_0 = head.http_1_0;
  exchange.keep_alive = head.keep_alive;
  const std::optional<Target> target = take_target_apart(head.target);
  const std::size_t hosts = http_connection_read_detail::count_of(request, "host");
  if (!target || hosts > 1 || (hosts == 0 && !exchange.http_1_0)) return broken(400), false;
  // A body in an encoding that we do not undo would be taken for another one.
  const std::size_t encodings = http_connection_read_detail::count_of(request, "transfer-encoding");
  const bool chunked = encodings == 1 && text::iequals(request.header("transfer-encoding"), "chunked");
  if (encodings > 0 && (!chunked || exchange.http_1_0)) return broken(chunked ? 400 : 501), false;
  request.path = std::string(target->path);
  request.query = parse_query(target->query);

  Router::Found found = door_.router.find(request.method, request.path);
  exchange.route = found.route;
  exchange.api = found.api;
  exchange.gzip = accepts_gzip(request.header("accept-encoding"), compression());
  if (door_.refuse) {
    exchange.keep_alive = false;
    return full(), false;
  }
  if (found.broken) return broken(400), false;
  if (found.other_method) return refuse(exchange.api->prefix.empty() ? plain_wrong_method() : error(405, "method not allowed")), false;
  if (found.route == nullptr) return refuse(exchange.api == nullptr ? plain_not_found() : error(404, "not found")), false;
  request.params = std::move(found.params);
  if (!admitted()) return false;

  const std::uint64_t bound = found.route->max_body_bytes;
  if (head.length && *head.length > bound && !found.api->cuts_bodies) return beyond(), false;
  reader_->allow_body(bound);
  state_ = State::body;
  progress_ = 0;
  allow(core_.options.stall_time);
  if (!reader_->done() && !exchange.http_1_0 && text::iequals(request.header("expect"), "100-continue")) {
    // A client that does not get these 25 bytes into an empty buffer sends its body without them.
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    const iovec piece{const_cast<char*>(kContinue.data()), kContinue.size()};
    std::size_t count = 0;
    if (transport_->write({&piece, 1}, count) != Transport::Status::done) return close(false), false;
  }
  return true;
}

bool HttpConnection::admitted() {
  HttpExchange& exchange = *exchange_;
  if (!core_.options.admit) {
    exchange.request.who = {"", Role::admin, {}};
    return true;
  }
  std::optional<Identity> who = core_.options.admit(exchange.request, transport_->certificate());
  if (who) exchange.request.who = std::move(*who);
  if (exchange.route->role == Role::none) return true;
  if (!who) {
    Reply reply = error(401, "authentication required");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer, Basic realm=\"eclair\"");
    return refuse(std::move(reply)), false;
  }
  if (exchange.request.who.role < exchange.route->role) return refuse(error(403, "not allowed with this key")), false;
  return true;
}

/// In the words of the API; nothing that those throw gets out.
Reply HttpConnection::error(int status, std::string_view message) const {
  const Api* const api = exchange_ != nullptr ? exchange_->api : nullptr;
  if (api != nullptr && api->error) {
    try {
      return api->error(status, message);
    } catch (const std::exception& e) {
      core_.tell_trouble(exchange_->request.id, e.what());
    }
  }
  return plain_text(status, message);
}

/// Answers without a worker. Whatever of the request has not been read ends the connection.
void HttpConnection::refuse(Reply reply) {
  if (!reader_->done()) exchange_->keep_alive = false;
  send(to_wire(std::move(reply), terms(*exchange_)));
}

/// What does not make sense here may not be cut where we think: the connection ends.
void HttpConnection::broken(int status) {
  if (exchange_ == nullptr) {
    exchange_ = std::make_shared<HttpExchange>(&core_.abandon);
    exchange_->started = Clock::now();
    exchange_->request.peer = peer_;
    exchange_->request.id = http_connection_read_detail::request_id({});
  }
  exchange_->keep_alive = false;
  Reply reply = plain_text(status, std::to_string(status) + " " + std::string(reason_of(status)));
  reply.body.pop_back();
  refuse(std::move(reply));
}

void HttpConnection::full() {
  ++core_.refused;
  Reply reply = error(503, "the server is busy, try again later");
  reply.headers.emplace_back("Retry-After", std::to_string(core_.options.retry_after_seconds));
  refuse(std::move(reply));
}

void HttpConnection::beyond() {
  if (exchange_->api->cuts_bodies) {
    exchange_->request.truncated = true;
    exchange_->keep_alive = false;
    return dispatch();
  }
  exchange_->keep_alive = false;
  refuse(error(413, "the body is larger than " + std::to_string(exchange_->route->max_body_bytes) + " bytes"));
}

}  // namespace eclair::service
