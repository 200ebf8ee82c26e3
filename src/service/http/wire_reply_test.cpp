// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/wire_reply.h"

#include <doctest/doctest.h>

#include "service/health.h"

namespace eclair::service {
namespace wire_reply_test_detail {

Reply made(int status, std::string body) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/plain";
  reply.body = std::move(body);
  return reply;
}

bool has(const WireReply& wire, std::string_view line) { return wire.head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos; }

}  // namespace wire_reply_test_detail
using namespace wire_reply_test_detail;

TEST_CASE("who accepts gzip: as the standard has it, and as generation 1 took it") {
  struct Case {
    std::string_view header;
    bool large, always;
  };
  for (const Case& c : {Case{"gzip", true, true}, Case{"deflate, gzip;q=0.5", true, true}, Case{"GZIP", true, false}, Case{"x-gzip", true, true}, Case{"*", true, false},
                        Case{"gzip;q=0", false, true}, Case{"gzip; q=0.0", false, true}, Case{"gzip;Q=0.001", true, true}, Case{"*;q=0", false, false},
                        Case{"*;q=0, gzip", true, true}, Case{"identity", false, false}, Case{"", false, false}, Case{"br, gzipped", false, true}, Case{",,;", false, false}}) {
    CAPTURE(c.header);
    CHECK(accepts_gzip(c.header, Compression::large) == c.large);
    CHECK(accepts_gzip(c.header, Compression::always) == c.always);
    CHECK_FALSE(accepts_gzip(c.header, Compression::never));
  }
}

TEST_CASE("what is compressed") {
  const std::string large(2000, 'a');
  const auto packed = [](Reply reply, Compression how, bool accepts) {
    return has(to_wire(std::move(reply), {.gzip = accepts, .compression = how, .request_id = {}}), "Content-Encoding: gzip");
  };
  CHECK(packed(made(200, large), Compression::large, true));
  CHECK_FALSE(packed(made(200, large), Compression::large, false));
  CHECK_FALSE(packed(made(200, "small"), Compression::large, true));
  CHECK(packed(made(404, "small"), Compression::always, true));
  CHECK_FALSE(packed(made(200, ""), Compression::always, true));
  CHECK_FALSE(packed(made(200, large), Compression::never, true));
  Reply encoded = made(200, large);
  encoded.headers.emplace_back("Content-encoding", "zstd");
  CHECK_FALSE(packed(std::move(encoded), Compression::large, true));
  // Caches must know that there are two forms, whichever this one is.
  CHECK(has(to_wire(made(200, large), {.request_id = {}}), "Vary: Accept-Encoding"));
}

TEST_CASE("a head cannot be made to say more than one thing a line") {
  Reply reply = made(200, "x");
  reply.content_type = "text/plain\r\nEvil: 1";
  reply.headers.emplace_back("Link", std::string("a\r\n\r\nHTTP/1.1 200 OK\r\n\0b", 23));
  const WireReply wire = to_wire(std::move(reply), {.request_id = "id\nid"});
  CHECK(wire.head.find("\r\nEvil") == std::string::npos);
  CHECK(wire.head.find("\r\n\r\n") == wire.head.size() - 4);
  CHECK(wire.head.find('\0') == std::string::npos);
  CHECK(has(wire, "X-Request-Id: idid"));
}

TEST_CASE("lengths and ends") {
  CHECK(has(to_wire(made(200, "abc"), {.request_id = {}}), "Content-Length: 3"));
  const WireReply head = to_wire(made(200, "abc"), {.head_only = true, .request_id = {}});
  CHECK(has(head, "Content-Length: 3"));
  CHECK(head.body.empty());
  const WireReply none = to_wire(made(204, "abc"), {.request_id = {}});
  CHECK(none.head.find("Content-Length") == std::string::npos);
  CHECK(none.body.empty());
  CHECK(to_wire(made(200, ""), {.http_1_0 = true, .keep_alive = false, .request_id = {}}).head.substr(0, 17) == "HTTP/1.0 200 OK\r\n");
  CHECK(has(to_wire(made(200, ""), {.keep_alive = false, .request_id = {}}), "Connection: close"));
  CHECK(to_wire(made(299, ""), {.request_id = {}}).head.substr(0, 15) == "HTTP/1.1 299 \r\n");
}

TEST_CASE("health: in the words of each generation, by the store alone") {
  bool works = true;
  std::optional<std::size_t> queue;
  const HealthParts parts{.store_works = [&works] { return works; }, .last_update = [] { return UnixTime{1443624467}; }, .notifier_queue = [&queue] { return queue; }};
  CHECK(health_document(parts).body ==
        R"({"database":{"IsHealthy":true},"updater":{"IsHealthy":true,"Details":{"LatestSuccessfulUpdate":"2015-09-30T14:47:47Z"}}})");
  queue = 3;
  works = false;
  const Reply sick = health_document(parts);
  CHECK(sick.status == 503);
  CHECK(sick.body ==
        R"({"database":{"IsHealthy":false},"notifier":{"IsHealthy":true,"Details":{"QueueSize":3}},"updater":{"IsHealthy":true,"Details":{"LatestSuccessfulUpdate":"2015-09-30T14:47:47Z"}}})");
  const Api api = api_health(parts, [] { return std::string("m 1\n"); });
  CHECK(api.routes[0].handle({}).status == 500);
  works = true;
  CHECK(api.routes[0].handle({}).status == 200);
  CHECK(api.routes[0].handle({}).body.empty());
  CHECK(api.routes[2].handle({}).body == "m 1\n");
  for (const Route& route : api.routes) CHECK(route.role == Role::none);
}

}  // namespace eclair::service
