// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/http_server.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support/raw_client.h"
#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/decompress.h"

namespace eclair::service {
namespace http_server_test_detail {

using tests::RawClient;
using std::chrono::milliseconds;

Reply text_reply(std::string body) {
  Reply reply;
  reply.content_type = "text/plain";
  reply.body = std::move(body);
  return reply;
}

Reply api_error(int status, std::string_view message) {
  Reply reply = text_reply("{\"error\":\"" + std::string(message) + "\"}");
  reply.status = status;
  return reply;
}

/// Three pieces, a pause before each; `gone` is set when it is let go.
class Counting final : public Stream {
 public:
  explicit Counting(std::atomic<bool>* gone, int pieces) : gone_(gone), pieces_(pieces) {}
  ~Counting() override { *gone_ = true; }
  std::optional<std::string> next() override {
    if (count_ == pieces_) return std::string{};
    pause_ = !pause_;
    if (pause_) return std::nullopt;
    return "piece " + std::to_string(++count_) + "\n";
  }

 private:
  std::atomic<bool>* gone_;
  int pieces_, count_ = 0;
  bool pause_ = false;
};

struct World {
  std::atomic<bool> release{false}, seen_stop{false}, stream_gone{false};
  std::atomic<int> running{0};
  std::mutex mutex;
  std::vector<std::string> log;
  std::vector<std::string> trouble;

  Api api() {
    Api api;
    api.id = "test";
    api.error = &api_error;
    api.prefix = "/new";
    const auto add = [&api](Method method, std::string_view pattern, Handler handle) -> Route& {
      api.routes.push_back({.method = method, .pattern = pattern, .name = pattern, .handle = std::move(handle)});
      return api.routes.back();
    };
    add(Method::get, "/hello", [](const Request&) { return text_reply("hello"); });
    add(Method::head, "/hello", [](const Request&) { return text_reply("hello"); });
    add(Method::get, "/name/{n}", [](const Request& rq) { return text_reply(rq.params[0] + "|" + rq.path + "|" + (rq.query.empty() ? "" : rq.query[0].first)); });
    add(Method::post, "/echo", [](const Request& rq) { return text_reply(rq.body + (rq.truncated ? "..." : "")); }).max_body_bytes = 1000;
    add(Method::del, "/gone", [](const Request&) { return Reply{.status = 204, .content_type = ""}; });
    add(Method::get, "/throws", [](const Request&) -> Reply { throw std::runtime_error("ouch"); });
    add(Method::get, "/large", [](const Request&) {
      Reply reply = text_reply("begin ");
      for (int i = 0; i < 1500; ++i) reply.pieces.push_back(std::make_shared<const std::string>("piece " + std::to_string(i) + std::string(i % 300, '.') + "\n"));
      return reply;
    });
    add(Method::get, "/wait", [this](const Request& rq) {
      ++running;
      while (!release && !rq.stop->requested()) std::this_thread::sleep_for(milliseconds(5));
      if (rq.stop->requested()) seen_stop = true;
      --running;
      return text_reply("waited");
    }).long_running = true;
    const auto stream = [this](int pieces) {
      return [this, pieces](const Request&) {
        Reply reply = text_reply("first\n");
        reply.stream = std::make_unique<Counting>(&stream_gone, pieces);
        return reply;
      };
    };
    add(Method::get, "/stream", stream(3));
    add(Method::get, "/endless", stream(1'000'000));
    return api;
  }

  ServerOptions options() {
    ServerOptions options;
    options.listeners = {{.apis = {"test"}}};
    options.stream_pause = milliseconds(50);
    options.served = [this](const Served& s) {
      const std::lock_guard lock(mutex);
      log.push_back(std::string(s.route) + " " + std::to_string(s.status) + (s.complete ? "" : " broken"));
    };
    options.trouble = [this](std::string_view, std::string_view what) {
      const std::lock_guard lock(mutex);
      trouble.emplace_back(what);
    };
    return options;
  }

