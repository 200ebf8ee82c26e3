// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Who does what. Each connection belongs to one loop: an io_context with one thread, which alone touches the connection; so there are no
// locks. A handler runs on a worker of one of two pools, is given an Exchange (request, what stops it) and makes the bytes of the reply
// there, compression included; the loop sends them, and drops them when the connection has given up on that exchange meanwhile. Time
// limits are a point in time of each connection, looked at by one timer a loop: a timer for each step of each request would cost more than
// the request.
#include "service/http_server.h"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <limits>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_set>
#include <utility>

#include "service/request_reader.h"
#include "service/router.h"
#include "service/target.h"
#include "service/tls.h"
#include "service/transport.h"
#include "service/wire_reply.h"
#include "service/worker_pool.h"
#include "util/text.h"

namespace eclair::service {
namespace http_server_detail {

namespace asio = boost::asio;
using boost::asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kSweep{100};
constexpr Milliseconds kDrain{3'000};         // for what a client still sends after a reply that ends the connection
constexpr Milliseconds kQuiet{10'000};
constexpr std::size_t kReadBytes = 16u << 10;
constexpr std::size_t kBodyProgress = 16u << 10, kReplyProgress = 64u << 10;
constexpr std::size_t kRefusals = 64;         // connections beyond the bound that are told so; further ones are closed at once
constexpr std::size_t kPieces = 512;          // of one system call; at most 1024

/// The client's own id where it can be put into a log line and a header as it is, else a random one.
std::string request_id(std::string_view given) {
  bool sane = !given.empty() && given.size() <= 128;
  for (const char c : given) sane = sane && (text::is_alpha(c) || text::is_digit(c) || std::string_view("-_.:/+=").find(c) != std::string_view::npos);
  if (sane) return std::string(given);
  thread_local std::mt19937_64 random{std::random_device{}()};
  char hex[20];
  return std::string(hex, static_cast<std::size_t>(std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(random()))));
}

/// One request and what came of it. Shared by the connection and the worker; the worker reads `request`, and may see `stop` set meanwhile.
struct Exchange {
  explicit Exchange(const Cancel* whole) : stop(whole) {}
  Request request;
  Cancel stop;
  const Route* route = nullptr;
  const Api* api = nullptr;
  bool http_1_0 = false, keep_alive = false, gzip = false;
  Clock::time_point started;
};

class Connection;

struct Loop {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  asio::steady_timer timer{io};
  std::unordered_set<std::shared_ptr<Connection>> connections;
  std::thread thread;
};

struct Door {  // a listener at work
  const Listener* listener = nullptr;
  std::unique_ptr<Router> router;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> retry;
};

/// What connections need of the server.
struct Core {
  explicit Core(ServerOptions given)
      : options(std::move(given)),
        quick(options.quick_workers, options.quick_queue),
        analysis(options.analysis_workers, options.analysis_queue) {}

  void tell_trouble(std::string_view request, std::string_view what) const {
    if (options.trouble) options.trouble(request, what);
  }

  ServerOptions options;
  std::vector<Api> apis;
  WorkerPool quick, analysis;
  std::atomic<bool> stopping{false};
  Cancel abandon;  ///< the grace is over
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::size_t> connections{0};
  std::mutex mutex;  ///< of `empty`
  std::condition_variable empty;
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, Loop& loop, const Door& door, tcp::socket socket, bool refuse)
      : core_(core), loop_(loop), door_(door), socket_(std::move(socket)), refuse_(refuse) {}

  void start() {
    error_code ignored;
    asio::ip::address remote = socket_.remote_endpoint(ignored).address();
    // One listener takes both families: an IPv4 client is shown as one.
    if (remote.is_v6() && remote.to_v6().is_v4_mapped()) remote = asio::ip::make_address_v4(asio::ip::v4_mapped, remote.to_v6());
    peer_ = remote.to_string(ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.native_non_blocking(true, ignored);
    transport_ = door_.listener->tls ? core_.options.tls->transport(socket_.native_handle()) : plain_transport(socket_.native_handle());
    state_ = State::handshake;
    allow(core_.options.header_time);
    handshake();
  }

  /// Looks at the time and at whether the client is still there.
  void sweep(Clock::time_point now) {
    if (state_ == State::handling) {
      if (now >= deadline_) return time_is_up();
      if (!exchange_->stop.requested() && now - exchange_->started > kSweep && peer_is_gone()) exchange_->stop.request();
      return;
    }
    if (state_ == State::waiting) {
      if (peer_is_gone()) return close(false);
      if (now >= deadline_ || core_.stopping) ask_stream();
      return;
    }
    if (state_ != State::asking && now >= deadline_) close(false);
  }

  /// The server stops: what waits for a client ends now.
  void begin_stop() {
    if (state_ == State::idle || state_ == State::handshake || state_ == State::draining) close(true);
  }

  void close(bool politely) {
    if (state_ == State::closed) return;
    const bool unanswered = state_ == State::handling || state_ == State::writing || state_ == State::asking || state_ == State::waiting;
    if (unanswered && exchange_ != nullptr) tell_served(false);
    state_ = State::closed;
    if (exchange_ != nullptr) exchange_->stop.request();
    if (politely) transport_->end();
    error_code ignored;
    socket_.close(ignored);
    wire_ = {};
    stream_.reset();
    const auto self = shared_from_this();
    loop_.connections.erase(self);
    {
      const std::lock_guard lock(core_.mutex);
      --core_.connections;
    }
    core_.empty.notify_all();
  }

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

  void allow(Milliseconds time) { deadline_ = time.count() == 0 ? Clock::time_point::max() : Clock::now() + time; }

  /// Calls `then` once the socket is ready for what `status` names.
  template <class Then>
  void wait_for(Transport::Status status, Then then) {
    const auto what = status == Transport::Status::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
    socket_.async_wait(what, [self = shared_from_this(), then](const error_code& ec) {
      if (self->state_ == State::closed) return;
      if (ec) return self->close(false);
      then(*self);
    });
  }

  void handshake() {
    const Transport::Status status = transport_->handshake();
    if (status == Transport::Status::closed) return close(false);
    if (status != Transport::Status::done) return wait_for(status, [](Connection& me) { me.handshake(); });
    next_request();
  }

  void next_request() {
    exchange_.reset();
    wire_ = {};
    reader_.reset();
    if (unread() == 0 && core_.stopping) return close(true);
    state_ = State::idle;
    allow(core_.options.idle_time);
    if (unread() > 0) return parse();
    bytes_ = {};  // thousands may wait here
    from_ = 0;
    if (transport_->pending()) return read();
    wait_for(Transport::Status::want_read, [](Connection& me) { me.read(); });
  }

  std::size_t unread() const { return bytes_.size() - from_; }

  /// Appends what has come to bytes_.
  Transport::Status read_some(std::size_t& count) {
    bytes_.erase(0, from_);
    from_ = 0;
    const std::size_t before = bytes_.size();
    bytes_.resize(before + kReadBytes);
    count = 0;
    const Transport::Status status = transport_->read(bytes_.data() + before, kReadBytes, count);
    bytes_.resize(before + count);
    return status;
  }

  void read() {
    std::size_t count = 0;
    const Transport::Status status = read_some(count);
    if (status == Transport::Status::closed) return close(state_ == State::idle);
    if (status != Transport::Status::done) return wait_for(status, [](Connection& me) { me.read(); });
    if (state_ == State::body && (progress_ += count) >= kBodyProgress) {
      progress_ = 0;
      allow(core_.options.stall_time);
    }
    parse();
  }

  void parse() {
    if (state_ == State::idle) {
      // Some clients end a body with a line end that they do not count.
      while (unread() > 0 && (bytes_[from_] == '\r' || bytes_[from_] == '\n')) ++from_;
      if (unread() == 0) return read();
      state_ = State::head;
      allow(core_.options.header_time);
      if (is_http2()) return close(true);
      reader_ = std::make_unique<RequestReader>(core_.options.header_bytes);
    }
    while (unread() > 0) {
      std::size_t used = 0;
      const RequestReader::Status status = reader_->take(std::string_view(bytes_).substr(from_), used);
      from_ += used;
      switch (status) {
        case RequestReader::Status::more: return read();
        case RequestReader::Status::broken: return broken(400);
        case RequestReader::Status::long_head: return broken(431);
        case RequestReader::Status::beyond: return beyond();
        case RequestReader::Status::done: return dispatch();
        case RequestReader::Status::head:
          if (!take_head()) return;
          if (reader_->done()) return dispatch();
      }
    }
    read();
  }

  bool is_http2() const {
    constexpr std::string_view kPreface = "PRI * HTTP/2";
    const std::string_view seen = std::string_view(bytes_).substr(from_, kPreface.size());
    return seen.size() >= 4 && kPreface.substr(0, seen.size()) == seen;
  }

  /// What does not make sense here may not be cut where we think: the connection ends.
  void broken(int status) {
    if (exchange_ == nullptr) {
      exchange_ = std::make_shared<Exchange>(&core_.abandon);
      exchange_->started = Clock::now();
      exchange_->request.peer = peer_;
      exchange_->request.id = request_id({});
    }
    exchange_->keep_alive = false;
    Reply reply = plain_text(status, std::to_string(status) + " " + std::string(reason_of(status)));
    reply.body.pop_back();
    refuse(std::move(reply));
  }

  /// The head is there: decides what is done with the request. false: it was answered.
  bool take_head() {
    exchange_ = std::make_shared<Exchange>(&core_.abandon);
    Exchange& exchange = *exchange_;
    exchange.started = Clock::now();
    RequestHead head = reader_->head();
    Request& request = exchange.request;
    request.method = head.method;
    request.peer = peer_;
    request.headers = std::move(head.headers);
    request.id = request_id(request.header("x-request-id"));
    exchange.http_1_0 = head.http_1_0;
    exchange.keep_alive = head.keep_alive;
    const std::optional<Target> target = take_target_apart(head.target);
    const std::size_t hosts = count_of(request, "host");
    if (!target || hosts > 1 || (hosts == 0 && !exchange.http_1_0)) return broken(400), false;
    // A body in an encoding that we do not undo would be taken for another one.
    const std::size_t encodings = count_of(request, "transfer-encoding");
    const bool chunked = encodings == 1 && text::iequals(request.header("transfer-encoding"), "chunked");
    if (encodings > 0 && (!chunked || exchange.http_1_0)) return broken(chunked ? 400 : 501), false;
    request.path = std::string(target->path);
    request.query = parse_query(target->query);

    Router::Found found = door_.router->find(request.method, request.path);
    exchange.route = found.route;
    exchange.api = found.api;
    exchange.gzip = accepts_gzip(request.header("accept-encoding"), compression());
    if (refuse_) {
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

  static std::size_t count_of(const Request& request, std::string_view header) {
    return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(), [&](const auto& one) { return one.first == header; }));
  }

  Compression compression() const { return exchange_->api == nullptr ? Compression::never : exchange_->api->compression; }

  bool admitted() {
    Exchange& exchange = *exchange_;
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
  Reply error(int status, std::string_view message) const {
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

  void full() {
    ++core_.refused;
    Reply reply = error(503, "the server is busy, try again later");
    reply.headers.emplace_back("Retry-After", std::to_string(core_.options.retry_after_seconds));
    refuse(std::move(reply));
  }

  void beyond() {
    if (exchange_->api->cuts_bodies) {
      exchange_->request.truncated = true;
      exchange_->keep_alive = false;
      return dispatch();
    }
    exchange_->keep_alive = false;
    refuse(error(413, "the body is larger than " + std::to_string(exchange_->route->max_body_bytes) + " bytes"));
  }

  /// Answers without a worker. Whatever of the request has not been read ends the connection.
  void refuse(Reply reply) {
    if (!reader_->done()) exchange_->keep_alive = false;
    send(to_wire(std::move(reply), terms(*exchange_)));
  }

  ReplyTerms terms(const Exchange& exchange) const {
    return {.http_1_0 = exchange.http_1_0,
            .keep_alive = exchange.keep_alive && !core_.stopping,
            .head_only = exchange.request.method == Method::head,
            .gzip = exchange.gzip,
            .compression = exchange.api == nullptr ? Compression::never : exchange.api->compression,
            .request_id = exchange.request.id};
  }

  void dispatch() {
    Exchange& exchange = *exchange_;
    exchange.request.body = reader_->take_body();
    exchange.request.stop = &exchange.stop;
    state_ = State::handling;
    allow(core_.options.request_time);
    WorkerPool& pool = exchange.route->long_running ? core_.analysis : core_.quick;
    if (!pool.post([self = shared_from_this(), kept = exchange_] { self->work(kept); })) full();
  }

  /// On a worker. Nothing of the connection is touched but what never changes.
  void work(const std::shared_ptr<Exchange>& exchange) {
    if (exchange->stop.requested()) return;
    Reply reply = handle(*exchange);
    auto wire = std::make_shared<WireReply>(to_wire(std::move(reply), terms(*exchange)));  // terms as they are now: we may be stopping
    asio::post(loop_.io, [self = shared_from_this(), exchange, wire] {
      if (self->exchange_ == exchange && self->state_ == State::handling) self->send(std::move(*wire));
    });
  }

  Reply handle(const Exchange& exchange) const {
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

  void time_is_up() {
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

  void send(WireReply wire) {
    wire_ = std::move(wire);
    stream_ = std::move(wire_.stream);
    sent_ = 0;
    begin_write();
  }

  void begin_write() {
    state_ = State::writing;
    part_ = offset_ = 0;
    progress_ = 0;
    allow(core_.options.stall_time);
    write();
  }

  std::string_view part(std::size_t i) const {
    if (i == 0) return wire_.head;
    if (i == 1) return wire_.body;
    return *wire_.pieces[i - 2];
  }

  void write() {
    const std::size_t parts = wire_.pieces.size() + 2;
    while (true) {
      iovec vectors[kPieces];
      std::size_t count = 0;
      std::size_t from = offset_;
      for (std::size_t i = part_; i < parts && count < kPieces; ++i, from = 0) {
        const std::string_view bytes = part(i).substr(from);
        if (!bytes.empty()) vectors[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
      }
      if (count == 0) return written();
      std::size_t went = 0;
      const Transport::Status status = transport_->write({vectors, count}, went);
      if (status == Transport::Status::closed) return close(false);
      if (status != Transport::Status::done) return wait_for(status, [](Connection& me) { me.write(); });
      sent_ += went;
      if ((progress_ += went) >= kReplyProgress) {
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

  void written() {
    if (stream_ != nullptr) return ask_stream();
    tell_served(true);
    if (!wire_.keep_alive || core_.stopping) return finish();
    // Not from here: requests that were sent in a row would each add to the stack.
    if (unread() > 0) return asio::post(loop_.io, [self = shared_from_this()] {
      if (self->state_ != State::closed) self->next_request();
    });
    next_request();
  }

  /// The reply is out. A client that is still sending gets some time to notice.
  void finish() {
    state_ = State::draining;
    const bool all_read = reader_ != nullptr && reader_->done() && unread() == 0;
    if (all_read) return close(true);
    exchange_.reset();
    transport_->end();
    allow(kDrain);
    drain();
  }

  void drain() {
    while (true) {
      bytes_.clear();
      from_ = 0;
      std::size_t count = 0;
      const Transport::Status status = read_some(count);
      if (status == Transport::Status::closed) return close(false);
      if (status != Transport::Status::done) return wait_for(status, [](Connection& me) { me.drain(); });
    }
  }

  void ask_stream() {
    if (core_.stopping) return stream_gave(std::string{});
    state_ = State::asking;
    const bool taken = core_.quick.post([self = shared_from_this(), kept = exchange_, stream = stream_] {
      std::optional<std::string> piece = std::string{};
      try {
        piece = stream->next();
      } catch (const std::exception& e) {
        self->core_.tell_trouble(kept->request.id, e.what());
      }
      asio::post(self->loop_.io, [self, kept, piece = std::move(piece)]() mutable {
        if (self->state_ == State::asking && self->exchange_ == kept) self->stream_gave(std::move(piece));
      });
    });
    if (!taken) stream_gave(std::nullopt);
  }

  void stream_gave(std::optional<std::string> piece) {
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

  void tell_served(bool complete) {
    if (!core_.options.served || exchange_ == nullptr) return;
    const std::chrono::duration<double, std::milli> took = Clock::now() - exchange_->started;
    core_.options.served({.request = exchange_->request,
                          .route = exchange_->route != nullptr ? exchange_->route->name : std::string_view{},
                          .status = wire_.status,
                          .bytes = sent_,
                          .milliseconds = took.count(),
                          .complete = complete});
  }

  /// Whether the client has closed its side. One that only says that it has nothing more to ask looks the same: its reply is sent all the
  /// same, but work that looks at Request::stop is given up.
  bool peer_is_gone() {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (::getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
    return info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE;
  }

  Core& core_;
  Loop& loop_;
  const Door& door_;
  tcp::socket socket_;
  const bool refuse_;  // one more than there may be: it is told so
  std::unique_ptr<Transport> transport_;
  std::string peer_;
  State state_ = State::handshake;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::string bytes_;      // what has come
  std::size_t from_ = 0;   // and up to where it was used
  std::unique_ptr<RequestReader> reader_;
  std::size_t progress_ = 0;
  std::shared_ptr<Exchange> exchange_;
  WireReply wire_;
  std::shared_ptr<Stream> stream_;
  std::size_t part_ = 0, offset_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace http_server_detail

struct HttpServer::Impl {
  using Connection = http_server_detail::Connection;
  using Loop = http_server_detail::Loop;
  using Door = http_server_detail::Door;
  using tcp = http_server_detail::tcp;
  using error_code = http_server_detail::error_code;

  explicit Impl(ServerOptions options) : core(std::move(options)) {
    const unsigned count = std::max(1u, core.options.io_threads);
    for (unsigned i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>());
  }

  Result<> listen() {
    for (const Listener& listener : core.options.listeners) {
      std::vector<const Api*> served;
      for (const std::string& id : listener.apis) {
        const auto found = std::find_if(core.apis.begin(), core.apis.end(), [&id](const Api& api) { return api.id == id; });
        if (found == core.apis.end()) return fail(Errc::invalid_input, "there is no API " + text::quoted(id));
        served.push_back(&*found);
      }
      if (listener.tls && core.options.tls == nullptr) return fail(Errc::invalid_input, "TLS without certificates");
      auto door = std::make_unique<Door>();
      door->listener = &listener;
      door->router = std::make_unique<Router>(served);
      ECLAIR_CHECK_OK(open(*door));
      doors.push_back(std::move(door));
    }
    return {};
  }

  Result<> open(Door& door) {
    const Listener& listener = *door.listener;
    error_code ec;
    const auto address = boost::asio::ip::make_address(listener.address, ec);
    if (ec) return fail(Errc::invalid_input, "not an address to listen on: " + text::quoted(listener.address));
    const tcp::endpoint endpoint(address, listener.port);
    door.acceptor = std::make_unique<tcp::acceptor>(loops[0]->io);
    door.retry = std::make_unique<boost::asio::steady_timer>(loops[0]->io);
    door.acceptor->open(endpoint.protocol(), ec);
    if (!ec) door.acceptor->set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) door.acceptor->bind(endpoint, ec);
    if (!ec) door.acceptor->listen(1024, ec);
    if (ec) {
      const std::string where = (address.is_v6() ? "[" + listener.address + "]" : listener.address) + ":" + std::to_string(listener.port);
      return fail(Errc::unavailable, "listening on " + where + ": " + ec.message());
    }
    ports.push_back(door.acceptor->local_endpoint(ec).port());
    return {};
  }

  void run() {
    for (const auto& door : doors) accept(*door);
    for (const auto& loop : loops) {
      sweep(*loop);
      loop->thread = std::thread([this, one = loop.get()] { run_loop(*one); });
    }
  }

  void run_loop(Loop& loop) {
    while (!loop.io.stopped()) {
      try {
        loop.io.run();
      } catch (const std::exception& e) {
        core.tell_trouble({}, e.what());  // a connection is lost, the others are not
      }
    }
  }

  void accept(Door& door) {
    Loop& loop = *loops[next_loop++ % loops.size()];
    door.acceptor->async_accept(loop.io, [this, &door, &loop](const error_code& ec, tcp::socket socket) {
      if (core.stopping || ec == boost::asio::error::operation_aborted) return;
      if (ec && ec != boost::asio::error::connection_aborted) {
        // Too many open files, most likely: trying again at once would only burn a processor.
        const auto now = http_server_detail::Clock::now();
        if (now >= next_trouble) core.tell_trouble({}, "accepting a connection: " + ec.message());
        next_trouble = now + http_server_detail::kQuiet;
        door.retry->expires_after(http_server_detail::kSweep);
        return door.retry->async_wait([this, &door](const error_code& cancelled) {
          if (!cancelled) accept(door);
        });
      }
      if (!ec) take(door, loop, std::move(socket));
      accept(door);
    });
  }

  void take(Door& door, Loop& loop, tcp::socket socket) {
    const std::size_t before = core.connections.load();
    if (before >= core.options.connections + http_server_detail::kRefusals) {
      ++core.refused;
      return;  // the socket closes itself
    }
    ++core.connections;
    const bool refuse = before >= core.options.connections;
    auto connection = std::make_shared<Connection>(core, loop, door, std::move(socket), refuse);
    boost::asio::post(loop.io, [&loop, connection] {
      loop.connections.insert(connection);
      connection->start();
    });
  }

  void sweep(Loop& loop) {
    loop.timer.expires_after(http_server_detail::kSweep);
    loop.timer.async_wait([this, &loop](const error_code& cancelled) {
      if (cancelled) return;
      const auto now = http_server_detail::Clock::now();
      const std::vector<std::shared_ptr<Connection>> all(loop.connections.begin(), loop.connections.end());
      for (const auto& connection : all) connection->sweep(now);
      sweep(loop);
    });
  }

  template <class Do>
  void for_each_connection(Do what) {
    for (const auto& loop : loops) {
      boost::asio::post(loop->io, [one = loop.get(), what] {
        const std::vector<std::shared_ptr<Connection>> all(one->connections.begin(), one->connections.end());
        for (const auto& connection : all) what(*connection);
      });
    }
  }

  bool wait_until_empty(std::chrono::milliseconds time) {
    std::unique_lock lock(core.mutex);
    return core.empty.wait_for(lock, time, [this] { return core.connections == 0; });
  }

  void stop(std::chrono::milliseconds grace) {
    if (stopped) return;
    stopped = true;
    core.stopping = true;
    boost::asio::post(loops[0]->io, [this] {
      error_code ignored;
      for (const auto& door : doors) {
        door->acceptor->close(ignored);
        door->retry->cancel();
      }
    });
    for_each_connection([](Connection& one) { one.begin_stop(); });
    if (!wait_until_empty(grace)) {
      core.abandon.request();
      wait_until_empty(std::min(grace, kUnwind));  // what looks at its Cancel can still say so
      for_each_connection([](Connection& one) { one.close(false); });
    }
    core.quick.stop();
    core.analysis.stop();
    for (const auto& loop : loops) {
      loop->work.reset();
      loop->io.stop();
      if (loop->thread.joinable()) loop->thread.join();
    }
  }

  static constexpr std::chrono::milliseconds kUnwind{2'000};
  http_server_detail::Core core;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::unique_ptr<Door>> doors;
  std::vector<std::uint16_t> ports;
  std::size_t next_loop = 0;
  http_server_detail::Clock::time_point next_trouble{};  // until when a trouble that goes on is not told again
  bool stopped = false;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() {
  if (impl_ != nullptr) stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, std::vector<Api> apis) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options));
    impl->core.apis = std::move(apis);
    ECLAIR_CHECK_OK(impl->listen());
    impl->run();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
  } catch (const std::exception& e) {
    return fail(Errc::internal, std::string("starting the HTTP server: ") + e.what());
  }
}

const std::vector<std::uint16_t>& HttpServer::ports() const { return impl_->ports; }

void HttpServer::stop(std::chrono::milliseconds grace) { impl_->stop(grace); }

HttpServer::Load HttpServer::load() const {
  const WorkerPool::Load quick = impl_->core.quick.load(), analysis = impl_->core.analysis.load();
  return {.connections = impl_->core.connections,
          .quick_running = quick.running,
          .quick_queued = quick.queued,
          .analysis_running = analysis.running,
          .analysis_queued = analysis.queued,
          .refused = impl_->core.refused};
}

}  // namespace eclair::service
