// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The walkers over databases made by hand, sound and damaged. What real tools wrote is in tests/cases/extract/os_rpm.
#include "extract/rpm_database.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/random.h"
#include "support/rpm_fixture.h"

namespace eclair::extract {
namespace rpm_database_test_detail {

using test::number;
using test::put;

/// Keeps what a walk gives.
class Records final : public RpmRecords {
 public:
  Result<> header(std::uint64_t number, std::string_view blob) override {
    blobs.emplace_back(blob);
    numbers.push_back(number);
    return {};
  }
  Result<> damage(std::string_view code, std::string message) override {
    notes.push_back(std::string(code) + ": " + message);
    return {};
  }
  std::vector<std::string> sorted_blobs() const {
    auto sorted = blobs;
    std::sort(sorted.begin(), sorted.end());
    return sorted;
  }
  bool said(std::string_view what) const {
    return std::any_of(notes.begin(), notes.end(), [&](const std::string& n) { return n.find(what) != std::string::npos; });
  }
  std::vector<std::string> blobs, notes;
  std::vector<std::uint64_t> numbers;
};

using Walker = Result<> (*)(const ByteSource&, const Limits&, const Cancel&, RpmRecords&);

Records walk(Walker walker, const std::string& bytes, Result<>* result = nullptr, const Limits& limits = {}) {
  Records records;
  const Cancel stop;
  const MemorySource source(bytes);
  const auto ended = walker(source, limits, stop, records);
  if (result != nullptr) {
    *result = ended;
  } else {
    CHECK_MESSAGE(ended, ended.error().text);
  }
  return records;
}

std::vector<std::string> sample() {
  std::vector<std::string> headers;
  for (std::size_t i = 0; i < 9; ++i) headers.push_back(test::rpm_header("package-" + std::to_string(i), i * i * 60));  // inline, one page, many
  headers.push_back(test::rpm_header("small"));
  std::sort(headers.begin(), headers.end());
  return headers;
}

TEST_CASE("berkeley: both byte orders, hash and tree, all page sizes; inline values and chains") {
  for (const bool big : {false, true}) {
    for (const bool btree : {false, true}) {
      for (const std::size_t page : {512u, 4096u, 65536u}) {
        CAPTURE(big);
        CAPTURE(btree);
        CAPTURE(page);
        const Records records = walk(walk_rpm_bdb, test::bdb(sample(), big, page, btree));
        CHECK(records.sorted_blobs() == sample());
        CHECK(records.notes.empty());
        auto numbers = records.numbers;
        std::sort(numbers.begin(), numbers.end());
        CHECK(numbers.front() == 1);
        CHECK(numbers.back() == 10);
      }
    }
  }
  CHECK(walk(walk_rpm_bdb, test::bdb({}, false)).blobs.empty());
}

TEST_CASE("berkeley: deleted items of a tree do not count") {
  std::string db = test::bdb({test::rpm_header("a")}, false, 512, true);
  const std::size_t leaf = 512;
  const std::size_t at = leaf + static_cast<unsigned char>(db[leaf + 26 + 6]) + 256u * static_cast<unsigned char>(db[leaf + 26 + 7]);
  CHECK(walk(walk_rpm_bdb, db).blobs.size() == 1);
  db[at + 2] = static_cast<char>(db[at + 2] | 0x80);
  const Records records = walk(walk_rpm_bdb, db);
  CHECK(records.blobs.empty());
  CHECK(records.notes.empty());
}

/// Page `n` of a database with pages of 512 bytes.
std::size_t page(std::size_t n) { return n * 512; }

/// The pages of one type.
std::vector<std::size_t> pages_of(const std::string& db, char type) {
  std::vector<std::size_t> out;
  for (std::size_t n = 1; page(n) < db.size(); ++n) {
    if (db[page(n) + 25] == type) out.push_back(n);
  }
  return out;
}

TEST_CASE("berkeley: damage costs its record and no other") {
  const std::vector<std::string> headers{test::rpm_header("chained", 3000), test::rpm_header("b"), test::rpm_header("c", 700)};
  const std::string good = test::bdb(headers, false);
  const auto chain = pages_of(good, 7);
  REQUIRE(chain.size() > 6);
  struct Row {
    std::string what;
    std::size_t at;
    std::string bytes;
    const char* note;
  };
  const Row rows[] = {
      {"a page that links to itself", page(chain[1]) + 16, number(static_cast<std::uint32_t>(chain[1]), false), "loops"},
      {"a loop over two pages", page(chain[2]) + 16, number(static_cast<std::uint32_t>(chain[1]), false), "loops"},
      {"a loop to the start", page(chain[4]) + 16, number(static_cast<std::uint32_t>(chain[0]), false), "bad_record"},
      {"a chain out of the file", page(chain[1]) + 16, number(100'000, false), "leads to page 100000"},
      {"a chain that ends early", page(chain[1]) + 16, number(0, false), "leads to page 0"},
      {"a chain into the meta page's neighbour", page(chain[1]) + 16, number(1, false), "damaged at page 1"},
      {"a chain page of another type", page(chain[1]) + 25, std::string(1, '\5'), "damaged at page"},
      {"a chain page without data", page(chain[1]) + 22, number(0, false, 2), "damaged at page"},
      {"a chain page with more than it can hold", page(chain[1]) + 22, number(500, false, 2), "damaged at page"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    std::string db = good;
    put(db, row.at, row.bytes);
    const Records records = walk(walk_rpm_bdb, db);
    CHECK(records.sorted_blobs() == std::vector<std::string>{std::min(headers[1], headers[2]), std::max(headers[1], headers[2])});
    REQUIRE(records.notes.size() == 1);
    CAPTURE(records.notes[0]);
    CHECK(records.notes[0].rfind("bad_record: ", 0) == 0);
    CHECK(records.said(row.note));
  }
}

TEST_CASE("berkeley: damaged pages") {
  const std::string good = test::bdb(sample(), false);
  const std::size_t hash_page = pages_of(good, 13).at(0);
  SUBCASE("cut short: what is left counts, and that something is missing is said") {
    const Records records = walk(walk_rpm_bdb, good.substr(0, page(6)));
    CHECK(records.said("incomplete: berkeley database: ends after 6 of "));
    CHECK(!records.blobs.empty());
  }
  SUBCASE("more items than fit") {
    std::string db = good;
    put(db, page(hash_page) + 20, number(60'000, false, 2));
    const Records records = walk(walk_rpm_bdb, db);
    CHECK(records.said("claims 60000 items"));
    CHECK(records.blobs.size() < sample().size());
  }
  SUBCASE("an item before the index and one after the page") {
    for (const std::uint32_t offset : {3u, 513u, 65535u}) {
      CAPTURE(offset);
      std::string db = good;
      put(db, page(hash_page) + 26 + 2 * 3, number(offset, false, 2));
      const Records records = walk(walk_rpm_bdb, db);
      CHECK(records.said("an item outside its page"));
      CHECK(records.blobs.size() >= sample().size() - 2);
    }
  }
  SUBCASE("a record of four gigabytes") {
    std::string db = test::bdb({test::rpm_header("big", 2000)}, false);
    const std::size_t at = db.find(std::string("\3\0\0\0", 4), page(1));
    REQUIRE(at != std::string::npos);
    put(db, at + 8, number(0xffffffff, false));
    CHECK(walk(walk_rpm_bdb, db).said("a header of 4294967295 bytes"));
  }
  SUBCASE("a record above the limit") {
    Limits limits;
    limits.rpm_header_bytes = 1000;
    Result<> result;
    const Records records = walk(walk_rpm_bdb, test::bdb({test::rpm_header("big", 2000), test::rpm_header("a", 300)}, false), &result, limits);
    CHECK(result);
    CHECK(records.blobs.size() == 1);
    CHECK(records.said("rpm_header_bytes (1000)"));
  }
}

TEST_CASE("berkeley: many records that share one chain end the walk") {
  std::vector<std::string> headers(30, test::rpm_header("x", 300));
  headers[0] = test::rpm_header("x", 20'000);
  std::string db = test::bdb(headers, false);
  std::string first;
  std::size_t patched = 0;
  const auto u16 = [&db](std::size_t at) { return static_cast<unsigned char>(db[at]) + 256u * static_cast<unsigned char>(db[at + 1]); };
  for (const std::size_t n : pages_of(db, 13)) {
    for (std::size_t i = 1; i < u16(page(n) + 20); i += 2) {
      const std::size_t at = page(n) + u16(page(n) + 26 + 2 * i);
      if (db[at] != 3) continue;  // the counter
      if (first.empty()) first = db.substr(at, 12);
      put(db, at, first);
      ++patched;
    }
  }
  REQUIRE(patched == headers.size());
  Result<> result;
  const Records records = walk(walk_rpm_bdb, db, &result);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Errc::limit);
  CHECK(records.blobs.size() > 1);
  CHECK(records.blobs.size() < 5);
}

TEST_CASE("berkeley: refused by name") {
  const std::string good = test::bdb(sample(), false);
  struct Row {
    std::string what;
    std::size_t at;
    std::string bytes;
    Errc code;
  };
  const Row rows[] = {
      {"magic", 12, "abcd", Errc::invalid_input},
      {"version", 16, number(7, false), Errc::unsupported},
      {"encrypted", 24, "\1", Errc::unsupported},
      {"checksums", 26, "\1", Errc::unsupported},
      {"page size 0", 20, number(0, false), Errc::invalid_input},
      {"page size 256", 20, number(256, false), Errc::invalid_input},
      {"page size 1000", 20, number(1000, false), Errc::invalid_input},
      {"page size 2^31", 20, number(1u << 31, false), Errc::invalid_input},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    std::string db = good;
    put(db, row.at, row.bytes);
    Result<> result;
    walk(walk_rpm_bdb, db, &result);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == row.code);
  }
  Result<> result;
  walk(walk_rpm_bdb, good.substr(0, 40), &result);
  CHECK_FALSE(result);
}

TEST_CASE("ndb: all slots count, in whatever order they were reused") {
  const Records records = walk(walk_rpm_ndb, test::ndb(sample()));
  CHECK(records.sorted_blobs() == sample());
  CHECK(records.notes.empty());
  CHECK(walk(walk_rpm_ndb, test::ndb({})).blobs.empty());
}

TEST_CASE("ndb: damage costs its record and no other") {
  const std::vector<std::string> headers{test::rpm_header("a", 100), test::rpm_header("b", 200), test::rpm_header("c")};
  const std::string good = test::ndb(headers);
  const std::size_t slot = 4096 - 32, blob = 4096;  // of the first header
  struct Row {
    std::string what;
    std::size_t at;
    std::string bytes;
    std::size_t blobs;
    const char* note;
  };
  const Row rows[] = {
      {"checksum", blob + 16 + headers[0].size() - 2, "!", 3, "bad_record: ndb database: record 1: its checksum"},
      {"end mark", blob + ((16 + headers[0].size() + 12 + 15) / 16 * 16) - 1, "!", 3, "bad_record: ndb database: record 1: its checksum"},
      {"start mark", blob, "X", 2, "bad_record: ndb database: record 1: does not start as its slot says"},
      {"number", blob + 4, number(9, false), 2, "does not start as its slot says"},
      {"length", blob + 12, number(0xfffffff0, false), 2, "does not start as its slot says"},
      {"slot mark", slot, "X", 2, "incomplete: ndb database: 1 damaged slots"},
      {"slot outside", slot + 8, number(0x0fffffff, false), 2, "lies outside the file"},
      {"slot in the slots", slot + 8, number(2, false), 2, "lies outside the file"},
      {"slot of no size", slot + 12, number(0, false), 2, "is 0 bytes large"},
      {"slot too large", slot + 12, number(0x0fffffff, false), 2, "lies outside the file"},
      {"freed", slot + 8, number(0, false), 2, nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    std::string db = good;
    put(db, row.at, row.bytes);
    const Records records = walk(walk_rpm_ndb, db);
    CHECK(records.blobs.size() == row.blobs);
    CHECK(records.notes.size() == (row.note == nullptr ? 0 : 1));
    if (row.note != nullptr) CHECK_MESSAGE(records.said(row.note), (records.notes.empty() ? "" : records.notes[0]));
  }
  const Records cut = walk(walk_rpm_ndb, good.substr(0, 4096 + 400));
  CHECK(cut.blobs.size() == 1);
  CHECK(cut.notes.size() == 2);
  CHECK(walk(walk_rpm_ndb, good.substr(0, 1000)).said("incomplete: ndb database: 4096 bytes of slots"));
}

TEST_CASE("ndb: slots that share one blob end the walk; other files are refused") {
  std::string db = test::ndb({test::rpm_header("a", 100'000)});
  const std::string slot = db.substr(4096 - 32, 16);
  for (std::size_t at = 32; at < 4096; at += 16) put(db, at, slot);
  Result<> result;
  const Records records = walk(walk_rpm_ndb, db, &result);
  REQUIRE_FALSE(result);
  CHECK(result.error().code == Errc::limit);
  CHECK(records.blobs.size() <= 2);

  walk(walk_rpm_ndb, "RpmQ" + std::string(100, '\0'), &result);
  CHECK(result.error().code == Errc::invalid_input);
  walk(walk_rpm_ndb, "RpmP" + std::string(100, '\1'), &result);
  CHECK(result.error().code == Errc::unsupported);
  walk(walk_rpm_ndb, "RpmP" + std::string(100, '\0'), &result);
  CHECK(result.error().text == "ndb database: it has no slots");
  walk(walk_rpm_ndb, "RpmP", &result);
  CHECK_FALSE(result);
}

TEST_CASE("walkers: a request to stop, and an error of the receiver, end them") {
  class Refuses final : public RpmRecords {
   public:
    Result<> header(std::uint64_t, std::string_view) override { return fail(Errc::limit, "enough"); }
    Result<> damage(std::string_view, std::string) override { return {}; }
  };
  Cancel stop;
  Refuses refuses;
  const MemorySource berkeley(test::bdb(sample(), false)), ndb(test::ndb(sample()));
  CHECK(walk_rpm_bdb(berkeley, {}, stop, refuses).error().text == "enough");
  CHECK(walk_rpm_ndb(ndb, {}, stop, refuses).error().text == "enough");
  stop.request();
  Records records;
  CHECK(walk_rpm_bdb(berkeley, {}, stop, records).error().code == Errc::cancelled);
  CHECK(walk_rpm_ndb(ndb, {}, stop, records).error().code == Errc::cancelled);
}

TEST_CASE("walkers: a source that cannot be read is an error, wherever it fails; nothing is made of the bytes before") {
  /// Its bytes from `from` on cannot be read.
  class Fails final : public ByteSource {
   public:
    Fails(const std::string& bytes, std::uint64_t from) : in_(bytes), from_(from) {}
    std::uint64_t size() const override { return in_.size(); }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
      if (offset + into.size() > from_) return fail(Errc::unavailable, "the disk is gone");
      return in_.read_at(offset, into);
    }

   private:
    const MemorySource in_;
    const std::uint64_t from_;
  };
  const Cancel stop;
  const std::string hash = test::bdb(sample(), false), tree = test::bdb(sample(), true, 512, true), ndb = test::ndb(sample());
  const std::pair<Walker, const std::string*> forms[] = {{walk_rpm_bdb, &hash}, {walk_rpm_bdb, &tree}, {walk_rpm_ndb, &ndb}};
  for (const auto& [walker, bytes] : forms) {
    const std::size_t whole = walk(walker, *bytes).blobs.size();
    for (std::size_t from = 0; from < bytes->size(); from += 512) {
      CAPTURE(from);
      Records records;
      const auto result = walker(Fails(*bytes, from), {}, stop, records);
      REQUIRE_FALSE(result);
      CHECK(result.error().code == Errc::unavailable);
      CHECK(records.blobs.size() < whole);
      CHECK(records.notes.empty());
    }
  }
}

TEST_CASE("walkers: any bytes changed or cut never give more than was there") {
  const std::uint64_t seed = test::seed_or(7);
  CAPTURE(seed);
  test::Random random(seed);
  const std::string bdb_le = test::bdb(sample(), false), bdb_be = test::bdb(sample(), true, 512, true), ndb = test::ndb(sample());
  const std::pair<Walker, const std::string*> forms[] = {{walk_rpm_bdb, &bdb_le}, {walk_rpm_bdb, &bdb_be}, {walk_rpm_ndb, &ndb}};
  for (const auto& [walker, good] : forms) {
    for (int round = 0; round < 400; ++round) {
      std::string db = *good;
      for (std::size_t i = 0; i < 1 + random.below(20); ++i) db[random.below(db.size())] = static_cast<char>(random.next());
      if (random.one_in(4)) db.resize(random.below(db.size()));
      Result<> result;
      const Records records = walk(walker, db, &result);
      std::size_t bytes = 0;
      for (const std::string& blob : records.blobs) bytes += blob.size();
      CHECK(bytes <= 2 * db.size());
    }
  }
}

}  // namespace rpm_database_test_detail
}  // namespace eclair::extract
