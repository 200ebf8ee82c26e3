// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// From a change to a receiver, over real stores and sockets on loopback.
#include "service/notify/notifier.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "service/notify/hook_body.h"
#include "service/notify/stored_notifications.h"
#include "service/classic/stored_vulnerabilities.h"
#include "support/http_server.h"
#include "support/image_files.h"
#include "support/service_fakes.h"

using namespace eclair;
using namespace eclair::service;

namespace notifier_test_detail {

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr const char* kTrouble = "HTTP/1.1 500 Oh\r\nContent-Length: 5\r\nConnection: close\r\n\r\nno :(";

std::string body_of(const std::string& request) { return request.substr(request.find("\r\n\r\n") + 4); }

/// A receiver whose answers a test decides.
struct Receiver {
  std::mutex mutex;
  std::vector<std::string> requests;  // guarded by mutex
  std::function<std::string(std::size_t)> answer = [](std::size_t) { return kOk; };
  tests::HttpServer server{[this](const std::string& request) {
    const std::lock_guard lock(mutex);
    requests.push_back(request);
    return tests::HttpServer::Reply{answer(requests.size())};
  }};
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> out;
    for (const std::string& one : requests) out.push_back(body_of(one));
    return out;
  }
};

struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store = *store::open_service_store(folder.at("data"));
  Advisories advisories{folder.at("data")};
  std::unique_ptr<Vulnerabilities> vulnerabilities = make_vulnerabilities(advisories, [] { return UnixTime{5000}; });
  std::unique_ptr<Notifications> notifications = make_notifications(*store, advisories);
  Metrics metrics;
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Log log{null, Log::Form::text, LogLevel::critical};
  ~House() { ::close(null); }

  Notifier::Parts parts() { return {*store, advisories, *notifications, *vulnerabilities, metrics, log}; }
  void say(const std::string& name, const std::string& fix, Severity severity = Severity::low) {
    Vulnerability one;
    one.name = name;
    one.name_space = "debian:8";
    one.link = "https://x/";
    one.severity = severity;
    one.fixes = {{"glibc", fix}};
    REQUIRE(vulnerabilities->put(one));
  }
  NotifierSettings settings(const std::string& url, HookFormat format = HookFormat::v1) {
    NotifierSettings out;
    out.hooks.targets = {{url, format}};
    out.pause = std::chrono::milliseconds(20);
    return out;
  }
};

template <class Holds>
bool within(std::chrono::milliseconds time, Holds&& holds) {
  for (const auto until = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < until;) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return holds();
}

}  // namespace notifier_test_detail
using namespace notifier_test_detail;

