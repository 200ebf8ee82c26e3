// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "net/client.h"
#include "net/url.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "support/http_server.h"

using namespace eclair;
using namespace eclair::net;
using namespace eclair::tests;

namespace client_test_detail {

std::string sample(std::size_t size) {
  std::string out;
  for (std::uint32_t i = 0; out.size() < size; ++i) out += std::to_string(i * 2654435761u) + "\n";
  out.resize(size);
  return out;
}

Result<std::string> read(ByteStream& body) {
  std::string out;
  while (true) {
    ECLAIR_TRY(const std::string_view piece, body.next());
    if (piece.empty()) return out;
    out.append(piece);
  }
}

/// The offset that a request's Range header asks to continue at; npos if it has none.
std::size_t range_of(const std::string& request) {
  const std::size_t at = request.find("Range: bytes=");
  return at == std::string::npos || request[at - 1] == '-' ? std::string::npos : static_cast<std::size_t>(std::atol(request.c_str() + at + 13));
}

std::string part(const std::string& body, std::size_t from, std::size_t size) {
  return "HTTP/1.1 206 Partial Content\r\nContent-Length: " + std::to_string(body.size() - from) + "\r\nContent-Range: bytes " +
         std::to_string(from) + "-" + std::to_string(body.size() - 1) + "/" + std::to_string(body.size()) + "\r\n\r\n" + body.substr(from, size);
}

/// No proxies, whatever the tests run under; put back at the end.
class Environment {
 public:
  Environment() {
    for (const char* name : kNames) {
      const char* value = std::getenv(name);
      held_.push_back(value == nullptr ? std::string{} : std::string(value));
      ::unsetenv(name);
    }
  }
  ~Environment() {
    for (std::size_t i = 0; i < held_.size(); ++i) held_[i].empty() ? ::unsetenv(kNames[i]) : ::setenv(kNames[i], held_[i].c_str(), 1);
  }

 private:
  static constexpr const char* kNames[] = {"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"};
  std::vector<std::string> held_;
};

Options quick() { return Options{.connect_seconds = 5, .stall_seconds = 5, .backoff_ms = 1}; }

}  // namespace client_test_detail

using namespace client_test_detail;

TEST_CASE("any status is an answer, with its headers and its body") {
  HttpServer server([](const std::string& request) {
    if (starts(request, "GET /none")) return HttpServer::Reply{answer(404, "nothing here", "X-Thing: 1\r\nx-thing: 2\r\n")};
    return HttpServer::Reply{answer(200, "hello")};
  });
  const Client client(quick());
  const auto hello = client.send({.url = server.url("/"), .headers = {{"Accept", "text/a"}, {"Accept", "text/b"}}});
  REQUIRE_MESSAGE(hello.has_value(), (hello ? "" : hello.error().text));
  CHECK(hello->head.status == 200);
  CHECK(hello->body == "hello");
  CHECK(has(server.requests()[0], "Accept: text/a\r\n"));
  CHECK(has(server.requests()[0], "Accept: text/b\r\n"));
  CHECK(has(server.requests()[0], "User-Agent: eclair/0."));
  CHECK_FALSE(has(server.requests()[0], "Accept-Encoding"));
  const auto none = client.send({.url = server.url("/none")});
  REQUIRE(none.has_value());
  CHECK(none->head.status == 404);
  CHECK(none->body == "nothing here");
  CHECK(none->head.header("X-THING") == "1");
  CHECK(client.bytes_received() == 17);
}

TEST_CASE("a body larger than its limit is refused, announced or not") {
  HttpServer server([](const std::string& request) {
    if (starts(request, "GET /silent")) return HttpServer::Reply{"HTTP/1.1 200 OK\r\n\r\n" + sample(5000)};
    return HttpServer::Reply{answer(200, sample(5000))};
  });
  const Client client(quick());
  for (const char* path : {"/announced", "/silent"}) {
    CAPTURE(path);
    const auto got = client.send({.url = server.url(path), .max_bytes = 4999, .limit_name = "manifest_bytes"});
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::limit);
    CHECK_MESSAGE(has(got.error().text, "4999 bytes (manifest_bytes)"), got.error().text);
    CHECK(client.send({.url = server.url(path), .max_bytes = 5000})->body == sample(5000));
    CHECK_FALSE(client.fetch({.url = server.url(path), .max_bytes = 4999}).has_value());
  }
}

