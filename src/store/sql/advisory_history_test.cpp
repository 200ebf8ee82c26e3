// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What only shows in the tables of SQLite: the history, migrations, damage.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "store/interface.h"
#include "store/sql/advisory_schema.h"
#include "store/sql/connection.h"
#include "store/sql/opened_runs.h"
#include "store/sql/portion_state.h"
#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"
#include "support/folder.h"

using namespace eclair;
using namespace eclair::store;

namespace advisory_history_test_detail {

using test::Folder;

Advisory row(std::string vulnerability, std::string fixed_in) {
  Advisory a;
  a.vulnerability = std::move(vulnerability);
  a.status = Status::fixed;
  a.fixed_in = std::move(fixed_in);
  return a;
}

void import(const std::string& folder, const std::vector<Advisory>& rows, UnixTime at) {
  auto store = open_advisories(folder);
  REQUIRE(store);
  auto one = (*store)->begin_import("debian", "test", at);
  REQUIRE(one);
  for (const Advisory& advisory : rows) REQUIRE((*one)->advisory("debian:12", "zlib", advisory));
  (*one)->complete("debian:12");
  REQUIRE((*one)->commit(true));
}

/// "CVE-1 1.0 [10, 20)"
std::vector<std::string> history(const std::string& folder) {
  auto db = sql::open(folder, sql::kAdvisories);
  REQUIRE(db);
  auto all = db->prepare("SELECT row, opened, closed FROM history ORDER BY id");
  REQUIRE(all);
  std::vector<std::string> out;
  while (*all->step()) {
    std::vector<Advisory> rows;
    REQUIRE(decode_chunk(all->text_at(0), rows));
    REQUIRE(rows.size() == 1);
    out.push_back(rows[0].vulnerability + " " + rows[0].fixed_in + " [" + std::to_string(all->number_at(1)) + ", " + std::to_string(all->number_at(2)) + ")");
  }
  return out;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace advisory_history_test_detail
using namespace advisory_history_test_detail;

TEST_CASE("sqlite advisories: a row that changes or goes is kept with the time it held") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0"), row("CVE-2", "1.0"), row("CVE-3", "1.0")}, 10);
  CHECK(history(folder.path).empty());
  import(folder.path, {row("CVE-1", "2.0"), row("CVE-2", "1.0"), row("CVE-3", "1.0")}, 20);
  CHECK(history(folder.path) == std::vector<std::string>{"CVE-1 1.0 [10, 20)"});
  import(folder.path, {row("CVE-1", "2.0"), row("CVE-3", "1.0"), row("CVE-4", "1.0")}, 30);
  import(folder.path, {row("CVE-2", "1.0")}, 40);
  CHECK(history(folder.path) == std::vector<std::string>{"CVE-1 1.0 [10, 20)", "CVE-2 1.0 [10, 30)", "CVE-1 2.0 [20, 40)", "CVE-3 1.0 [10, 40)",
                                                         "CVE-4 1.0 [30, 40)"});
}

TEST_CASE("sqlite advisories: an import of the same content writes the time and nothing else") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0"), row("CVE-2", "1.0")}, 10);
  const auto dump = [&] {
    auto db = sql::open(folder.path, sql::kAdvisories);
    REQUIRE(db);
    std::string out;
    for (const char* query : {"SELECT quote(feed)||quote(namespace)||quote(package)||quote(seq)||quote(content)||quote(opened)||quote(rows) FROM chunk",
                              "SELECT quote(id)||quote(places)||quote(rows)||quote(text) FROM name",
                              "SELECT quote(snapshot)||quote(content_sum)||quote(rows) FROM feed", "SELECT quote(row) FROM history"}) {
      auto all = db->prepare(query);
      REQUIRE(all);
      while (*all->step()) out += std::string(all->text_at(0)) + "\n";
    }
    return out;
  };
  const std::string before = dump();
  CHECK(before.size() > 100);
  import(folder.path, {row("CVE-2", "1.0"), row("CVE-1", "1.0")}, 20);
  CHECK(dump() == before);
}

