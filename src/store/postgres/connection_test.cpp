// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What only PostgreSQL can do to us: be far away, go away, come back.
#include "store/postgres/connection.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>

#include "store/interface.h"
#include "store/sql/open.h"
#include "support/postgres.h"

using namespace eclair;
using namespace eclair::store;

namespace postgres_connection_test_detail {

Advisory row(std::string vulnerability) {
  Advisory a;
  a.vulnerability = std::move(vulnerability);
  a.status = Status::affected;
  return a;
}

Result<ImportSummary> import(AdvisoryStore& store, int rows, UnixTime at) {
  ECLAIR_TRY(auto one, store.begin_import("debian", "test", at));
  for (int i = 0; i < rows; ++i) ECLAIR_CHECK_OK(one->advisory("debian:12", "p" + std::to_string(i), row("CVE-1")));
  one->complete("debian:12");
  return one->commit(true);
}

/// Ends the sessions of a database, as a crash of the server or an operator does.
void cut(test::Postgres& server, const std::string& url) {
  server.query("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='" + test::Postgres::name_in(url) + "'");
}

#define NEEDS_POSTGRES(name)                       \
  test::Postgres* const name##_ = test::Postgres::get(); \
  if (name##_ == nullptr) return;                  \
  test::Postgres& name = *name##_

}  // namespace postgres_connection_test_detail
using namespace postgres_connection_test_detail;

TEST_CASE("postgres: what is not there is said, and never a password") {
  NEEDS_POSTGRES(server);
  for (const std::string& url : {std::string("postgresql://me:geheim-1@127.0.0.1:1/x"), std::string("host=127.0.0.1 port=1 password=geheim-1 dbname=x"),
                                 std::string("postgres://me:geheim-1/2@127.0.0.1/x"), std::string("postgres://me:1/geheim@127.0.0.1/x"), std::string("host=127.0.0.1 geheim-1"),
                                 server.address("not_there") + "?password=geheim-1"}) {
    CAPTURE(url);
    const auto opened = open_advisories(url);
    REQUIRE_FALSE(opened);
    CHECK((opened.error().code == Errc::unavailable || opened.error().code == Errc::invalid_input));
    CHECK(opened.error().text.find("PostgreSQL") != std::string::npos);
    CHECK(opened.error().text.find("geheim") == std::string::npos);
    CHECK(opened.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("postgres: a lost connection fails at most what was running, and the next use connects anew") {
  NEEDS_POSTGRES(server);
  const std::string url = server.database();
  auto store = *open_advisories(url);
  REQUIRE(import(*store, 3, 10));
  CHECK(store->rows("debian:12", "p1")->size() == 1);

  // Between two reads nobody notices.
  store->release();
  cut(server, url);
  CHECK(store->rows("debian:12", "p1")->size() == 1);

  // Within a read its state is gone: that is said, once.
  cut(server, url);
  const auto lost = store->rows("debian:12", "p1");
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == Errc::unavailable);
  CHECK(store->rows("debian:12", "p1")->size() == 1);
  CHECK(store->text("debian", "CVE-1"));

  // Within an import: the old state stands, whenever it happens.
  for (const int when : {0, 1, 5, 20, 80}) {
    CAPTURE(when);
    store->release();
    std::thread cutter([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(when));
      cut(server, url);
    });
    const auto done = import(*store, 4'000, 20);
    cutter.join();
    if (!done) CHECK(done.error().code == Errc::unavailable);
    store->release();
    auto now = store->feeds();
    if (!now) now = store->feeds();  // the reader may have been hit as well
    REQUIRE(now);
    CHECK(now->at(0).records == (done ? 4'000 : 3));
    store->release();
    REQUIRE(import(*store, 3, 30));
  }

  // The server starts anew.
  store->release();
  server.restart();
  CHECK(store->rows("debian:12", "p1")->size() == 1);
  REQUIRE(import(*store, 5, 40));
  CHECK(store->feeds()->at(0).records == 5);
}

TEST_CASE("postgres: bytes that are no text, deadlocks and clashes have codes of their own") {
  NEEDS_POSTGRES(server);
  const std::string url = server.database();
  constexpr std::string_view kSteps[] = {"CREATE TABLE a (id BIGINT PRIMARY KEY, t TEXT, s SMALLINT, n NUMERIC); INSERT INTO a VALUES (1, '', 3, 1), (2, '', -3, 1);"};
  const sql::Schema schema = {.file = "", .sqlite = {}, .schema = "eclair_t", .lock = 99, .postgres = kSteps};
  auto one = sql::open(url, schema), two = sql::open(url, schema);
  REQUIRE(one);
  REQUIRE(two);
  auto put = one->prepare("UPDATE a SET t=?2 WHERE id=?1");
  const auto bad = put->number(1, 1).text(2, std::string_view("\0", 1)).run();
  REQUIRE_FALSE(bad);
  CHECK(bad.error().code == Errc::invalid_input);
  CHECK(put->number(1, 1).text(2, "what about '?1' and ü").run());
  auto get = one->prepare("SELECT t, s FROM a WHERE id=?1 AND t<>'?2'");
  REQUIRE(*get->number(1, 1).step());
  CHECK(get->text_at(0) == "what about '?1' and ü");
  CHECK(get->number_at(1) == 3);
  get->reset();
  CHECK(one->prepare("SELECT n FROM a")->step().error().code == Errc::internal);  // a type that is not read is not guessed at

  auto first = sql::Transaction::begin(*one, sql::Writers::many), second = sql::Transaction::begin(*two, sql::Writers::many);
  REQUIRE(first);
  REQUIRE(second);
  auto of_one = one->prepare("UPDATE a SET s=s+1 WHERE id=?1"), of_two = two->prepare("UPDATE a SET s=s+1 WHERE id=?1");
  REQUIRE(of_one->number(1, 1).run_counted());
  REQUIRE(of_two->number(1, 2).run_counted());
  Result<std::uint64_t> other = 0;
  std::thread thread([&] {
    other = of_two->number(1, 1).run_counted();
    if (!other) static_cast<void>(second->commit());
  });
  const auto mine = of_one->number(1, 2).run_counted();
  if (!mine) static_cast<void>(first->commit());
  thread.join();
  REQUIRE(mine.has_value() != other.has_value());
  CHECK((mine ? other.error().code : mine.error().code) == Errc::conflict);
}

TEST_CASE("postgres: a server that is not ours to make schemas in, where they were made for us") {
  NEEDS_POSTGRES(server);
  const std::string url = server.database(), database = test::Postgres::name_in(url), user = "limited_" + database;
  server.query(database, "CREATE ROLE " + user + " LOGIN; REVOKE CREATE ON DATABASE " + database + " FROM PUBLIC");
  std::string limited = url;
  limited.replace(limited.find("postgres@"), 8, user);
  const auto refused = open_advisories(limited);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unavailable);
  CHECK(refused.error().text.find("permission denied") != std::string::npos);
  server.query(database, "CREATE SCHEMA eclair_advisories AUTHORIZATION " + user + "; CREATE SCHEMA eclair_layers AUTHORIZATION " + user);
  CHECK(open_advisories(limited));
  CHECK(open_layers(limited));
}
