// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// rpm databases of sizes that hurt: what a walk holds is a record, a page and SQLite's small cache.
#include <doctest/doctest.h>
#include <malloc.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "extract/extractor.h"
#include "support/rpm_fixture.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ECLAIR_TEST_ASAN 1  // the sanitizer's own memory would be counted
#endif
#endif

namespace eclair::extract {

const Extractor& os_rpm();

namespace os_rpm_size_test_detail {

long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

class CountingSink final : public Sink {
 public:
  void package(PackageVersion, std::vector<std::string>) override { ++packages; }
  void owns(Ownership) override {}
  void fact(std::string_view, std::string_view) override {}
  void note(std::string_view, std::string) override { ++notes; }
  bool is_ownable(std::string_view) const override { return false; }
  std::uint64_t packages = 0, notes = 0;
};

std::string sqlite(const std::vector<std::string>& headers) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(":memory:", &db) == SQLITE_OK);
  sqlite3_exec(db, "BEGIN; CREATE TABLE Packages(hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)", nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  REQUIRE(sqlite3_prepare_v2(db, "INSERT INTO Packages(blob) VALUES(?)", -1, &insert, nullptr) == SQLITE_OK);
  for (const std::string& header : headers) {
    sqlite3_bind_blob(insert, 1, header.data(), static_cast<int>(header.size()), SQLITE_STATIC);
    REQUIRE(sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_int64 size = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &size, 0);
  const std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  sqlite3_free(bytes);
  sqlite3_close(db);
  return out;
}

TEST_CASE("rpm: size costs time, not memory") {
  std::vector<std::string> headers;  // freed below: memory that is free but ours would hide what a walk takes
  for (int i = 0; i < 2'000; ++i) headers.push_back(test::rpm_header("package-" + std::to_string(i), 10'000));
  std::vector<std::string> large{test::rpm_header("small"), test::rpm_header("large", 30u << 20), test::rpm_header("last")};
  const struct {
    std::string what;
    MemorySource source;
    std::uint64_t packages;
    long most_kib;
  } rows[] = {
      {"berkeley, 2000 packages in 20 MiB", MemorySource(test::bdb(headers, false, 4096)), 2'000, 4 << 10},
      {"sqlite, 2000 packages in 20 MiB", MemorySource(sqlite(headers)), 2'000, 4 << 10},
      {"berkeley, a header of 30 MiB", MemorySource(test::bdb(large, false, 65536)), 3, 34 << 10},
      {"ndb, a header of 30 MiB", MemorySource(test::ndb(large)), 3, 34 << 10},
      {"sqlite, a header of 30 MiB", MemorySource(sqlite(large)), 3, 36 << 10},
  };
  headers = {};
  large = {};
  const Limits limits;
  const Cancel stop;
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CountingSink sink;
    malloc_trim(0);
    reset_peak();
    const long before = peak_kib();
    CHECK(os_rpm().extract({{"var/lib/rpm/Packages", row.source.size(), 0644}, row.source, {}}, limits, stop, sink));
    const long grown = peak_kib() - before;
    CHECK(sink.packages == row.packages);
    CHECK(sink.notes == 0);
    MESSAGE(row.what << ": peak grew by " << grown << " KiB");
#if !defined(__SANITIZE_ADDRESS__) && !ECLAIR_TEST_ASAN
    CHECK(grown < row.most_kib);
#endif
  }
}

}  // namespace os_rpm_size_test_detail
}  // namespace eclair::extract