TEST_CASE("sqlite advisories: a file made by a newer version is refused by name") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0")}, 10);
  {
    auto db = sqlite::open_file(folder.path + "/advisories.db", sqlite::Mode::create);
    REQUIRE(db);
    REQUIRE(db->execute("PRAGMA user_version = 99"));
  }
  const auto refused = open_advisories(folder.path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
  CHECK(refused.error().text.find("made by a newer eclair (schema 99, this one knows 5)") != std::string::npos);
}

TEST_CASE("sqlite advisories: a file of the first schema is taken over") {
  Folder folder;
  {
    const std::string_view first[] = {sqlite::kAdvisoryMigrations[0]};
    auto db = sql::open(folder.path, {.file = "advisories.db", .sqlite = first});
    REQUIRE(db);
    REQUIRE(db->execute("INSERT INTO feed VALUES (1, 'debian', 'a file', 1234, 0, 'id', x'', 7, 5);"
                        "INSERT INTO namespace VALUES (1, 'debian:12'); INSERT INTO feed_namespace VALUES (1, 1, 7)"));
  }
  const auto store = open_advisories(folder.path);
  REQUIRE(store);
  const auto feeds = (*store)->feeds();
  REQUIRE(feeds);
  REQUIRE(feeds->size() == 1);
  CHECK((*feeds)[0].fetched_at == 1234);
  CHECK((*feeds)[0].changed_at == 1234);
  CHECK((*feeds)[0].fetched_at_of("debian:12") == 1234);
  CHECK((*feeds)[0].asked_at == std::vector<UnixTime>{1234});
  CHECK((*store)->portions("debian")->empty());
  const auto snapshots = (*store)->snapshots();
  REQUIRE(snapshots);
  REQUIRE(snapshots->size() == 1);
  CHECK((*snapshots)[0].id == "id");
  CHECK((*snapshots)[0].at == 1234);
  CHECK_FALSE(open_advisories_as_of(folder.path, 1233));  // what was before is not known
}