  bool wait_for_log(std::string_view line) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::lock_guard lock(mutex);
        for (const std::string& one : log) {
          if (one == line) return true;
        }
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
    return false;
  }
};

std::unique_ptr<HttpServer> start(World& world, ServerOptions options, Api api) {
  std::vector<Api> apis;
  apis.push_back(std::move(api));
  auto server = HttpServer::start(std::move(options), std::move(apis));
  REQUIRE_MESSAGE(server, (server ? "" : server.error().text));
  (void)world;
  return std::move(*server);
}
std::unique_ptr<HttpServer> start(World& world) { return start(world, world.options(), world.api()); }

bool becomes(const std::atomic<bool>& flag) {
  for (int i = 0; i < 500 && !flag; ++i) std::this_thread::sleep_for(milliseconds(10));
  return flag;
}

}  // namespace http_server_test_detail
using namespace http_server_test_detail;

TEST_CASE("requests of a connection are answered in order, and it stays open") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  auto reply = client.ask("GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine-1\r\n\r\n");
  CHECK(reply.status == 200);
  CHECK(reply.body == "hello");
  CHECK(reply.has("X-Request-Id: mine-1\r\n"));
  CHECK(reply.has("Content-Type: text/plain\r\n"));
  CHECK_FALSE(reply.has("Connection:"));
  // Pipelined, with what a name may hold.
  client.send("GET /name/a%2Fb?q HTTP/1.1\r\nHost: x\r\n\r\nGET http://x/name/c/ HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
              "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.reply().body == "a/b|/name/a%2Fb|q");
  CHECK(client.reply().body == "c|/name/c/|");
  CHECK(client.reply().body == "abc");
  CHECK(client.reply().body == "hello");
  CHECK(world.wait_for_log("/name/{n} 200"));
}

TEST_CASE("HEAD has a head alone; 204 has no length") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  const auto head = client.ask("HEAD /hello HTTP/1.1\r\nHost: x\r\n\r\n", true);
  CHECK(head.status == 200);
  CHECK(head.has("Content-Length: 5\r\n"));
  const auto gone = client.ask("DELETE /gone HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(gone.status == 204);
  CHECK_FALSE(gone.has("Content-Length"));
  CHECK_FALSE(gone.has("Content-Type"));
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
}