TEST_CASE("notifier: a change is told once, in Clair's words, signed") {
  House house;
  Receiver receiver;
  NotifierSettings settings = house.settings(receiver.server.url("/hook?x=1"));
  settings.hooks.secret = "key";
  Notifier notifier(house.parts(), settings, "me");
  notifier.start();
  REQUIRE(within(std::chrono::seconds(20), [&] { return *house.store->cursor() != ""; }));
  house.say("CVE-A", "2");
  REQUIRE(within(std::chrono::seconds(20), [&] { return !receiver.bodies().empty(); }));
  REQUIRE(within(std::chrono::seconds(20), [&] { return house.store->notifications(0, 10)->at(0).notified > 0; }));
  const auto made = *house.store->notifications(0, 10);
  notifier.stop();
  REQUIRE(receiver.requests.size() == 1);
  CHECK(receiver.bodies()[0] == "{\"Notification\":{\"Name\":\"" + made[0].name + "\"}}");
  const std::string& request = receiver.requests[0];
  CHECK(request.substr(0, 26) == "POST /hook?x=1 HTTP/1.1\r\nH");
  CHECK(request.find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  CHECK(request.find("\r\nX-Eclair-Signature: sha256=" + hmac_sha256("key", receiver.bodies()[0]) + "\r\n") != std::string::npos);
  CHECK(made[0].read == 0);
  CHECK(house.metrics.text().find("eclair_notifications_sent_total{target=\"" + receiver.server.host() + "\",result=\"accepted\"} 1") != std::string::npos);
  // openssl dgst -sha256 -hmac key, of "The quick brown fox jumps over the lazy dog"
  CHECK(hmac_sha256("key", "The quick brown fox jumps over the lazy dog") == "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
}

TEST_CASE("notifier: what is not accepted is tried again, what is not read is told again") {
  House house;
  Receiver receiver;
  receiver.answer = [](std::size_t request) { return request <= 2 ? kTrouble : kOk; };
  NotifierSettings settings = house.settings(receiver.server.url("/"));
  settings.delivery.renotify_seconds = 1;
  Notifier notifier(house.parts(), settings, "me");
  notifier.start();
  REQUIRE(within(std::chrono::seconds(20), [&] { return *house.store->cursor() != ""; }));
  const auto begin = std::chrono::steady_clock::now();
  house.say("CVE-A", "2");
  REQUIRE(within(std::chrono::seconds(30), [&] { return receiver.bodies().size() >= 3; }));
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(2));  // pauses of 1 and 2 s, by a clock of whole seconds
  REQUIRE(within(std::chrono::seconds(30), [&] { return receiver.bodies().size() >= 4; }));
  REQUIRE(*house.notifications->mark_read((*house.store->notifications(0, 10))[0].name, 7));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const std::size_t sent = receiver.bodies().size();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  CHECK(receiver.bodies().size() == sent);
  notifier.stop();
}

TEST_CASE("notifier: many are told quickly, by two nodes, none twice") {
  constexpr std::size_t kMany = 300;
  House house;
  std::vector<store::StoredNotification> made(kMany);
  for (std::size_t i = 0; i < kMany; ++i) made[i].name = "n" + std::to_string(i);
  REQUIRE(house.store->put_notifications(made, "", "0"));
  Receiver receiver;
  auto store = *store::open_service_store(house.folder.at("data"));
  Notifier one(house.parts(), house.settings(receiver.server.url("/")), "one");
  Notifier::Parts parts = house.parts();
  Notifier two({*store, parts.advisories, parts.notifications, parts.vulnerabilities, parts.metrics, parts.log}, house.settings(receiver.server.url("/")), "two");
  one.start();
  two.start();
  REQUIRE(within(std::chrono::seconds(60), [&] { return receiver.bodies().size() >= kMany; }));
  one.stop();
  two.stop();
  std::vector<std::string> bodies = receiver.bodies();
  CHECK(bodies.size() == kMany);
  CHECK(std::set<std::string>(bodies.begin(), bodies.end()).size() == kMany);
}

TEST_CASE("notifier: a receiver that is away is asked less and less, with one request") {
  House house;
  std::vector<store::StoredNotification> made(400);
  for (std::size_t i = 0; i < made.size(); ++i) made[i].name = "n" + std::to_string(i);
  REQUIRE(house.store->put_notifications(made, "", "0"));
  Receiver receiver;
  receiver.answer = [](std::size_t) { return kTrouble; };
  HookSettings hooks;
  hooks.targets = {{receiver.server.url("/"), HookFormat::v1}};
  Cancel stop;
  const HookSender sender(hooks, stop);
  DeliverySettings settings;
  Delivery delivery({*house.store, *house.notifications, *house.vulnerabilities, sender, stop, {}}, hooks.targets[0], settings, "me", {});
  CHECK(*delivery.step() > 1);
  const std::size_t first = receiver.bodies().size();
  CHECK(*delivery.step() == 0);  // it rests
  CHECK(receiver.bodies().size() == first);
}

TEST_CASE("notifier: a receiver that drips its answer is left before the lease is over") {
  House house;
  store::StoredNotification made;
  made.name = "n";
  REQUIRE(house.store->put_notifications({made}, "", "0"));
  tests::HttpServer server([](const std::string&) {
    return tests::HttpServer::Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1000, 'x'), .drip_ms = 100};
  });
  HookSettings hooks;
  hooks.targets = {{server.url("/"), HookFormat::v1}};
  hooks.total_seconds = 1;
  DeliverySettings settings;
  settings.lease_seconds = 3;
  Cancel stop;
  const HookSender sender(hooks, stop);
  std::string why;
  Delivery delivery({*house.store, *house.notifications, *house.vulnerabilities, sender, stop, [&](const Sent& one) { why = one.why; }}, hooks.targets[0], settings, "me", {});
  const auto begin = std::chrono::steady_clock::now();
  CHECK(*delivery.step() == 1);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(2500));
  CHECK(why.find("took longer than 1 s") != std::string::npos);
}

