// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "extract/rpm_database.h"
#include "extract/rpm_header.h"
#include "support/random.h"
#include "support/rpm_fixture.h"

namespace eclair::extract {
namespace rpm_sqlite_test_detail {

class Records final : public RpmRecords {
 public:
  Result<> header(std::uint64_t number, std::string_view blob) override {
    numbers.push_back(number);
    blobs.emplace_back(blob);
    return {};
  }
  Result<> damage(std::string_view code, std::string message) override {
    notes.push_back(std::string(code) + ": " + message);
    return {};
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const std::string& blob : blobs) {
      const auto header = RpmHeader::parse(blob, {});
      out.emplace_back(header ? header->name : "?");
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> blobs, notes;
};

/// A database made by running `sql`, with `headers` in its table Packages where it has one; as bytes.
std::string database(const std::string& sql, const std::vector<std::string>& headers = {}) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(":memory:", &db) == SQLITE_OK);
  const int ran = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  REQUIRE_MESSAGE(ran == SQLITE_OK, sqlite3_errmsg(db));
  for (const std::string& header : headers) {
    sqlite3_stmt* insert = nullptr;
    REQUIRE(sqlite3_prepare_v2(db, "INSERT INTO Packages(blob) VALUES(?)", -1, &insert, nullptr) == SQLITE_OK);
    sqlite3_bind_blob(insert, 1, header.data(), static_cast<int>(header.size()), SQLITE_STATIC);
    REQUIRE(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_finalize(insert);
  }
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &size, 0);
  const std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(db);
  return out;
}

const std::string kTable = "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL);";

struct Walked {
  Records records;
  Result<> result;
};

Walked walk(const std::string& db, const std::string* wal = nullptr, const Limits& limits = {}) {
  const MemorySource main(db), log(wal == nullptr ? std::string() : *wal);
  const Cancel stop;
  Walked out;
  out.result = walk_rpm_sqlite(main, wal == nullptr ? nullptr : &log, limits, stop, out.records);
  return out;
}

std::string read_case(const std::string& path) {
  std::ifstream in(std::string(ECLAIR_SOURCE_DIR) + "/tests/cases/extract/os_rpm/" + path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  REQUIRE(!bytes.empty());
  return bytes;
}

TEST_CASE("sqlite: records in order, small ones and ones of megabytes") {
  const std::vector<std::string> headers{test::rpm_header("a"), test::rpm_header("b", 3 << 20), test::rpm_header("c", 5'000)};
  for (const char* page : {"512", "4096", "65536"}) {
    CAPTURE(page);
    std::string db = database("PRAGMA page_size=" + std::string(page) + ";" + kTable, headers);
    for (const char mode : {'\1', '\2'}) {  // 2: write-ahead mode, as rpm leaves it; there is no log beside it
      CAPTURE(int{mode});
      db[18] = db[19] = mode;
      const Walked walked = walk(db);
      CHECK_MESSAGE(walked.result, walked.result.error().text);
      CHECK(walked.records.blobs == headers);
      CHECK(walked.records.numbers == std::vector<std::uint64_t>{1, 2, 3});
      CHECK(walked.records.notes.empty());
    }
  }
  CHECK(walk(database(kTable)).result);
}

TEST_CASE("sqlite: the write-ahead log, and logs that do not belong to the file") {
  const std::string db = read_case("sqlite-wal/in/var/lib/rpm/rpmdb.sqlite"), wal = read_case("sqlite-wal/in/var/lib/rpm/rpmdb.sqlite-wal");
  const std::vector<std::string> before{"demo", "demo-libs", "no-vendor", "python3-sample", "streamed"};
  const std::vector<std::string> after{"demo", "demo-libs", "late", "python3-sample", "streamed"};
  CHECK(walk(db).records.names() == before);
  CHECK(walk(db, &wal).records.names() == after);

  const std::string none;
  CHECK(walk(db, &none).records.names() == before);
  std::string other_salt = wal;
  other_salt[16] = static_cast<char>(other_salt[16] ^ 1);
  CHECK(walk(db, &other_salt).records.names() == before);
  const std::string half_transaction = wal.substr(0, wal.size() / 3);  // SQLite passes over what was not committed
  CHECK(walk(db, &half_transaction).result);
  const std::string garbage(5'000, 'x');
  CHECK(walk(db, &garbage).records.names() == before);
}

TEST_CASE("sqlite: hostile schemas are refused, and cost little") {
  // Written into the schema directly: SQLite reads the whole of it anew after every CREATE.
  const std::string huge = kTable + R"(PRAGMA writable_schema=ON; WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n WHERE x < 30000)
      INSERT INTO sqlite_master SELECT 'table', 'name_'||x, 'name_'||x, 2, 'CREATE TABLE name_'||x||'(a,b,c,d,e,f,g,h)' FROM n;)";
  struct Row {
    const char* what;
    std::string sql;
    Errc code;
  };
  const Row rows[] = {
      {"no table", "CREATE TABLE Names(a);", Errc::invalid_input},
      {"a view", "CREATE VIEW Packages AS SELECT 1 AS hnum, x'00' AS blob;", Errc::invalid_input},
      {"an endless view",
       "CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT x AS rowid, x AS hnum, zeroblob(x) AS blob FROM n;",
       Errc::invalid_input},
      {"a virtual table", "CREATE VIRTUAL TABLE Packages USING fts5(hnum, blob);", Errc::invalid_input},
      {"no row numbers", "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob BLOB) WITHOUT ROWID;", Errc::invalid_input},
      {"a schema of megabytes", huge, Errc::limit},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Walked walked = walk(database(row.sql));
    REQUIRE_FALSE(walked.result);
    CAPTURE(walked.result.error().text);
    CHECK(walked.result.error().code == row.code);
    CHECK(walked.records.blobs.empty());
  }
}

TEST_CASE("sqlite: rows that are no records cost a note each") {
  const std::string header = test::rpm_header("a");
  const std::string db = database(
      "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob); INSERT INTO Packages VALUES(-5,NULL),(1,7),(2,x''),(3,2.5),(1000000000000,'text');", {header});
  const Walked walked = walk(db);
  CHECK(walked.result);
  CHECK(walked.records.blobs == std::vector<std::string>{"", "text", header});  // the header parser judges the first two
  CHECK(walked.records.notes.size() == 3);

  const Walked no_blob = walk(database("CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, data); INSERT INTO Packages VALUES(1,x'00');"));
  CHECK(no_blob.records.notes.size() == 1);

  Limits limits;
  limits.rpm_header_bytes = 1'000;
  const Walked large = walk(database(kTable, {header, test::rpm_header("b", 2'000), header}), nullptr, limits);
  CHECK(large.records.blobs.size() == 2);
  REQUIRE(large.records.notes.size() == 1);
  CHECK(large.records.notes[0].find("rpm_header_bytes is 1000") != std::string::npos);
}

TEST_CASE("sqlite: triggers, indexes and generated columns of a stranger are not run") {
  const std::string header = test::rpm_header("a");
  const Walked indexed = walk(database(
      kTable + "CREATE INDEX i ON Packages(hnum, length(blob)); CREATE TRIGGER t AFTER INSERT ON Packages BEGIN SELECT 1; END;", {header}));
  CHECK(indexed.records.blobs == std::vector<std::string>{header});
  const Walked generated =
      walk(database("CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob, g AS (hex(zeroblob(1000))));", {header}));
  CHECK(generated.records.blobs.size() <= 1);
}

TEST_CASE("sqlite: damaged pages cost their records and no others") {
  std::vector<std::string> headers;
  for (int i = 0; i < 200; ++i) headers.push_back(test::rpm_header("package-" + std::to_string(1000 + i), 300));
  const std::string good = database("PRAGMA page_size=512;" + kTable, headers);
  const auto page = [](std::size_t n) { return (n - 1) * 512; };
  std::vector<std::size_t> leaves;
  for (std::size_t n = 3; page(n) < good.size(); ++n) {
    if (good[page(n)] == 13) leaves.push_back(n);
  }
  REQUIRE(leaves.size() > 20);
  SUBCASE("a leaf in the middle") {
    std::string db = good;
    db[page(leaves[10])] = 77;
    const Walked walked = walk(db);
    CHECK_MESSAGE(walked.result, walked.result.error().text);
    CHECK(walked.records.blobs.size() >= 190);
    CHECK(walked.records.blobs.size() < 200);
    REQUIRE(walked.records.notes.size() == 1);
    CHECK(walked.records.notes[0].find("incomplete: sqlite database: records after number ") == 0);
    CHECK(walked.records.names().back() == "package-1199");
  }
  SUBCASE("leaves at three places: what lies between is found too") {
    std::string db = good;
    for (const std::size_t i : {5u, 10u, 15u}) db[page(leaves[i])] = 77;
    const Walked walked = walk(db);
    CHECK_MESSAGE(walked.result, walked.result.error().text);
    CHECK(walked.records.blobs.size() >= 185);
    const auto names = walked.records.names();
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    CHECK(names.back() == "package-1199");
  }
  SUBCASE("cut short") {
    const Walked walked = walk(good.substr(0, good.size() - 2'048));
    CHECK_MESSAGE(walked.result, walked.result.error().text);
    CHECK(walked.records.blobs.size() > 150);
    CHECK(walked.records.blobs.size() < 200);
    CHECK(!walked.records.notes.empty());
  }
  SUBCASE("a cell that ends outside its page is not read, however often the page is looked at") {
    std::string db = database("PRAGMA page_size=512;" + kTable, {test::rpm_header("a"), test::rpm_header("b"), test::rpm_header("c")});
    std::size_t leaf = 2;
    while (page(leaf) < db.size() && db.compare(page(leaf), 5, std::string("\x0d\0\0\0\x03", 5)) != 0) ++leaf;
    REQUIRE(page(leaf) < db.size());
    test::put(db, page(leaf) + 12, "\x01\xff");  // the last of three cells: its length in the page, its number in the memory behind it
    db[page(leaf) + 511] = '\x20';
    for (int round = 0; round < 5; ++round) {
      const Walked walked = walk(db);
      CHECK(walked.records.blobs.empty());
      for (const std::string& note : walked.records.notes) CHECK_MESSAGE(note.find("incomplete: ") == 0, note);
    }
  }
  SUBCASE("a tree that shares its leaves") {
    // Every child pointer of an inner page leads to the same leaf: the numbers stop rising.
    std::string db = good;
    std::size_t patched = 0;
    for (std::size_t n = 2; page(n) < db.size(); ++n) {
      const std::size_t at = page(n);
      if (db[at] != 5) continue;
      const std::size_t cells = static_cast<unsigned char>(db[at + 4]);
      for (std::size_t i = 0; i < cells; ++i) {
        const std::size_t cell = at + 256u * static_cast<unsigned char>(db[at + 12 + 2 * i]) + static_cast<unsigned char>(db[at + 13 + 2 * i]);
        const std::size_t child = page(static_cast<unsigned char>(db[cell + 2]) * 256u + static_cast<unsigned char>(db[cell + 3]));
        if (child + 512 > db.size() || db[child] != 13) continue;
        test::put(db, cell, test::number(static_cast<std::uint32_t>(leaves[1]), true));  // the first is of another table
        ++patched;
      }
    }
    REQUIRE(patched > 20);
    const Walked walked = walk(db);
    CHECK(walked.records.blobs.size() < 200);
    CHECK(!walked.records.notes.empty());
    std::vector<std::uint64_t> numbers = walked.records.numbers;
    std::sort(numbers.begin(), numbers.end());
    CHECK(std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end());
  }
}

TEST_CASE("sqlite: not a database") {
  for (const std::string& bytes : {std::string("SQLite format 3"), std::string("SQLite format 3\0", 16), std::string(4096, 'x')}) {
    const Walked walked = walk(bytes);
    REQUIRE_FALSE(walked.result);
    CHECK(walked.result.error().code == Errc::invalid_input);
  }
}

TEST_CASE("sqlite: a request to stop, a failing source and an error of the receiver end the walk as what they are") {
  class Refuses final : public RpmRecords {
   public:
    Result<> header(std::uint64_t, std::string_view) override { return fail(Errc::limit, "enough"); }
    Result<> damage(std::string_view, std::string) override { return {}; }
  };
  class Fails final : public ByteSource {
   public:
    explicit Fails(const ByteSource& in) : in_(in) {}
    std::uint64_t size() const override { return in_.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
      if (offset > 4'096) return fail(Errc::unavailable, "the disk is gone");
      return in_.read_at(offset, into);
    }

   private:
    const ByteSource& in_;
  };
  const MemorySource db(database("PRAGMA page_size=512;" + kTable, {test::rpm_header("a", 10'000)}));
  Cancel stop;
  Refuses refuses;
  CHECK(walk_rpm_sqlite(db, nullptr, {}, stop, refuses).error().text == "enough");
  Records records;
  CHECK(walk_rpm_sqlite(Fails(db), nullptr, {}, stop, records).error().code == Errc::unavailable);
  stop.request();
  CHECK(walk_rpm_sqlite(db, nullptr, {}, stop, records).error().code == Errc::cancelled);
  CHECK(records.blobs.empty());
}

TEST_CASE("sqlite: several databases at once") {
  constexpr int kThreads = 4, kRounds = 25;
  std::atomic<int> wrong{0};
  std::vector<std::string> databases;
  for (int t = 0; t < kThreads; ++t) {
    databases.push_back(database(kTable, std::vector<std::string>(20, test::rpm_header("thread-" + std::to_string(t), 2'000))));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&databases, &wrong, t] {
      const MemorySource source(databases[static_cast<std::size_t>(t)]);
      const std::string want = test::rpm_header("thread-" + std::to_string(t), 2'000);
      for (int round = 0; round < kRounds; ++round) {
        Records records;
        const Cancel stop;
        if (!walk_rpm_sqlite(source, nullptr, {}, stop, records) || records.blobs != std::vector<std::string>(20, want)) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

TEST_CASE("sqlite: any bytes changed or cut are read or refused") {
  const std::uint64_t seed = test::seed_or(11);
  CAPTURE(seed);
  test::Random random(seed);
  std::vector<std::string> headers;
  for (int i = 0; i < 30; ++i) headers.push_back(test::rpm_header("p" + std::to_string(i), 700));
  const std::string good = database("PRAGMA page_size=512;" + kTable, headers);
  for (int round = 0; round < 300; ++round) {
    std::string db = good;
    for (std::size_t i = 0; i < 1 + random.below(30); ++i) db[random.below(db.size())] = static_cast<char>(random.next());
    if (random.one_in(4)) db.resize(random.below(db.size()));
    const Walked walked = walk(db);
    std::size_t bytes = 0;
    for (const std::string& blob : walked.records.blobs) bytes += blob.size();
    CHECK(bytes <= 2 * db.size());
  }
}

}  // namespace rpm_sqlite_test_detail
}  // namespace eclair::extract