TEST_CASE("a connection that breaks is taken up where it broke") {
  const std::string body = sample(3'000'000);
  std::atomic<int> broke{0};
  HttpServer server([&](const std::string& request) {
    const std::size_t from = range_of(request);
    if (from == std::string::npos) return HttpServer::Reply{answer(200, body, "ETag: \"e1\"\r\n").substr(0, 700'000)};
    ++broke;
    return HttpServer::Reply{part(body, from, broke < 3 ? 500'000 : body.size())};
  });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob")});
  REQUIRE(stream.has_value());
  const auto got = read(**stream);
  REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
  CHECK(*got == body);
  CHECK(broke == 3);
  CHECK(has(server.requests()[1], "If-Range: \"e1\"\r\n"));
  CHECK((*stream)->next()->empty());  // and stays at its end
}

TEST_CASE("a body without a length that is shorter than expected is taken up too") {
  const std::string body = sample(100'000);
  HttpServer server([&](const std::string& request) {
    const std::size_t from = range_of(request);
    return HttpServer::Reply{from == std::string::npos ? "HTTP/1.1 200 OK\r\n\r\n" + body.substr(0, 40'000) : part(body, from, body.size())};
  });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob"), .expected_bytes = body.size()});
  REQUIRE(stream.has_value());
  CHECK(*read(**stream) == body);
}

TEST_CASE("where the server cannot continue, only a body that cannot change is read again") {
  const std::string body = sample(2'000'000);
  std::atomic<int> asked{0};
  HttpServer server([&](const std::string&) { return HttpServer::Reply{answer(200, body).substr(0, asked++ % 2 == 0 ? 900'000 : 9'000'000)}; });
  const Client client(quick());
  const auto pinned = client.open({.url = server.url("/blob"), .immutable = true});
  REQUIRE(pinned.has_value());
  CHECK(*read(**pinned) == body);
  const auto loose = client.open({.url = server.url("/blob"), .what = "reading layer 3 of 7"});
  REQUIRE(loose.has_value());
  const auto got = read(**loose);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::unavailable);
  CHECK_MESSAGE(has(got.error().text, "while reading layer 3 of 7"), got.error().text);
  CHECK_MESSAGE(has(got.error().text, "cannot continue"), got.error().text);
  CHECK((*loose)->next().error().text == got.error().text);  // a stream that failed keeps failing
}

TEST_CASE("a server that continues at another place is not believed") {
  const std::string body = sample(50'000);
  HttpServer server([&](const std::string& request) {
    return HttpServer::Reply{range_of(request) == std::string::npos ? answer(200, body).substr(0, 20'000) : part(body, 7, body.size())};
  });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob")});
  REQUIRE(stream.has_value());
  const auto got = read(**stream);
  REQUIRE_FALSE(got.has_value());
  CHECK_MESSAGE(has(got.error().text, "another place"), got.error().text);
}

TEST_CASE("a connection that keeps breaking is given up, saying how far it came") {
  const std::string body = sample(40'000);
  std::atomic<int> asked{0};
  HttpServer server([&](const std::string& request) {
    ++asked;
    return HttpServer::Reply{range_of(request) == std::string::npos ? answer(200, body).substr(0, 20'000) : std::string{}};
  });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob"), .what = "reading layer 1 of 1"});
  REQUIRE(stream.has_value());
  const auto got = read(**stream);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::unavailable);
  CHECK_MESSAGE(has(got.error().text, "connection to " + server.host() + " broke while reading layer 1 of 1 (19 of 39 KiB)"), got.error().text);
  CHECK(asked == 5);
}

TEST_CASE("a token that ran out while a body broke is renewed") {
  const std::string body = sample(60'000);
  HttpServer server([&](const std::string& request) {
    if (range_of(request) == std::string::npos) return HttpServer::Reply{answer(200, body).substr(0, 30'000)};
    if (!has(request, "Authorization: Bearer new\r\n")) return HttpServer::Reply{answer(401, "")};
    return HttpServer::Reply{part(body, range_of(request), body.size())};
  });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob"), .authorization = "Bearer old", .renew = [](const std::string& refused) { return Result<std::string>(refused == "Bearer old" ? "Bearer new" : ""); }});
  REQUIRE(stream.has_value());
  CHECK(*read(**stream) == body);
}

TEST_CASE("an authorization goes to its own host, and never to another") {
  HttpServer other([](const std::string&) { return HttpServer::Reply{answer(200, "blob")}; });
  HttpServer server([&](const std::string& request) {
    if (starts(request, "GET /here")) return HttpServer::Reply{answer(307, "", "Location: there?x=1\r\n")};
    if (starts(request, "GET /there")) return HttpServer::Reply{answer(200, "same host")};
    if (starts(request, "GET /back")) return HttpServer::Reply{answer(302, "", "Location: " + other.url("/away") + "\r\n")};
    return HttpServer::Reply{answer(302, "", "Location: " + other.url("/blob?signature=1") + "\r\n")};
  });
  const Client client(quick());
  const auto away = client.send({.url = server.url("/away"), .authorization = "Bearer secret"});
  REQUIRE(away.has_value());
  CHECK(away->body == "blob");
  CHECK(away->head.url == other.url("/blob?signature=1"));
  CHECK(has(server.requests()[0], "Authorization: Bearer secret\r\n"));
  CHECK_FALSE(has(other.requests()[0], "Authorization"));
  CHECK_FALSE(has(other.requests()[0], "secret"));
  CHECK(client.send({.url = server.url("/here"), .authorization = "Bearer secret"})->body == "same host");
  CHECK(has(server.requests()[2], "GET /there?x=1 HTTP/1.1\r\n"));
  CHECK(has(server.requests()[2], "Authorization: Bearer secret\r\n"));
}

TEST_CASE("once redirected away, an authorization does not come back") {
  std::string home;
  HttpServer other([&](const std::string&) { return HttpServer::Reply{answer(302, "", "Location: " + home + "/end\r\n")}; });
  HttpServer server([&](const std::string& request) {
    if (starts(request, "GET /end")) return HttpServer::Reply{answer(200, "end")};
    return HttpServer::Reply{answer(302, "", "Location: " + other.url("/x") + "\r\n")};
  });
  home = server.url("");
  const Client client(quick());
  REQUIRE(client.send({.url = server.url("/start"), .authorization = "Basic eA=="})->body == "end");
  CHECK_FALSE(has(server.requests()[1], "Authorization"));
}

TEST_CASE("headers for a host are told that host alone, all along its own redirects") {
  HttpServer other([](const std::string&) { return HttpServer::Reply{answer(200, "end")}; });
  HttpServer server([&](const std::string& request) {
    if (starts(request, "GET /start")) return HttpServer::Reply{answer(302, "", "Location: /next\r\n")};
    return HttpServer::Reply{answer(302, "", "Location: " + other.url("/x") + "\r\n")};
  });
  const Client client(quick());
  REQUIRE(client.send({.url = server.url("/start"), .headers = {{"X-All", "a"}}, .host_headers = {{"X-Token", "secret"}, {"Cookie", "secret"}}})->body == "end");
  REQUIRE(server.requests().size() == 2);
  for (const std::string& request : server.requests()) {
    CHECK(has(request, "X-Token: secret"));
    CHECK(has(request, "Cookie: secret"));
  }
  REQUIRE(other.requests().size() == 1);
  CHECK(has(other.requests()[0], "X-All: a"));
  CHECK_FALSE(has(other.requests()[0], "secret"));
}

TEST_CASE("redirects end, and lead only to http and https") {
  HttpServer server([](const std::string& request) {
    if (starts(request, "GET /loop")) return HttpServer::Reply{answer(302, "", "Location: /loop\r\n")};
    if (starts(request, "GET /file")) return HttpServer::Reply{answer(302, "", "Location: file:///etc/passwd\r\n")};
    return HttpServer::Reply{answer(302, "", "Location: gopher://127.0.0.1/\r\n")};
  });
  const Client client(quick());
  CHECK(has(client.send({.url = server.url("/loop")}).error().text, "redirects more than 10 times"));
  CHECK(server.requests().size() == 11);
  CHECK(has(client.send({.url = server.url("/file")}).error().text, "not an http or https address"));
  CHECK(has(client.send({.url = server.url("/gopher")}).error().text, "not an http or https address"));
}

TEST_CASE("a server that falls silent is an error after the limit, with the words of the manual") {
  HttpServer server([](const std::string& request) {
    return HttpServer::Reply{starts(request, "GET /mute") ? std::string("HTTP/1.1 ") : answer(200, sample(40'000)).substr(0, 20'000), 20'000};
  });
  Options options = quick();
  options.stall_seconds = 1;
  const Client client(options);
  const auto mute = client.send({.url = server.url("/mute"), .what = "reading the manifest"});
  REQUIRE_FALSE(mute.has_value());
  CHECK(mute.error().text == "no data from " + server.host() + " for 1 s while reading the manifest");
  const auto stream = client.open({.url = server.url("/blob"), .what = "reading layer 3 of 7"});
  REQUIRE(stream.has_value());
  const auto got = read(**stream);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::unavailable);
  CHECK(got.error().text == "no data from " + server.host() + " for 1 s while reading layer 3 of 7 (19 of 39 KiB)");
  CHECK(got.error().hint == "--stall-timeout 5m");
}

TEST_CASE("an answer that drips is an error after the limit for all of it") {
  HttpServer server([](const std::string&) { return HttpServer::Reply{.bytes = answer(200, sample(100)), .drip_ms = 100}; });
  Options options = quick();
  options.total_seconds = 1;
  const auto begin = std::chrono::steady_clock::now();
  const auto got = Client(options).send({.url = server.url("/"), .method = "POST", .what = "telling of it"});
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::unavailable);
  CHECK(got.error().text.substr(0, (server.host() + " took longer than 1 s: telling of it").size()) == server.host() + " took longer than 1 s: telling of it");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(4));
}

TEST_CASE("time that the reader takes for itself does not count as silence") {
  const std::string body = sample(4'000'000);
  HttpServer server([&](const std::string&) { return HttpServer::Reply{answer(200, body)}; });
  Options options = quick();
  options.stall_seconds = 1;
  const Client client(options);
  const auto stream = client.open({.url = server.url("/blob")});
  REQUIRE(stream.has_value());
  std::string got((*stream)->next()->substr());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  got += *read(**stream);
  CHECK(got == body);
}

TEST_CASE("a request to stop is honoured within a moment") {
  HttpServer server([](const std::string&) { return HttpServer::Reply{answer(200, sample(40'000)).substr(0, 20'000), 20'000}; });
  Cancel stop;
  Options options = quick();
  options.stall_seconds = 30;
  options.stop = &stop;
  const Client client(options);
  const auto stream = client.open({.url = server.url("/blob")});
  REQUIRE(stream.has_value());
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto got = read(**stream);
  later.join();
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::cancelled);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

TEST_CASE("a gateway whose server is away is asked again; one that says when is not") {
  std::atomic<int> asked{0};
  HttpServer server([&](const std::string& request) {
    if (starts(request, "GET /later")) return HttpServer::Reply{answer(503, "", "Retry-After: 1200\r\n")};
    return HttpServer::Reply{++asked < 3 ? answer(503, "away") : answer(200, "back")};
  });
  const Client client(quick());
  CHECK(client.send({.url = server.url("/")})->body == "back");
  CHECK(asked == 3);
  const auto later = client.send({.url = server.url("/later")});
  REQUIRE(later.has_value());
  CHECK(later->head.status == 503);
  CHECK(retry_after(later->head) == "20 minutes");
}

TEST_CASE("with patience, a server that is busy is waited for, as long as it asks; without end it is not") {
  struct Case {
    int status;
    const char* headers;
    unsigned patience;
    int times;        ///< it is busy
    int want;
    int asked;
  };
  const Case cases[] = {
      {429, "Retry-After: 1\r\n", 5, 1, 200, 2},   {503, "Retry-After: 0\r\n", 5, 2, 200, 3}, {403, "", 5, 1, 200, 2},
      {500, "", 5, 1, 200, 2},                      {429, "Retry-After: 60\r\n", 5, 1, 429, 1}, {429, "Retry-After: 1\r\n", 0, 1, 429, 1},
      {429, "Retry-After: 0\r\n", 2, 9, 429, 3},   {404, "Retry-After: 1\r\n", 5, 1, 404, 1},
      {429, "Retry-After: Mon, 01 Jan 2001 00:00:00 GMT\r\n", 5, 1, 200, 2},
  };
  for (const Case& one : cases) {
    CAPTURE(one.status);
    CAPTURE(one.headers);
    CAPTURE(one.patience);
    std::atomic<int> asked{0};
    HttpServer server([&](const std::string&) { return HttpServer::Reply{++asked <= one.times ? answer(one.status, "busy", one.headers) : answer(200, "here")}; });
    Options options = quick();
    options.patience_seconds = one.patience;
    const auto got = Client(options).send({.url = server.url("/")});
    REQUIRE(got.has_value());
    CHECK(got->head.status == one.want);
    CHECK(asked == one.asked);
  }
}

TEST_CASE("dates of HTTP") {
  CHECK(http_date("Thu, 01 Jan 1970 00:01:00 GMT") == 60);
  CHECK_FALSE(http_date(""));
  CHECK_FALSE(http_date("yesterday evening"));
}

TEST_CASE("proxies come from the environment, and loopback is never asked through one") {
  const Environment environment;
  HttpServer proxy([](const std::string& request) {
    if (starts(request, "CONNECT")) return HttpServer::Reply{answer(403, "")};
    return HttpServer::Reply{answer(200, "by proxy")};
  });
  HttpServer direct([](const std::string&) { return HttpServer::Reply{answer(200, "direct")}; });
  for (const char* name : {"HTTP_PROXY", "http_proxy", "ALL_PROXY"}) {
    CAPTURE(name);
    ::setenv(name, proxy.url("").c_str(), 1);
    const Client client(quick());
    const auto got = client.send({.url = "http://registry.invalid/x"});
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(got->body == "by proxy");
    CHECK(starts(proxy.requests().back(), "GET http://registry.invalid/x HTTP/1.1\r\n"));
    CHECK(client.send({.url = direct.url("/x")})->body == "direct");
    ::setenv("NO_PROXY", "other.invalid,.invalid", 1);
    CHECK_FALSE(client.send({.url = "http://registry.invalid/x"}).has_value());
    ::unsetenv("NO_PROXY");
    ::unsetenv(name);
  }
  ::setenv("HTTPS_PROXY", proxy.url("").c_str(), 1);
  CHECK(Client(quick()).send({.url = "https://registry.invalid/x"}).error().text == "the proxy refused a connection to registry.invalid (403)");
}

TEST_CASE("where no answer comes, the reason is said in plain words") {
  const Environment environment;
  const Client client(quick());
  Trouble trouble = Trouble::none;
  std::string closed;
  {
    const HttpServer gone([](const std::string&) { return HttpServer::Reply{}; });
    closed = gone.host();
  }
  const auto refused = client.send({.url = "http://" + closed + "/"}, &trouble);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text == "cannot connect to " + closed + ": connection refused");
  CHECK(trouble == Trouble::connect);

  const auto unknown = client.send({.url = "https://eclair-test.invalid/v2/"}, &trouble);
  REQUIRE_FALSE(unknown.has_value());
  CHECK(unknown.error().text == "cannot resolve host \"eclair-test.invalid\"");
  CHECK(trouble == Trouble::resolve);

  HttpServer plain([](const std::string&) { return HttpServer::Reply{"HTTP/1.1 400 Bad Request\r\n\r\n"}; });
  const auto tls = client.send({.url = "https://" + plain.host() + "/"}, &trouble);
  REQUIRE_FALSE(tls.has_value());
  CHECK_MESSAGE(tls.error().text == plain.host() + " does not speak TLS", tls.error().text);
  CHECK(trouble == Trouble::tls);

  for (const char* url : {"ftp://127.0.0.1/x", "file:///etc/passwd", "", "127.0.0.1", "http://"}) {
    CAPTURE(url);
    const auto got = client.send({.url = url});
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
  }
  CHECK(client.send({.url = plain.url("/"), .authorization = "Bearer a\r\nX-Evil: 1"}).error().code == Errc::invalid_input);
  Options with_ca = quick();
  with_ca.ca_file = "/nonexistent/ca.pem";
  CHECK(has(Client(with_ca).send({.url = plain.url("/")}).error().text, "no PEM certificates in /nonexistent/ca.pem"));
}

TEST_CASE("a document is fetched into memory or a file, and not again while it is the same") {
  const std::string body = sample(300'000);
  HttpServer server([&](const std::string& request) {
    if (starts(request, "GET /none")) return HttpServer::Reply{answer(404, "")};
    if (has(request, "If-None-Match: \"v1\"\r\n")) return HttpServer::Reply{answer(304, "", "ETag: \"v1\"\r\n")};
    return HttpServer::Reply{answer(200, body, "ETag: \"v1\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n")};
  });
  const Client client(quick());
  std::uint64_t told = 0, of = 0;
  for (const std::uint64_t spill : {1000u, 1'000'000u}) {
    CAPTURE(spill);
    const auto got = client.fetch({.url = server.url("/feed"), .progress = [&](std::uint64_t done, std::uint64_t total) { told = done, of = total; }}, spill);
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(got->modified);
    CHECK(*read_all(*got->bytes, 1 << 20) == body);
    CHECK(got->etag == "\"v1\"");
    CHECK(got->last_modified == "Thu, 01 Jan 2026 00:00:00 GMT");
    CHECK(told == body.size());
    CHECK(of == body.size());
  }
  const auto same = client.fetch({.url = server.url("/feed"), .headers = {{"If-None-Match", "\"v1\""}}});
  REQUIRE(same.has_value());
  CHECK_FALSE(same->modified);
  CHECK(same->bytes == nullptr);
  CHECK(client.fetch({.url = server.url("/none")}).error().code == Errc::not_found);
  CHECK(client.fetch({.url = server.url("/none")}).error().text == server.host() + " answered 404");
}

TEST_CASE("a form is posted as it is") {
  HttpServer server([](const std::string& request) { return HttpServer::Reply{answer(200, request.substr(request.find("\r\n\r\n") + 4))}; });
  const Client client(quick());
  CHECK(client.send({.url = server.url("/token"), .form = "a=1&b=2"})->body == "a=1&b=2");
  CHECK(has(server.requests()[0], "Content-Type: application/x-www-form-urlencoded\r\n"));
}

TEST_CASE("hosts, redirect targets and waiting times") {
  CHECK(host_of("https://user:secret@r.example.com:5000/v2/?x=1#y") == "r.example.com:5000");
  CHECK(host_of("https://r?token=a@b") == "r");
  CHECK(host_of("r/x") == "");
  CHECK(resolve_url("http://a/b/c?d", "e") == "http://a/b/e");
  CHECK(resolve_url("http://a/b/c", "//x/y") == "http://x/y");
  CHECK(resolve_url("http://a/b", "https://x/y?z=1") == "https://x/y?z=1");
  CHECK(resolve_url("http://a/b", "ftp://x/y") == "");
  CHECK(resolve_url("http://a/b", "javascript:1") != "javascript:1");
  const auto wait = [](const char* value) { return retry_after(Head{429, {{"retry-after", value}}, ""}); };
  CHECK(wait("30") == "30 s");
  CHECK(wait("1260") == "21 minutes");
  CHECK(wait("86400") == "24 hours");
  CHECK(wait("Thu, 01 Jan 1970 00:00:00 GMT") == "0 s");
  CHECK(wait("soon") == "");
  CHECK(status_error(Head{429, {{"Retry-After", "1260"}}, "https://r/x"}).text == "r limits requests from this address (429, retry in 21 minutes)");
  CHECK(status_error(Head{500, {}, "https://r/x"}).text == "r answered 500");
}

TEST_CASE("which hosts may be asked without TLS") {
  for (const char* host : {"localhost", "LOCALHOST:1", "localhost:5000", "127.0.0.1", "127.9.8.7:80", "[::1]", "[::1]:5000"}) {
    CAPTURE(host);
    CHECK(is_loopback(host));
  }
  for (const char* host : {"localhost.example.com", "127.0.0.1.example.com", "127.0.0.256", "127.0.0", "128.0.0.1", "[::2]", "[::1]x", "a", "", "::1",
                           "127.0.0.0001", "1270.0.1"}) {
    CAPTURE(host);
    CHECK_FALSE(is_loopback(host));
  }
}

TEST_CASE("bytes are kept small for a reader that is slow") {
  const std::string body = sample(30'000'000);
  HttpServer server([&](const std::string&) { return HttpServer::Reply{answer(200, body)}; });
  const Client client(quick());
  const auto stream = client.open({.url = server.url("/blob")});
  REQUIRE(stream.has_value());
  std::size_t at = 0, largest = 0;
  while (true) {
    const auto piece = (*stream)->next();
    REQUIRE(piece.has_value());
    if (piece->empty()) break;
    largest = std::max(largest, piece->size());
    REQUIRE(body.compare(at, piece->size(), *piece) == 0);
    at += piece->size();
  }
  CHECK(at == body.size());
  CHECK(largest <= 512u << 10);
}

TEST_CASE("a body is sent with its length, once, and where it is redirected to without the credentials") {
  const MemorySource body(sample(3u << 20));
  const auto body_of = [](const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); };
  HttpServer other([&](const std::string& request) { return HttpServer::Reply{answer(body_of(request) == body.bytes() ? 201 : 400, "stored")}; });
  HttpServer server([&](const std::string& request) {
    if (has(request, " /moved ")) return HttpServer::Reply{answer(307, "", "Location: " + other.url("/there") + "\r\n")};
    if (has(request, " /login ")) return HttpServer::Reply{answer(302, "", "Location: " + other.url("/login") + "\r\n")};
    if (has(request, " /away ")) return HttpServer::Reply{answer(503, "")};
    if (has(request, " /breaks ")) return HttpServer::Reply{""};
    return HttpServer::Reply{answer(200, std::to_string(body_of(request).size()))};
  });
  const Client client(quick());
  std::uint64_t done = 0, total = 0;
  const auto put = [&](const std::string& path, const std::string& method = "PUT", const ByteSource* bytes = nullptr, Trouble* trouble = nullptr) {
    return client.send({.url = server.url(path),
                        .headers = {{"Content-Type", "text/x"}},
                        .authorization = "Basic secret",
                        .method = method,
                        .body = bytes,
                        .progress = [&](std::uint64_t d, std::uint64_t t) { done = d, total = t; }},
                       trouble);
  };
  const auto stored = put("/", "PUT", &body);
  REQUIRE_MESSAGE(stored.has_value(), (stored ? "" : stored.error().text));
  CHECK(stored->body == std::to_string(3u << 20));
  CHECK(done == 3u << 20);
  CHECK(total == 3u << 20);
  const std::string seen = server.requests().back();
  CHECK(starts(seen, "PUT / HTTP/1.1\r\n"));
  CHECK(has(seen, "Content-Length: 3145728\r\n"));
  CHECK(has(seen, "Content-Type: text/x\r\n"));
  CHECK(has(seen, "Authorization: Basic secret\r\n"));
  CHECK_FALSE(has(seen.substr(0, seen.find("\r\n\r\n")), "Expect"));

  CHECK(put("/", "POST")->body == "0");
  CHECK(starts(server.requests().back(), "POST / HTTP/1.1\r\n"));
  CHECK(has(server.requests().back(), "Content-Length: 0\r\n"));

  const auto moved = put("/moved", "PUT", &body);
  REQUIRE_MESSAGE(moved.has_value(), (moved ? "" : moved.error().text));
  CHECK(moved->head.status == 201);
  CHECK(starts(other.requests().back(), "PUT /there "));
  CHECK_FALSE(has(other.requests().back(), "Authorization"));
  CHECK(put("/login", "PUT", &body)->head.status == 302);  // a GET of another page would be something else
  CHECK(other.requests().size() == 1);

  const std::size_t before = server.requests().size();
  CHECK(put("/away", "PUT", &body)->head.status == 503);
  Trouble trouble = Trouble::none;
  const auto broken = put("/breaks", "PUT", &body, &trouble);
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().code == Errc::unavailable);
  CHECK(trouble == Trouble::broken);
  CHECK(server.requests().size() == before + 2);
}
