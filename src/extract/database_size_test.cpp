// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Package databases of sizes that hurt.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "extract/collector.h"
#include "extract/extractor.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ECLAIR_TEST_ASAN 1  // the sanitizer's own memory would be counted
#endif
#endif

namespace eclair::extract {

const Extractor& os_dpkg();
const Extractor& os_apk();

namespace database_size_test_detail {

/// The most memory this process has had since reset_peak(), or 0 where the kernel does not tell.
long peak_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5"; }

/// Counts, keeps nothing.
class CountingSink final : public Sink {
 public:
  void package(PackageVersion, std::vector<std::string>) override { ++packages; }
  void owns(Ownership) override {}
  void fact(std::string_view, std::string_view) override {}
  void note(std::string_view, std::string) override { ++notes; }
  bool is_ownable(std::string_view) const override { return false; }
  std::uint64_t packages = 0, notes = 0;
};

/// A database that is never in memory: head, then `repeat` times `body`, then tail.
class Generated final : public ByteSource {
 public:
  Generated(std::string head, std::string body, std::uint64_t repeat, std::string tail)
      : head_(std::move(head)), body_(std::move(body)), tail_(std::move(tail)), repeat_(repeat) {}
  std::uint64_t size() const override { return head_.size() + body_.size() * repeat_ + tail_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    std::size_t done = 0;
    while (done < into.size() && offset < size()) {
      const std::uint64_t bodies = body_.size() * repeat_;
      const bool in_head = offset < head_.size(), in_body = !in_head && offset - head_.size() < bodies;
      const std::string& part = in_head ? head_ : in_body ? body_ : tail_;
      const std::uint64_t at = in_head ? offset : in_body ? (offset - head_.size()) % body_.size() : offset - head_.size() - bodies;
      const std::size_t n = part.copy(into.data() + done, into.size() - done, at);
      done += n;
      offset += n;
    }
    return done;
  }

 private:
  std::string head_, body_, tail_;
  std::uint64_t repeat_;
};

TEST_CASE("dpkg: size costs time, not memory") {
  const Limits limits;
  const Cancel stop;
  const std::string package = "Package: p000001\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.1\n\n";
  const struct {
    const char* what;
    Generated source;
    std::uint64_t packages, notes;
  } rows[] = {
      {"200,000 packages", {"", package, 200'000, ""}, 200'000, 0},
      {"a line of 32 MiB", {package + "Package: big\nDescription: ", std::string(1024, 'x'), 32 << 10, "\nVersion: 1\n\n" + package}, 3, 0},
      {"a folded field of 32 MiB", {package + "Package: big\nDescription: x\n", " " + std::string(30, 'x') + "\n", 1 << 20, "Version: 1\n\n" + package}, 3, 0},
      {"a version of 32 MiB", {package + "Package: big\nVersion: ", std::string(1024, 'x'), 32 << 10, "\n\n" + package}, 2, 1},
      {"zeros", {package, std::string(1024, '\0'), 32 << 10, ""}, 1, 1},
  };
  reset_peak();
  const long before = peak_kib();
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CountingSink sink;
    CHECK(os_dpkg().extract({{"var/lib/dpkg/status", row.source.size(), 0644}, row.source, {}}, limits, stop, sink));
    CHECK(sink.packages == row.packages);
    CHECK(sink.notes == row.notes);
  }
  const long grown = peak_kib() - before;
  MESSAGE("peak grew by " << grown << " KiB");
#if !defined(__SANITIZE_ADDRESS__) && !ECLAIR_TEST_ASAN
  CHECK(grown < 8 * 1024);
#endif
}

TEST_CASE("apk: size costs time, not memory") {
  const Limits limits;
  const Cancel stop;
  const std::string record = "P:p\nV:1-r0\nA:x86_64\nF:usr/lib\nR:x\n\n";
  CountingSink sink;
  const Generated many("", record, 200'000, "");
  CHECK(os_apk().extract({{"lib/apk/db/installed", many.size(), 0644}, many, {}}, limits, stop, sink));
  CHECK(sink.packages == 200'000);
  CountingSink other;
  const Generated wide(record + "P:big\nT:", std::string(1024, 'x'), 32 << 10, "\nV:1-r0\n\n" + record);
  CHECK(os_apk().extract({{"lib/apk/db/installed", wide.size(), 0644}, wide, {}}, limits, stop, other));
  CHECK(other.packages == 3);
}

TEST_CASE("apk: owned paths are bounded") {
  Limits limits;
  limits.owned_path_bytes = 100;
  const Cancel stop;
  std::string database = "P:a\nV:1-r0\nF:lib\n";
  for (int i = 0; i < 50; ++i) database += "R:" + std::to_string(10 + i) + ".jar\n";
  const MemorySource source(database);
  Collector sink(limits);
  REQUIRE(os_apk().extract({{"lib/apk/db/installed", database.size(), 0644}, source, {}}, limits, stop, sink));
  CHECK(sink.collected().packages.at(0).owned_paths.size() == 10);
  REQUIRE(sink.collected().notes.size() == 1);
  CHECK(sink.collected().notes[0].code == "limit");
  CHECK(sink.collected().notes[0].message.find("40 owned paths") != std::string::npos);
}

}  // namespace database_size_test_detail
}  // namespace eclair::extract