TEST_CASE("notifier: what was taken by a node that died, another sends when the lease is over, and not before") {
  House house;
  store::StoredNotification made;
  made.name = "n";
  REQUIRE(house.store->put_notifications({made}, "", "0"));
  Receiver receiver;
  HookSettings hooks;
  hooks.targets = {{receiver.server.url("/"), HookFormat::v1}};
  REQUIRE(house.store->claim(hooks.targets[0].id(), "dead", 2, 10)->size() == 1);
  Cancel stop;
  const HookSender sender(hooks, stop);
  Delivery delivery({*house.store, *house.notifications, *house.vulnerabilities, sender, stop, {}}, hooks.targets[0], {}, "me", {});
  CHECK(*delivery.step() == 0);
  REQUIRE(within(std::chrono::seconds(20), [&] { return *delivery.step() == 1; }));
  CHECK(receiver.bodies().size() == 1);
}

TEST_CASE("notifier: generation 0 is told everything, once") {
  House house;
  test::FakeVulnerabilities none;
  REQUIRE(has_news(*house.store, house.advisories));
  REQUIRE(*make_news(*house.store, house.advisories, 1) == 0);
  std::int64_t seen = 0;
  const auto bodies = [&] {
    REQUIRE(*make_news(*house.store, house.advisories, 1) == 1);
    const auto made = *house.store->notifications(seen, 10);
    seen = made.back().id;
    const auto out = hook_bodies(HookFormat::v0, made.back().name, *house.notifications, *house.vulnerabilities);
    REQUIRE(out);
    return *out;
  };
  using Bodies = std::vector<std::string>;
  const auto vulnerability = [](const std::string& priority, const std::string& version) {
    return R"({"ID":"CVE-A","Link":"https://x/","Priority":")" + priority + R"(","Description":"","AffectedPackages":[{"OS":"debian:8","Name":"glibc","AllVersions":false,"BeforeVersion":")" +
           version + R"("}]})";
  };
  house.say("CVE-A", "2.99-1", Severity::medium);
  CHECK(bodies() == Bodies{R"({"Name":"CVE-A","Type":"NewVulnerabilityNotification","Content":{"Vulnerability":)" + vulnerability("Medium", "2.99-1") + R"(,"IntroducingLayersIDs":[]}})"});
  house.say("CVE-A", "2.99-1", Severity::critical);
  CHECK(bodies() == Bodies{R"({"Name":"CVE-A","Type":"VulnerabilityPriorityIncreasedNotification","Content":{"Vulnerability":)" + vulnerability("Critical", "2.99-1") +
                           R"(,"OldPriority":"Medium","NewPriority":"Critical","IntroducingLayersIDs":[]}})"});
  house.say("CVE-A", "3", Severity::critical);
  CHECK(bodies() == Bodies{R"({"Name":"CVE-A","Type":"VulnerabilityPackageChangedNotification","Content":{"Vulnerability":)" + vulnerability("Critical", "3") +
                           R"(,"AddedAffectedPackages":[{"OS":"debian:8","Name":"glibc","AllVersions":false,"BeforeVersion":"3"}],)"
                           R"("RemovedAffectedPackages":[{"OS":"debian:8","Name":"glibc","AllVersions":false,"BeforeVersion":"2.99-1"}],)"
                           R"("NewIntroducingLayersIDs":[],"FormerIntroducingLayerIDs":[]}})"});
  house.say("CVE-A", "3", Severity::low);
  CHECK(bodies().empty());
  REQUIRE(house.vulnerabilities->remove("debian:8", "CVE-A"));
  CHECK(bodies().empty());
  // Nobody of generation 0 asks for it, so it is as good as read.
  Receiver receiver;
  Notifier notifier(house.parts(), house.settings(receiver.server.url("/"), HookFormat::v0), "me");
  notifier.start();
  CHECK(within(std::chrono::seconds(20), [&] {
    const auto all = *house.store->notifications(0, 10);
    return std::all_of(all.begin(), all.end(), [](const auto& one) { return one.read > 0; });
  }));
  notifier.stop();
}
