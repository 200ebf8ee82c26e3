// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Who does what: listeners take connections, each of which belongs to one loop (http_connection.h); workers of two pools answer.
#include "service/http/http_server.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>

#include "service/http/event_loop.h"
#include "service/http/http_connection.h"
#include "service/http/http_core.h"
#include "service/http/listening_socket.h"
#include "service/http/router.h"
#include "util/text.h"

namespace eclair::service {
namespace http_server_detail {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kSweep{100};
constexpr milliseconds kQuiet{10'000};  // until a trouble that goes on is told again
constexpr milliseconds kUnwind{2'000};  // for work that was told to end
constexpr std::size_t kRefusals = 64;   // connections beyond the bound that are told so; further ones are closed at once
constexpr int kAcceptsInARow = 64;

/// A loop and its connections, which its thread alone touches.
struct Lane {
  EventLoop loop;
  std::unordered_set<std::shared_ptr<HttpConnection>> connections;  // these go first: they are watched by the loop

  template <class Do>
  void each(Do what) {
    const std::vector<std::shared_ptr<HttpConnection>> all(connections.begin(), connections.end());  // one that ends leaves the set
    for (const auto& connection : all) what(*connection);
  }
};

/// A listener at work. Of the first lane's thread.
struct Entrance {
  Entrance(EventLoop& loop, int descriptor, std::span<const Api* const> apis, bool with_tls) : router(apis), tls(with_tls), socket(loop, descriptor) {}
  Router router;
  bool tls;
  EventLoop::Watched socket;
};

}  // namespace http_server_detail

struct HttpServer::Impl {
  Impl(ServerOptions options, std::vector<Api> apis) : core(std::move(options), std::move(apis)) {
    const unsigned count = std::max(1u, core.options.io_threads);
    for (unsigned i = 0; i < count; ++i) lanes.push_back(std::make_unique<http_server_detail::Lane>());
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
      ECLAIR_TRY(const ListeningSocket opened, listen_on(listener.address, listener.port));
      entrances.push_back(std::make_unique<http_server_detail::Entrance>(lanes[0]->loop, opened.descriptor, served, listener.tls));
      ports.push_back(opened.port);
    }
    return {};
  }

  void run() {
    for (const auto& entrance : entrances) wait(*entrance);
    for (const auto& lane : lanes) {
      lane->loop.every(http_server_detail::kSweep, [one = lane.get()] {
        const auto now = http_server_detail::Clock::now();
        one->each([now](HttpConnection& connection) { connection.sweep(now); });
      });
      lane->loop.start([this](std::string_view what) { core.tell_trouble({}, what); });  // a connection may be lost, the others are not
    }
  }

  void wait(http_server_detail::Entrance& entrance) {
    entrance.socket.wait(EventLoop::Watched::Ready::read, [this, &entrance] { accept(entrance); });
  }

  void accept(http_server_detail::Entrance& entrance) {
    if (core.stopping) return;
    for (int i = 0; i < http_server_detail::kAcceptsInARow; ++i) {
      const int socket = accept_from(entrance.socket.descriptor());
      if (socket >= 0) {
        take(entrance, socket);
        continue;
      }
      if (errno == ECONNABORTED || errno == EINTR) continue;
      if (errno == EAGAIN) break;
      return rest(entrance, errno);
    }
    wait(entrance);
  }

  /// Too many open files, most likely: trying again at once would only burn a processor.
  void rest(http_server_detail::Entrance& entrance, int why) {
    const auto now = http_server_detail::Clock::now();
    if (now >= next_trouble) core.tell_trouble({}, std::string("accepting a connection: ") + ::strerrordesc_np(why));
    next_trouble = now + http_server_detail::kQuiet;
    lanes[0]->loop.after(http_server_detail::kSweep, [this, &entrance] { accept(entrance); });
  }

  void take(http_server_detail::Entrance& entrance, int socket) {
    http_server_detail::Lane& lane = *lanes[next_lane++ % lanes.size()];
    const std::size_t before = core.connections.load();
    const HttpConnection::Door door{.router = entrance.router, .tls = entrance.tls, .refuse = before >= core.options.connections};
    auto connection = std::make_shared<HttpConnection>(core, lane.loop, door, socket,
                                                       [&lane](const std::shared_ptr<HttpConnection>& one) { lane.connections.erase(one); });
    if (before >= core.options.connections + http_server_detail::kRefusals) {
      ++core.refused;
      return;  // it closes itself
    }
    core.enter();
    lane.loop.post([&lane, connection] {
      lane.connections.insert(connection);
      connection->start();
    });
  }

  template <class Do>
  void for_each_connection(Do what) {
    for (const auto& lane : lanes) lane->loop.post([one = lane.get(), what] { one->each(what); });
  }

  void stop(std::chrono::milliseconds grace) {
    if (stopped) return;
    stopped = true;
    core.stopping = true;
    lanes[0]->loop.post([this] {
      for (const auto& entrance : entrances) entrance->socket.close();
    });
    for_each_connection([](HttpConnection& one) { one.begin_stop(); });
    if (!core.wait_until_empty(grace)) {
      core.abandon.request();
      core.wait_until_empty(std::min(grace, http_server_detail::kUnwind));  // what looks at its Cancel can still say so
      for_each_connection([](HttpConnection& one) { one.close(false); });
    }
    core.quick.stop();
    core.analysis.stop();
    for (const auto& lane : lanes) lane->loop.stop();
  }

  HttpCore core;
  std::vector<std::unique_ptr<http_server_detail::Lane>> lanes;
  std::vector<std::unique_ptr<http_server_detail::Entrance>> entrances;
  std::vector<std::uint16_t> ports;
  std::size_t next_lane = 0;
  http_server_detail::Clock::time_point next_trouble{};
  bool stopped = false;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() {
  if (impl_ != nullptr) stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(ServerOptions options, std::vector<Api> apis) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options), std::move(apis));
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
