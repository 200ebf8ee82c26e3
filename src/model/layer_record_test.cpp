// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/layer_record.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

using namespace eclair;

namespace layer_record_test_detail {

std::string any_text(std::mt19937& random) {
  std::string out;
  for (unsigned n = random() % 20; n > 0; --n) out += static_cast<char>(random());
  return out;
}

PackageVersion any_package(std::mt19937& random) {
  PackageVersion p{"deb", any_text(random), any_text(random), "amd64", "", "", "", ""};
  if (random() % 2 == 0) p.source_name = any_text(random);
  if (random() % 2 == 0) p.source_version = any_text(random);
  if (random() % 4 == 0) p.module = "nodejs:18";
  if (random() % 4 == 0) p.vendor = "docker";
  return p;
}

LayerRecord any_record(std::mt19937& random) {
  LayerRecord r;
  r.digest = sha256(any_text(random));
  if (random() % 2 == 0) r.diff_id = sha256(any_text(random));
  r.blob_bytes = random();
  r.uncompressed_bytes = std::uint64_t{random()} << 20;
  r.entries = random() % 1000;
  r.revisions = {{"os_dpkg", 1}, {"os_rpm", 3}};
  if (random() % 2 == 0) r.facts_digest = "abc";
  for (unsigned n = random() % 30; n > 0; --n) r.packages.push_back(any_package(random));
  std::sort(r.packages.begin(), r.packages.end());
  for (unsigned n = random() % 5; n > 0; --n) {
    Evidence e{"os_dpkg", any_text(random), static_cast<Shape>(random() % 3), static_cast<std::uint8_t>(random() % 3), {}, {}, {}};
    for (unsigned k = r.packages.empty() ? 0 : random() % 10; k > 0; --k) {
      e.packages.push_back({static_cast<std::uint32_t>(random() % r.packages.size()), {any_text(random), any_text(random)}});
    }
    if (random() % 3 == 0) e.ownership.push_back({any_text(random), "all", {any_text(random)}});
    if (random() % 3 == 0) e.facts["os-release.ID"] = any_text(random);
    r.evidence.push_back(e);
  }
  if (random() % 2 == 0) r.named_files.push_back({any_text(random), random(), 0755});
  if (random() % 2 == 0) r.notes.push_back({"bad_record", any_text(random), any_text(random)});
  r.notes_dropped = random() % 2;
  return r;
}

}  // namespace layer_record_test_detail

using namespace layer_record_test_detail;

TEST_CASE("decode(encode(record)) is the record, and the bytes depend on nothing else") {
  constexpr unsigned kSeed = 4711;
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (int i = 0; i < 300; ++i) {
    CAPTURE(i);
    const LayerRecord record = any_record(random);
    const std::string stored = encode(record);
    const auto back = decode_layer_record(stored);
    REQUIRE_MESSAGE(back.has_value(), (back ? "" : back.error().text));
    CHECK(*back == record);
    CHECK(encode(*back) == stored);
  }
}

TEST_CASE("damaged records are errors") {
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    std::string stored = encode(any_record(random));
    CHECK_FALSE(decode_layer_record(std::string_view(stored).substr(0, random() % stored.size())).has_value());
    stored[random() % stored.size()] = static_cast<char>(random());
    (void)decode_layer_record(stored);  // may even be right; must not crash
  }
  const auto newer = decode_layer_record(std::string("\x02xyz"));
  REQUIRE_FALSE(newer.has_value());
  CHECK(newer.error().code == Errc::unsupported);
}

TEST_CASE("a typical upper layer's facts are at most 3 KiB") {
  LayerRecord r;
  r.digest = sha256("x");
  for (int i = 0; i < 150; ++i) {
    const std::string n = std::to_string(i);
    r.packages.push_back({"deb", "libexample" + n, "1.2." + n + "-3+deb12u1", "amd64", "example" + n, "", "", "debian"});
  }
  std::sort(r.packages.begin(), r.packages.end());
  Evidence e{"os_dpkg", "var/lib/dpkg/status", Shape::database, 0, {}, {}, {}};
  for (std::uint32_t i = 0; i < r.packages.size(); ++i) e.packages.push_back({i, {}});
  r.evidence.push_back(e);
  CHECK(encode(r).size() <= 3 * 1024);
}

TEST_CASE("a path list gives back every entry, in runs, and keeps links' targets") {
  constexpr unsigned kSeed = 99;
  std::mt19937 random(kSeed);
  CAPTURE(kSeed);
  for (const unsigned count : {0u, 1u, 50u, 60'000u}) {
    CAPTURE(count);
    std::multimap<std::string, std::pair<PathKind, std::string>> want, got;
    PathListBuilder builder;
    constexpr PathKind kKinds[] = {PathKind::file,  PathKind::directory, PathKind::symlink, PathKind::hardlink,
                                   PathKind::other, PathKind::whiteout,  PathKind::opaque};
    for (unsigned i = 0; i < count; ++i) {
      const std::string path = "usr/share/" + std::to_string(random() % 1000) + "/" + any_text(random) + std::to_string(i);
      const PathKind kind = kKinds[random() % 7];
      const std::string target = kind == PathKind::symlink || kind == PathKind::hardlink ? any_text(random) : "";
      builder.add(kind, path, target);
      want.emplace(path, std::pair{kind, target});
    }
    const PathList list = builder.finish();
    CHECK(list.count() == count);
    const auto result = list.each([&](PathKind kind, std::string_view path, std::string_view target) {
      got.emplace(std::string(path), std::pair{kind, std::string(target)});
    });
    REQUIRE(result.has_value());
    CHECK(got == want);
    if (count > 50) CHECK_FALSE(PathList(list.stored().substr(0, list.stored().size() - 1)).each([](auto...) {}).has_value());
  }
}

TEST_CASE("of one path twice the later entry comes later") {
  PathListBuilder builder;
  builder.add(PathKind::file, "b");
  builder.add(PathKind::file, "a");
  builder.add(PathKind::directory, "b");
  std::string order;
  REQUIRE(builder.finish().each([&](PathKind kind, std::string_view path, std::string_view) { order += std::string(path) + static_cast<char>(kind); }).has_value());
  CHECK(order == "afbfbd");
}

TEST_CASE("decode(encode(record, numbers)) is the record, for a store that knows its package versions by numbers") {
  std::mt19937 random(8);
  for (int i = 0; i < 300; ++i) {
    LayerRecord r = any_record(random);
    r.packages.erase(std::unique(r.packages.begin(), r.packages.end()), r.packages.end());
    for (Evidence& e : r.evidence) {
      for (PackageEntry& p : e.packages) p.package = static_cast<std::uint32_t>(p.package % r.packages.size());
    }
    std::map<std::uint64_t, PackageVersion> store;
    std::vector<std::uint64_t> numbers;
    for (const PackageVersion& p : r.packages) {
      std::uint64_t number = 0;
      do number = random();
      while (store.count(number) > 0);
      numbers.push_back(number);
      store.emplace(number, p);
    }
    const std::string stored = encode(r, numbers);
    const auto back = decode_layer_record(stored, [&](const std::vector<std::uint64_t>& wanted) -> Result<std::vector<PackageVersion>> {
      std::vector<PackageVersion> out;
      for (const std::uint64_t number : wanted) out.push_back(store.at(number));
      return out;
    });
    REQUIRE(back);
    CHECK(*back == r);
    CHECK(decode_layer_record(stored).error().code == Errc::unsupported);
    CHECK(decode_layer_record(encode(r)));
  }
}
