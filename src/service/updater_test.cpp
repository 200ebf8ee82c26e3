// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/updater.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "service/held_lease.h"
#include "support/http_server.h"
#include "support/image_files.h"
#include "util/text.h"
#include "util/time.h"

using namespace eclair;
using namespace eclair::service;

namespace updater_test_detail {

constexpr const char* kTracker =
    R"({"zlib":{"CVE-2023-0001":{"description":"d","releases":{"bookworm":{"status":"open","repositories":{"bookworm":"1"},"urgency":"low"}}}}})";

std::string reply(const std::string& body) { return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body; }

template <class Holds>
bool within(std::chrono::seconds time, Holds&& holds) {
  for (const auto until = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < until;) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return holds();
}

struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store = *store::open_service_store(folder.at("data"));
  Metrics metrics;
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  Log log{null, Log::Form::text, LogLevel::critical};
  std::atomic<int> updated{0}, asked{0};
  std::atomic<bool> broken{false};
  tests::HttpServer source{[this](const std::string&) {
    ++asked;
    return tests::HttpServer::Reply{broken ? "HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" : reply(kTracker)};
  }};
  ~House() { ::close(null); }

  UpdaterSettings settings() {
    UpdaterSettings out;
    out.mirrors.tree = source.url("");
    out.pause = std::chrono::milliseconds(20);
    out.jitter_seconds = 0;
    return out;
  }
  Updater::Parts parts() {
    return {*store, folder.at("data"), metrics, log, [this] { ++updated; }};
  }
  bool has(const std::string& feed) {
    const auto known = *store::open_advisories(folder.at("data"));
    const auto states = *known->feeds();
    return std::any_of(states.begin(), states.end(), [&](const store::FeedState& one) { return one.name == feed; });
  }
  std::string last() { return store->value("updater/last")->value_or(""); }
};

}  // namespace updater_test_detail
using namespace updater_test_detail;

TEST_CASE("updater: what is configured is fetched, and the time is kept when all of it succeeded") {
  House house;
  UpdaterSettings settings = house.settings();
  settings.feeds = {"debian"};
  Updater updater(house.parts(), settings, "me");
  updater.start();
  REQUIRE(within(std::chrono::seconds(30), [&] { return house.last() != ""; }));
  CHECK(house.has("debian"));
  CHECK(house.updated == 1);
  CHECK(text::parse_number(house.last()).value_or(0) + 100 > static_cast<std::uint64_t>(now()));
  updater.stop();
  CHECK(*house.store->lease("updater", "another", 1));  // given back
  CHECK(house.metrics.text().find("eclair_feed_updates_total{feed=\"debian\",result=\"changed\"} 1") != std::string::npos);
}

TEST_CASE("updater: a failure keeps no time, and is not repeated at once") {
  House house;
  house.broken = true;
  UpdaterSettings settings = house.settings();
  settings.feeds = {"debian"};
  Updater updater(house.parts(), settings, "me");
  updater.start();
  REQUIRE(within(std::chrono::seconds(30), [&] { return house.metrics.text().find("clair_updater_errors_total 1") != std::string::npos; }));
  const int asked = house.asked;
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  updater.stop();
  CHECK(house.asked == asked);
  CHECK(house.last() == "");
}

TEST_CASE("updater: nothing is fetched that nobody needs; a distribution that a layer brings is, at once") {
  House house;
  Updater updater(house.parts(), house.settings(), "me");
  updater.start();
  REQUIRE(within(std::chrono::seconds(30), [&] { return house.last() != ""; }));
  CHECK(house.asked == 0);
  store::Node node;
  node.name = "base";
  node.os.id = "debian";
  node.name_space = "debian:12";
  store::PackageGroup group;
  group.name_space = "debian:12";
  PackageVersion zlib;
  zlib.type = "deb";
  zlib.name = "zlib";
  zlib.version = "1";
  group.packages = *house.store->intern({zlib});
  node.delta.added = {group};
  REQUIRE(house.store->put_node(node, nullptr));
  CHECK(within(std::chrono::seconds(30), [&] { return house.has("debian"); }));
  updater.stop();
}

TEST_CASE("updater: another node takes over from one that died, when its lease is over") {
  House house;
  REQUIRE(*house.store->lease("updater", "dead", 2));
  UpdaterSettings settings = house.settings();
  settings.feeds = {"debian"};
  Updater updater(house.parts(), settings, "me");
  updater.start();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(house.asked == 0);
  CHECK(within(std::chrono::seconds(30), [&] { return house.last() != ""; }));
  updater.stop();
}

TEST_CASE("a held lease is renewed until it goes, and one that is lost stops the work") {
  House house;
  Cancel work;
  {
    const auto lease = HeldLease::take(*house.store, "l", "me", 1, work);
    REQUIRE(lease);
    REQUIRE(*lease);
    CHECK(*HeldLease::take(*house.store, "l", "you", 1, work) == nullptr);
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    CHECK_FALSE(*house.store->lease("l", "you", 1));
    CHECK_FALSE(work.requested());
    REQUIRE(house.store->release("l", "me"));
    REQUIRE(*house.store->lease("l", "you", 600));
    CHECK(within(std::chrono::seconds(10), [&] { return work.requested(); }));
  }
  CHECK_FALSE(*house.store->lease("l", "me", 1));  // it is his, and stays
}

TEST_CASE("the feeds of a distribution") {
  const auto wanted = feeds_for({"debian:12", "alpine:v3.19", "nonesuch:1"});
  const auto has = [&](const std::string& feed, const std::string& name_space) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const WantedFeed& one) { return one.feed == feed && one.namespaces == std::vector{name_space}; });
  };
  CHECK(has("debian", "debian:12"));
  CHECK(has("alpine", "alpine:v3.19"));
  CHECK(feeds_for({"nonesuch:1"}).empty());
}