TEST_CASE("HTTP/1.0 closes unless it is asked not to") {
  World world;
  const auto server = start(world);
  {
    RawClient client(server->ports()[0]);
    client.send("GET /hello HTTP/1.0\r\n\r\n");
    const std::string all = client.rest();
    CHECK(all.substr(0, 17) == "HTTP/1.0 200 OK\r\n");
    CHECK(all.find("Connection: close") != std::string::npos);
    CHECK(client.ended());
  }
  RawClient client(server->ports()[0]);
  CHECK(client.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").has("Connection: keep-alive"));
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").body == "hello");
  CHECK(client.rest().empty());
  CHECK(client.ended());
}

TEST_CASE("what no route has is said in plain words, or in the API's own below its prefix") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  const auto missing = client.ask("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(missing.status == 404);
  CHECK(missing.body == "404 page not found\n");
  CHECK(missing.has("Content-Type: text/plain; charset=utf-8\r\n"));
  CHECK(client.ask("GET /new/nothing HTTP/1.1\r\nHost: x\r\n\r\n").body == "{\"error\":\"not found\"}");
  CHECK(client.ask("PUT /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 405);
  Api old = world.api();
  old.prefix = {};
  const auto plain = start(world, world.options(), std::move(old));
  RawClient other(plain->ports()[0]);
  const auto wrong = other.ask("PATCH /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(wrong.status == 405);
  CHECK(wrong.body == "Method Not Allowed\n");
  CHECK_FALSE(wrong.has("Allow:"));
}

TEST_CASE("an exception in a handler is a 500 in the API's shape, and told") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  const auto reply = client.ask("GET /throws HTTP/1.1\r\nHost: x\r\nX-Request-Id: id7\r\n\r\n");
  CHECK(reply.status == 500);
  CHECK(reply.body == "{\"error\":\"internal error, request id7\"}");
  const std::lock_guard lock(world.mutex);
  REQUIRE(world.trouble.size() == 1);
  CHECK(world.trouble[0] == "/throws: ouch");
}

TEST_CASE("a large reply comes whole, plain and compressed") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  const auto plain = client.ask("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(plain.body.size() > 200'000);
  CHECK(plain.body.substr(0, 20) == "begin piece 0\npiece ");
  const auto packed = client.ask("GET /large HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
  CHECK(packed.has("Content-Encoding: gzip\r\n"));
  CHECK(packed.body.size() < plain.body.size() / 4);
  MemorySource source(packed.body);
  SourceStream stream(source);
  const auto open = decompress(stream, Limits{});
  std::string unpacked;
  while (true) {
    const auto piece = open->next();
    REQUIRE(piece);
    if (piece->empty()) break;
    unpacked += *piece;
  }
  CHECK(unpacked == plain.body);
  const auto small = client.ask("GET /hello HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
  CHECK_FALSE(small.has("Content-Encoding"));
  CHECK(client.ask("GET /large HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip;q=0\r\n\r\n").body == plain.body);
}

TEST_CASE("bodies: chunked, with 100-continue, beyond the bound") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  CHECK(client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;ext=1\r\nde\r\n0\r\nTrailer: x\r\n\r\n").body == "abcde");
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client.ask("hi").body == "hi");
  // Refused before it is sent.
  const auto refused = client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
  CHECK(refused.status == 413);
  CHECK(refused.body == "{\"error\":\"the body is larger than 1000 bytes\"}");
  CHECK(refused.has("Connection: close"));
  // Chunks add up. The client sends all of its body before it reads, and still gets the reply.
  RawClient chunks(server->ports()[0]);
  chunks.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(65536, 'x') + "\r\n";
  for (int i = 0; i < 32; ++i) CHECK(chunks.send(chunk));
  CHECK(chunks.reply().status == 413);

  Api old = world.api();
  old.cuts_bodies = true;
  const auto cutting = start(world, world.options(), std::move(old));
  RawClient cut(cutting->ports()[0]);
  cut.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");
  CHECK(cut.send(std::string(2'000'000, 'y')));
  const auto reply = cut.reply();
  CHECK(reply.body == std::string(1000, 'y') + "...");
  CHECK(cut.rest().empty());
  CHECK(cut.ended());
}

TEST_CASE("what is not HTTP is refused, and HTTP/2 is closed at once") {
  World world;
  const auto server = start(world);
  struct Case {
    std::string bytes;
    int status;
  };
  for (const Case& c : {Case{"\x16\x03\x01 nonsense\r\n\r\n", 400}, Case{"GET /hello\r\n\r\n", 400}, Case{"GET /hello HTTP/1.1\r\n\r\n", 400},
                        Case{"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400}, Case{"GET /name/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400},
                        Case{"GET /hello HTTP/3.0\r\nHost: x\r\n\r\n", 400}, Case{"GET /hello HTTP/1.1\r\nHost: x\r\nbad line\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
                        Case{"GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
                        Case{"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
                        Case{"GET /hello HTTP/1.1\r\nHost: x\r\nLong: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
                        Case{"GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n", 431}}) {
    CAPTURE(c.bytes.substr(0, 60));
    RawClient client(server->ports()[0]);
    client.send(c.bytes);
    const auto reply = client.reply();
    CHECK(reply.status == c.status);
    CHECK(client.rest().empty());
    CHECK(client.ended());
  }
  for (const std::string_view preface : {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI "}) {
    RawClient client(server->ports()[0]);
    client.send(preface);
    CHECK(client.rest().empty());
    CHECK(client.ended());
  }
  RawClient client(server->ports()[0]);
  CHECK(client.ask("\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
}

TEST_CASE("slow clients are closed: no head, half a head, half a body") {
  World world;
  ServerOptions options = world.options();
  options.header_time = milliseconds(300);
  options.stall_time = milliseconds(300);
  options.idle_time = milliseconds(600);
  const auto server = start(world, std::move(options), world.api());
  for (const std::string_view bytes : {"", "GET /hel", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc"}) {
    CAPTURE(bytes);
    RawClient client(server->ports()[0]);
    client.send(bytes);
    const auto before = std::chrono::steady_clock::now();
    CHECK(client.rest(3000).empty());
    CHECK(client.ended());
    CHECK(std::chrono::steady_clock::now() - before > milliseconds(200));
  }
  // A byte now and then is no progress.
  RawClient drip(server->ports()[0]);
  const auto before = std::chrono::steady_clock::now();
  while (!drip.ended() && std::chrono::steady_clock::now() - before < milliseconds(3000)) {
    drip.send("G");
    drip.some(50);
  }
  CHECK(drip.ended());
}

TEST_CASE("who sends without end does not keep others waiting") {
  World world;
  ServerOptions options = world.options();
  options.io_threads = 1;
  const auto server = start(world, std::move(options), world.api());
  const std::uint16_t port = server->ports()[0];
  std::atomic<bool> enough{false};
  const auto flood = [&](std::string_view begin, char with) {
    RawClient client(port);
    client.send(begin);
    const std::string block(65536, with);
    while (!enough && client.send(block)) {
    }
  };
  // A body that was refused, and line ends before a request.
  std::thread refused(flood, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n", 'x');
  std::thread ends(flood, "", '\n');
  std::this_thread::sleep_for(milliseconds(100));
  RawClient client(port);
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
  CHECK(std::chrono::steady_clock::now() - before < milliseconds(2000));
  enough = true;
  refused.join();
  ends.join();
}

TEST_CASE("the time limit ends a request with 503, and its handler is told") {
  World world;
  ServerOptions options = world.options();
  options.request_time = milliseconds(300);
  Api api = world.api();
  api.timed_out = [] { return api_error(503, "too late"); };
  const auto server = start(world, std::move(options), std::move(api));
  RawClient client(server->ports()[0]);
  const auto reply = client.ask("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(reply.status == 503);
  CHECK(reply.body == "{\"error\":\"too late\"}");
  CHECK(becomes(world.seen_stop));
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
}

TEST_CASE("a client that goes away stops its handler") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  while (world.running == 0) std::this_thread::sleep_for(milliseconds(1));
  client.close();
  CHECK(becomes(world.seen_stop));
}

TEST_CASE("a full queue and too many connections are told with 503") {
  World world;
  ServerOptions options = world.options();
  options.analysis_workers = 1;
  options.analysis_queue = 1;
  options.connections = 4;
  const auto server = start(world, std::move(options), world.api());
  const std::uint16_t port = server->ports()[0];
  RawClient first(port), second(port), third(port);
  const std::string_view wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";
  first.send(wait);
  while (world.running == 0) std::this_thread::sleep_for(milliseconds(1));
  second.send(wait);
  while (server->load().analysis_queued == 0) std::this_thread::sleep_for(milliseconds(1));
  const auto busy = third.ask(wait);
  CHECK(busy.status == 503);
  CHECK(busy.has("Retry-After: 5\r\n"));
  CHECK(third.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");  // quick ones have workers of their own
  RawClient fourth(port);
  CHECK(fourth.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 200);
  RawClient fifth(port);
  CHECK(fifth.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").status == 503);
  CHECK(fifth.rest().empty());
  CHECK(server->load().refused == 2);
  world.release = true;
  CHECK(first.reply().body == "waited");
  CHECK(second.reply().body == "waited");
}

TEST_CASE("a stream comes in chunks, holds no worker, and ends when the client goes away") {
  World world;
  ServerOptions options = world.options();
  options.quick_workers = 1;
  const auto server = start(world, std::move(options), world.api());
  RawClient client(server->ports()[0]);
  CHECK(client.ask("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n").body == "first\npiece 1\npiece 2\npiece 3\n");
  CHECK(becomes(world.stream_gone));
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
  RawClient old(server->ports()[0]);
  old.send("GET /stream HTTP/1.0\r\n\r\n");
  const std::string all = old.rest();
  CHECK(all.substr(all.find("\r\n\r\n") + 4) == "first\npiece 1\npiece 2\npiece 3\n");

  world.stream_gone = false;
  RawClient endless(server->ports()[0]);
  endless.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  endless.until("piece 1\n");
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
  endless.close();
  CHECK(becomes(world.stream_gone));
}

TEST_CASE("stopping lets requests finish and ends streams") {
  World world;
  const auto server = start(world);
  const std::uint16_t port = server->ports()[0];
  RawClient busy(port), idle(port), stream(port);
  CHECK(idle.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello");
  stream.send("GET /endless HTTP/1.1\r\nHost: x\r\n\r\n");
  stream.until("piece 1\n");
  busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  while (world.running == 0) std::this_thread::sleep_for(milliseconds(1));
  std::thread stopping([&server] { server->stop(milliseconds(5000)); });
  CHECK(idle.rest().empty());
  CHECK(idle.ended());
  const std::string end = stream.rest();
  CHECK(end.substr(end.size() - 5) == "0\r\n\r\n");
  world.release = true;
  const auto reply = busy.reply();
  CHECK(reply.body == "waited");
  CHECK(reply.has("Connection: close"));
  stopping.join();
  CHECK_FALSE(world.seen_stop);
}

TEST_CASE("stopping cancels what does not finish in time") {
  World world;
  const auto server = start(world);
  RawClient client(server->ports()[0]);
  client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  while (world.running == 0) std::this_thread::sleep_for(milliseconds(1));
  server->stop(milliseconds(200));
  CHECK(world.seen_stop);
  CHECK(world.running == 0);
}

TEST_CASE("who asks is asked for, before the body") {
  World world;
  ServerOptions options = world.options();
  options.admit = [](const Request& rq, std::string_view) -> std::optional<Identity> {
    if (rq.header("x-api-key") == "w") return Identity{"writer", Role::write, {}};
    if (rq.header("x-api-key") == "r") return Identity{"reader", Role::read, {}};
    return std::nullopt;
  };
  Api api = world.api();
  for (Route& route : api.routes) {
    if (route.method == Method::post) route.role = Role::write;
    if (route.pattern == "/throws") {
      route.role = Role::none;
      route.handle = [](const Request& rq) { return text_reply("hello " + rq.who.name); };
    }
  }
  const auto server = start(world, std::move(options), std::move(api));
  RawClient client(server->ports()[0]);
  const auto nobody = client.ask("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(nobody.status == 401);
  CHECK(nobody.body == "{\"error\":\"authentication required\"}");
  CHECK(nobody.has("WWW-Authenticate: "));
  CHECK(client.ask("GET /hello HTTP/1.1\r\nHost: x\r\nX-Api-Key: r\r\n\r\n").status == 200);
  CHECK(client.ask("GET /throws HTTP/1.1\r\nHost: x\r\n\r\n").body == "hello ");
  CHECK(client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nX-Api-Key: w\r\nContent-Length: 1\r\n\r\na").body == "a");
  const auto reader = client.ask("POST /echo HTTP/1.1\r\nHost: x\r\nX-Api-Key: r\r\nContent-Length: 1\r\n\r\n");
  CHECK(reader.status == 403);
  CHECK(reader.has("Connection: close"));
}

TEST_CASE("an address that cannot be had is an error") {
  World world;
  const auto server = start(world);
  ServerOptions options = world.options();
  options.listeners[0].port = server->ports()[0];
  const auto again = HttpServer::start(std::move(options), [&world] {
    std::vector<Api> apis;
    apis.push_back(world.api());
    return apis;
  }());
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::unavailable);
  CHECK(again.error().text.find("127.0.0.1:") != std::string::npos);
}

}  // namespace eclair::service
