// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// A service's store on PostgreSQL: a server that restarts under load, and those who read its tables.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/service_store.h"
#include "support/postgres.h"

using namespace eclair;
using namespace eclair::store;

namespace postgres_service_test_detail {

Node node(const std::string& name) {
  Node out;
  out.name = name;
  out.name_space = "debian:12";
  return out;
}

}  // namespace postgres_service_test_detail
using namespace postgres_service_test_detail;

TEST_CASE("postgres: the time of the last update is where clients of the original look for it") {
  test::Postgres* const server = test::Postgres::get();
  if (server == nullptr) return;
  const std::string url = server->database(), database = test::Postgres::name_in(url);
  auto store = open_service_store(url);
  REQUIRE(store);
  REQUIRE((*store)->set_value("updater/last", "1456247389"));
  CHECK(server->query(database, "SELECT value FROM keyvalue WHERE key = 'updater/last'") == "1456247389");
  // A table of that name which is there already is not ours.
  const std::string taken = server->database();
  server->query(test::Postgres::name_in(taken), "CREATE TABLE keyvalue(id INT, key TEXT, value TEXT); INSERT INTO keyvalue VALUES (1, 'updater/last', '1')");
  REQUIRE(open_service_store(taken));
  CHECK(server->query(test::Postgres::name_in(taken), "SELECT value FROM keyvalue WHERE key = 'updater/last'") == "1");
}

TEST_CASE("postgres: the server restarts under load: what was acknowledged is there, requests fail cleanly and then go on") {
  test::Postgres* const server = test::Postgres::get();
  if (server == nullptr) return;
  const std::string url = server->database();
  auto opened = open_service_store(url);
  REQUIRE(opened);
  ServiceStore& store = **opened;
  std::mutex mutex;
  std::vector<std::string> acknowledged, faults;
  std::atomic<bool> stop{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; !stop; ++i) {
        const std::string name = std::to_string(t) + "-" + std::to_string(i);
        const auto put = store.put_node(node(name), nullptr);
        const auto read = store.mark(Scope::v1, name);
        const std::lock_guard lock(mutex);
        if (put) acknowledged.push_back(name);
        if (!put && put.error().code != Errc::unavailable) faults.push_back(put.error().text);
        if (!read && read.error().code != Errc::unavailable) faults.push_back(read.error().text);
        if (put && read && !*read) faults.push_back(name + " is not there");
      }
    });
  }
  std::size_t before = 0;
  for (int restarts = 0; restarts < 3; ++restarts) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    server->restart();
    // It goes on by itself.
    const std::lock_guard lock(mutex);
    before = acknowledged.size();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  stop = true;
  for (std::thread& one : threads) one.join();
  for (const std::string& fault : faults) CHECK(fault == "");
  CHECK(acknowledged.size() > before);
  std::size_t lost = 0;
  for (const std::string& name : acknowledged) {
    const auto found = store.mark(Scope::v1, name);
    REQUIRE(found);
    if (!*found) ++lost;
  }
  CHECK(lost == 0);
}