TEST_CASE("sqlite advisories: what is kept of an update reads back, or counts as nothing") {
  PortionState state;
  state.name = "PyPI";
  state.revision = 2;
  state.cursor = "cursor";
  state.documents = {{"https://example.org/a", "\"tag\"", "Sat, 01 Aug 2026 00:00:00 GMT", "sha256:ab"}};
  state.namespaces = {"npm", "pypi"};
  const std::string stored = sql::encode_portion(state);
  const auto back = sql::decode_portion("PyPI", stored);
  REQUIRE(back);
  CHECK(sql::encode_portion(*back) == stored);
  CHECK(back->name == "PyPI");
  for (std::size_t cut = 0; cut < stored.size(); ++cut) {
    CAPTURE(cut);
    CHECK_FALSE(sql::decode_portion("PyPI", std::string_view(stored).substr(0, cut)));
  }
  CHECK_FALSE(sql::decode_portion("PyPI", stored + "x"));
  CHECK_FALSE(sql::decode_portion("PyPI", "\x02" + stored.substr(1)));
  CHECK_FALSE(sql::decode_portion("PyPI", std::string("\x01\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 12)));
}

TEST_CASE("sqlite: migrations run once, in order, and a failing one leaves the schema it found") {
  Folder folder;
  const std::string_view first[] = {"CREATE TABLE a(x); INSERT INTO a VALUES (1);"};
  REQUIRE(sql::open(folder.path, {.file = "t.db", .sqlite = first}));
  const std::string_view broken[] = {first[0], "INSERT INTO a VALUES (2); CREATE TABLE a(y);"};
  CHECK_FALSE(sql::open(folder.path, {.file = "t.db", .sqlite = broken}));
  const std::string_view second[] = {first[0], "INSERT INTO a VALUES (3);"};
  for (int i = 0; i < 2; ++i) {
    auto db = sql::open(folder.path, {.file = "t.db", .sqlite = second});
    REQUIRE(db);
    auto sum = db->prepare("SELECT sum(x), count(*) FROM a");
    REQUIRE(sum);
    REQUIRE(*sum->step());
    CHECK(sum->number_at(0) == 4);
    CHECK(sum->number_at(1) == 2);
  }
}

TEST_CASE("sqlite advisories: damage is an error that names the file, never a crash or an empty answer") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0")}, 10);
  {
    auto db = sqlite::open_file(folder.path + "/advisories.db", sqlite::Mode::create);
    REQUIRE(db);
    REQUIRE(db->execute("UPDATE chunk SET rows = x'0100ff'"));
  }
  {
    auto store = open_advisories(folder.path);
    REQUIRE(store);
    for (const auto& result : {(*store)->rows("debian:12", "zlib"), (*store)->search({.id = "CVE-1"})}) {
      REQUIRE_FALSE(result);
      CHECK(result.error().code == Errc::unavailable);
      CHECK(result.error().text.find("zlib") != std::string::npos);
    }
  }
  std::ofstream(folder.path + "/advisories.db", std::ios::binary) << std::string(20000, 'x');
  const auto opened = open_advisories(folder.path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::unavailable);
  CHECK(opened.error().text.find("advisories.db") != std::string::npos);
  CHECK(bytes_of(folder.path + "/advisories.db") == std::string(20000, 'x'));
}

TEST_CASE("sqlite advisories: a set that cannot be written answers many processes at once, and takes no import") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0")}, 10);
  import(folder.path, {row("CVE-1", "2.0")}, 20);
  namespace fs = std::filesystem;
  for (const auto& file : fs::directory_iterator(folder.path)) fs::permissions(file.path(), fs::perms(0444));
  fs::permissions(folder.path, fs::perms(0555));
  const std::string before = bytes_of(folder.path + "/advisories.db");
  const auto check = [&folder]() -> int {
    auto store = open_advisories(folder.path);
    if (!store) return 1;
    for (int i = 0; i < 200; ++i) {
      const auto rows = (*store)->rows("debian:12", "zlib");
      if (!rows || rows->size() != 1 || rows->at(0).advisory.fixed_in != "2.0") return 2;
    }
    auto past = open_advisories_as_of(folder.path, 15);
    if (!past || (*past)->rows("debian:12", "zlib")->at(0).advisory.fixed_in != "1.0") return 3;
    auto one = (*store)->begin_import("debian", "test", 20);
    const auto refused = (*one)->commit(false);
    return !refused && refused.error().code == Errc::unavailable ? 0 : 4;
  };
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      constexpr uid_t kNobody = 65534;  // root may write everywhere
      if (::geteuid() == 0 && ::setresuid(kNobody, kNobody, kNobody) != 0) ::_exit(9);
      ::_exit(check());
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  CHECK(bytes_of(folder.path + "/advisories.db") == before);
  fs::permissions(folder.path, fs::perms::owner_all);
}

TEST_CASE("sqlite advisories: on a full disk what is there can be read, and an import says why it fails") {
  Folder folder;
  import(folder.path, {row("CVE-1", "1.0")}, 10);
  const std::string before = bytes_of(folder.path + "/advisories.db");
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // No file may grow: what a full disk looks like to the one who writes.
    const rlimit none{0, 0};
    ::signal(SIGXFSZ, SIG_IGN);
    if (::setrlimit(RLIMIT_FSIZE, &none) != 0) ::_exit(9);
    auto store = open_advisories(folder.path);
    if (!store) ::_exit(1);
    const auto rows = (*store)->rows("debian:12", "zlib");
    if (!rows || rows->size() != 1) ::_exit(2);
    auto one = (*store)->begin_import("debian", "test", 20);
    if (!(*one)->advisory("debian:12", "zlib", row("CVE-2", "1.0"))) ::_exit(3);
    const auto refused = (*one)->commit(false);
    ::_exit(!refused && refused.error().code == Errc::unavailable && !refused.error().text.empty() ? 0 : 4);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(bytes_of(folder.path + "/advisories.db") == before);
}

TEST_CASE("sqlite advisories: the times of rows are runs, and damage costs times only") {
  const std::vector<UnixTime> times = {5, 5, 5, 9, 5};
  const std::string packed = sql::packed_times(times);
  CHECK(packed.size() == 6);
  CHECK(sql::unpacked_times(packed, 5) == times);
  CHECK(sql::unpacked_times(packed, 4) == std::vector<UnixTime>{5, 5, 5, 9});
  CHECK(sql::unpacked_times(packed, 6) == std::vector<UnixTime>{5, 5, 5, 9, 5, 0});
  CHECK(sql::unpacked_times("", 2) == std::vector<UnixTime>{0, 0});
  CHECK(sql::unpacked_times("\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x07", 3).size() == 3);
}
