// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Configuration files and flags of the original, as its users have them.
#include <doctest/doctest.h>

#include "cli/config_file.h"
#include "cli/parse.h"
#include "cli/server_settings.h"

namespace eclair::cli {
namespace clair_config_test_detail {

struct Read {
  Settings settings;
  ConfigNotes notes;
  std::string error;
};

Read read(std::string_view yaml) {
  Read out;
  auto done = read_config(yaml, "c.yaml", Origin::named_file, out.settings, out.notes);
  if (!done) out.error = done.error().text;
  return out;
}

// The example file of generation 1 in its shape of v2, with the values that its documentation lists.
constexpr std::string_view kSample = R"(clair:
  database:
    type: pgsql
    options:
      source: host=localhost port=5432 user=postgres sslmode=disable statement_timeout=60000
      cachesize: 16384
  api:
    port: 6060
    healthport: 6061
    timeout: 900s
    paginationkey:
    servername:
    cafile:
    keyfile:
    certfile:
  updater:
    interval: 2h
  notifier:
    attempts: 3
    renotifyinterval: 2h
    http:
      endpoint:
      servername:
      cafile:
      keyfile:
      certfile:
      proxy:
)";

}  // namespace clair_config_test_detail
using namespace clair_config_test_detail;

TEST_CASE("the original's sample works as it is") {
  const Read got = read(kSample);
  CHECK(got.error == "");
  CHECK(got.notes.warnings.empty());
  CHECK(got.settings.text("store") == "host=localhost port=5432 user=postgres sslmode=disable statement_timeout=60000");
  CHECK(got.settings.number("update-interval") == 7200u);
  CHECK(got.settings.number("notify-attempts") == 3u);
  CHECK(got.settings.number("renotify-interval") == 7200u);
  CHECK(got.settings.list("notify-endpoint").empty());
  const auto server = server_settings(got.settings);
  REQUIRE(server);
  CHECK(server->address == "*");
  CHECK(server->port == 6060);
  CHECK(server->health_port == 6061);
  CHECK(server->http.request_time == std::chrono::seconds(900));
  CHECK(server->tls.certificate.empty());
}

TEST_CASE("keys in any case, values from below the root, our own beside it") {
  const Read got = read(
      "Clair:\n  Database:\n    source: postgres://clair@db/clair\n    cacheSize: 10\n  API:\n    Port: 8080\n    paginationKey: abc\n"
      "  notifier:\n    renotifyInterval: 1h30m\n    HTTP:\n      Endpoint: http://core/notify\n"
      "server:\n  listen: 127.0.0.1\n  keys:\n    - {name: ci, role: write, sha256: "
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, prefix: [a/, b/]}\n");
  CHECK(got.error == "");
  CHECK(got.notes.warnings.empty());
  CHECK(got.settings.text("store") == "postgres://clair@db/clair");
  CHECK(got.settings.text("page-key") == "abc");
  CHECK(got.settings.number("renotify-interval") == 5400u);
  CHECK(got.settings.list("notify-endpoint") == std::vector<std::string>{"http://core/notify"});
  const auto server = server_settings(got.settings);
  REQUIRE(server);
  CHECK(server->address == "127.0.0.1");
  CHECK(server->port == 8080);
  CHECK(server->health_port == 6061);  // as the original had it, wherever the main port was
  REQUIRE(server->rules.size() == 1);
  CHECK(server->rules[0].who.prefixes == std::vector<std::string>{"a/", "b/"});
}

TEST_CASE("a section with nothing in it switches the updater off, a missing one does not") {
  CHECK(read("clair:\n  updater:\n").settings.number("update-interval") == 0u);
  CHECK(read("clair:\n  api:\n").settings.number("update-interval") == 3600u);
  CHECK(read("clair:\n  updater:\n    interval: 0\n").settings.number("update-interval") == 0u);
}

TEST_CASE("a file of December 2015 has no root") {
  const Read got = read(
      "database:\n  type: sql\n  path: postgres://clair@db/clair\napi:\n  port: 7000\n  healthport: 7005\n  timeout: 5m\n"
      "updater:\n  interval: 30m\nnotifier:\n  endpoint: http://core/hook\n  certfile: /c.pem\n");
  CHECK(got.error == "");
  CHECK(got.settings.list("notify-endpoint-v0") == std::vector<std::string>{"http://core/hook"});
  CHECK(got.settings.text("notify-cert") == "/c.pem");
  CHECK(got.settings.number("update-interval") == 1800u);
  const auto server = server_settings(got.settings);
  REQUIRE(server);
  CHECK(server->service.store_url == "postgres://clair@db/clair");
  CHECK(server->port == 7000);
  CHECK(server->health_port == 7005);
  CHECK(server->http.request_time == std::chrono::minutes(5));
}

TEST_CASE("what means nothing is a warning with the nearest key; a bad value is an error with its place") {
  const Read odd = read("clair:\n  api:\n    porte: 1\n  worker:\n    namespace_detectors: [os-release]\n");
  CHECK(odd.error == "");
  REQUIRE(odd.notes.warnings.size() == 2);
  CHECK(odd.notes.warnings[0] == "c.yaml:3:5: \"api.porte\" means nothing here; did you mean \"api.port\"?");
  CHECK(odd.notes.warnings[1].substr(0, 11) == "c.yaml:5:5:");
  CHECK(read("clair:\n  api:\n    port: many\n").error.substr(0, 12) == "c.yaml:3:11:");
  CHECK(read("clair:\n  api:\n    port: [1]\n").error.substr(0, 12) == "c.yaml:3:11:");
  CHECK(read("clair: [1]\n").error != "");
  CHECK(read("server:\n  porte: 1\n").error.find("did you mean") != std::string::npos);
}

TEST_CASE("a scanned project says nothing of the service") {
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("clair:\n  api:\n    port: 1\n  updater:\nAPI:\n  port: 2\nserver:\n  listen: '*'\n", "./.eclair.yaml", Origin::project_file, settings, notes));
  CHECK(notes.refused == std::vector<std::string>{"./.eclair.yaml:1:1: clair", "./.eclair.yaml:5:1: API", "./.eclair.yaml:8:11: listen"});
  for (const Option& option : options()) CHECK_FALSE(settings.is_set(option.name));
}

TEST_CASE("the original's flags have one dash or two") {
  const std::vector<std::string_view> line = {"serve", "-config=/etc/clair/config.yaml", "-log-level", "debug", "-insecure-tls", "-cpu-profile=x", "-c", "y",
                                              "--", "-config"};
  const std::vector<std::string> want = {"serve", "--config=/etc/clair/config.yaml", "--log-level", "debug", "--insecure-tls", "--cpu-profile=x", "-c", "y",
                                         "--", "-config"};
  CHECK(with_two_dashes(line) == want);
  const std::vector<std::string_view> scan = {"scan", "-config=x"};
  CHECK(with_two_dashes(scan)[1] == "-config=x");

  Settings settings;
  const std::vector<std::string_view> first = {"serve", "--db-type=sql", "--db-path", "postgres://c:secret@db/c", "--update-interval=2h", "--notifier-endpoint=http://n/",
                                               "--api-port=8000", "--api-timeout=1m", "--notifier-type=http", "--log-level=critical"};
  REQUIRE(parse_command_line(first, settings));
  REQUIRE(check_applicable(settings, "serve"));
  const auto server = server_settings(settings);
  REQUIRE(server);
  CHECK(server->address == "*");
  CHECK(server->service.store_url == "postgres://c:secret@db/c");
  CHECK(server->port == 8000);
  CHECK(server->health_port == 8001);
  CHECK(server->log_level == service::LogLevel::critical);
  CHECK(settings.list("notify-endpoint-v0").size() == 1);
}

TEST_CASE("passwords are not shown") {
  struct Case {
    std::string_view url, shown;
  };
  for (const Case& c : {Case{"postgres://clair:secret@db:5432/clair?x=1", "postgres://clair:***@db:5432/clair?x=1"}, Case{"postgres://clair@db/clair", "postgres://clair@db/clair"},
                        Case{"postgresql://u:p@ss@h/d", "postgresql://u:***@h/d"}, Case{"host=db password=secret dbname=x", "host=db password=*** dbname=x"},
                        Case{"host=db PASSWORD = 'a \\' b' user=u", "host=db PASSWORD = *** user=u"}, Case{"postgres://h/d?password=secret&x=1", "postgres://h/d?password=***&x=1"},
                        Case{"sqlite:/var/lib/eclair", "sqlite:/var/lib/eclair"}, Case{"password=", "password="}, Case{"host=db sslpassword=secret", "host=db sslpassword=***"}}) {
    CAPTURE(c.url);
    CHECK(without_password(c.url) == c.shown);
  }
}

TEST_CASE("what would let everybody in is refused or said") {
  const auto error_of = [](std::string_view yaml) {
    const Read got = read(yaml);
    REQUIRE(got.error == "");
    const auto server = server_settings(got.settings);
    return server ? std::string("none") : server.error().text;
  };
  CHECK(error_of("server: {tls-client-ca: /ca.pem}\n").find("c.yaml:1:") == 0);
  CHECK(error_of("server: {tls-cert: /c.pem}\n") != "none");
  CHECK(error_of("server:\n  keys: [name=a role=owner]\n").find("c.yaml:2:") == 0);
  CHECK(error_of("server: {port: 6060, health-port: 6060}\n") != "none");
  CHECK(error_of("server: {key-file: /nowhere/keys}\n") != "none");
  const auto open = server_settings(read("server: {listen: '0.0.0.0:80'}\n").settings);
  REQUIRE(open);
  CHECK(open->port == 80);
  REQUIRE(open->warnings.size() == 1);
  CHECK(open->warnings[0].find("may read and change everything") != std::string::npos);
  CHECK(server_settings(Settings())->warnings.empty());
}

}  // namespace eclair::cli
