// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/layer_pass.h"

#include <doctest/doctest.h>

#include "support/tar_writer.h"
#include "util/byte_stream.h"

using namespace eclair;

namespace layer_pass_test_detail {

constexpr const char* kInstalled = "P:musl\nV:1.2.4-r0\nA:x86_64\n\nP:zlib\nV:1.2.13-r1\nA:x86_64\n\n";
constexpr const char* kDb = "lib/apk/db/installed";

struct Outcome {
  Result<LayerRecord> record;
  int opened = 0;
};

Outcome read(const std::string& blob, const index::PassOptions& options = {}, const Digest& expected = {}, std::uint64_t size = 0) {
  Outcome out{fail(Errc::internal, "not run"), 0};
  const auto bytes = std::make_shared<MemorySource>(blob);
  MemoryBudget budget(40u << 20);
  index::PassCounters counters;
  const Cancel stop;
  out.record = index::read_layer(
      [&]() -> Result<std::unique_ptr<ByteStream>> {
        ++out.opened;
        return std::make_unique<SourceStream>(*bytes, 777);
      },
      expected, size, options, budget, counters, stop);
  return out;
}

std::vector<std::string> packages(const LayerRecord& r) {
  std::vector<std::string> out;
  for (const PackageVersion& p : r.packages) out.push_back(p.name + " " + p.version);
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace layer_pass_test_detail

using namespace layer_pass_test_detail;

TEST_CASE("a layer's record: packages, paths, digest of the blob; a plain tar's diff id is its digest") {
  const std::string tar = test::TarWriter().directory("lib/").file("./lib/apk/db/installed", kInstalled).file("bin/sh").finish();
  const Outcome outcome = read(tar);
  const auto& record = outcome.record;
  REQUIRE_MESSAGE(record.has_value(), (record ? "" : record.error().text));
  CHECK(outcome.opened == 1);
  CHECK(packages(*record) == Strings{"musl 1.2.4-r0", "zlib 1.2.13-r1"});
  CHECK(record->digest == sha256(tar));
  CHECK(record->diff_id == record->digest);
  CHECK(record->entries == 3);
  CHECK(record->paths.count() == 3);
  REQUIRE(record->evidence.size() == 1);
  CHECK(record->evidence[0].path == kDb);
}

TEST_CASE("equal bytes give equal records") {
  const std::string tar = test::TarWriter().file(kDb, kInstalled).file("x").finish();
  CHECK(*read(tar).record == *read(tar).record);
}

TEST_CASE("digest and size of the blob are compared with what the manifest says, to the last byte after the archive") {
  const std::string tar = test::TarWriter().file("a").finish() + "padding of the blob";
  CHECK(read(tar, {}, sha256(tar), tar.size()).record.has_value());
  const auto wrong = read(tar, {}, sha256("other")).record;
  REQUIRE_FALSE(wrong.has_value());
  CHECK(wrong.error().text.find("digest") != std::string::npos);
  const auto shorter = read(tar, {}, sha256(tar), tar.size() - 1).record;
  REQUIRE_FALSE(shorter.has_value());
  CHECK(shorter.error().text.find("size") != std::string::npos);
}

TEST_CASE("of one path twice in a layer the last entry counts") {
  const auto twice = read(test::TarWriter().file(kDb, kInstalled).file(kDb, "P:b\nV:2\n\n").finish());
  CHECK(packages(*twice.record) == Strings{"b 2"});
  const auto folder = read(test::TarWriter().file(kDb, kInstalled).directory(kDb).finish());
  CHECK(packages(*folder.record).empty());
  const auto over = read(test::TarWriter().file(kDb, kInstalled).file("lib/apk").finish());
  CHECK(packages(*over.record).empty());
}

TEST_CASE("a wanted hard link finds its file: kept or not, before or after it") {
  const auto kept = read(test::TarWriter().file("usr/lib/apk/db/installed", kInstalled).hardlink(kDb, "usr/lib/apk/db/installed").finish());
  CHECK(kept.opened == 1);
  CHECK(kept.record->evidence.size() == 2);
  const auto not_kept = read(test::TarWriter().file("srv/copy", kInstalled).hardlink(kDb, "srv/copy").finish());
  CHECK(not_kept.opened == 2);  // the one case of a second pass
  CHECK(packages(*not_kept.record).size() == 2);
  const auto forward = read(test::TarWriter().hardlink(kDb, "srv/copy").file("srv/copy", kInstalled).finish());
  CHECK(forward.opened == 1);
  CHECK(packages(*forward.record).size() == 2);
  const auto nowhere = read(test::TarWriter().hardlink(kDb, "srv/copy").finish());
  REQUIRE(nowhere.record.has_value());
  REQUIRE(nowhere.record->notes.size() == 1);
  CHECK(nowhere.record->notes[0].code == "incomplete");
}

TEST_CASE("whiteouts are marks, not files") {
  const auto got = read(test::TarWriter().file("lib/apk/.wh.db").file("etc/.wh..wh..opq").file(".wh..wh..opq").file(".wh..wh.aufs").file(".wh.").file("x.wh.y").finish());
  std::vector<std::pair<char, std::string>> entries;
  REQUIRE(got.record->paths.each([&](PathKind kind, std::string_view path, std::string_view) { entries.emplace_back(static_cast<char>(kind), path); }).has_value());
  CHECK(entries == std::vector<std::pair<char, std::string>>{{'q', ""}, {'q', "etc"}, {'w', "lib/apk/db"}, {'f', "x.wh.y"}});
}

TEST_CASE("named files are recorded with size and mode; a record says which patterns made it") {
  index::PassOptions options;
  options.fact_patterns = {"**/id_rsa", "usr/bin/nc"};
  const auto got = read(test::TarWriter().file("usr/bin/nc", "12345").file("root/.ssh/id_rsa", "k").file("usr/bin/ncat").finish(), options);
  REQUIRE(got.record->named_files.size() == 2);
  CHECK(got.record->named_files[0] == NamedFile{"root/.ssh/id_rsa", 1, 0644});
  CHECK(got.record->named_files[1] == NamedFile{"usr/bin/nc", 5, 0644});
  CHECK(got.record->facts_digest == index::facts_digest(options.fact_patterns));
  CHECK(read(test::TarWriter().finish()).record->facts_digest.empty());
}

TEST_CASE("bounds on evidence cost a note, not the layer") {
  index::PassOptions options;
  options.limits.evidence_bytes = 10;
  const auto large = read(test::TarWriter().file(kDb, kInstalled).finish(), options);
  REQUIRE(large.record.has_value());
  REQUIRE(large.record->notes.size() == 1);
  CHECK(large.record->notes[0].message.find("evidence_bytes") != std::string::npos);
  options = {};
  options.limits.packages = 1;
  const auto many = read(test::TarWriter().file(kDb, kInstalled).finish(), options);
  CHECK(packages(*many.record).size() == 1);
  REQUIRE(many.record->notes.size() == 1);
  CHECK(many.record->notes[0].message.find("limit packages") != std::string::npos);
  options = {};
  options.limits.ratio_floor_bytes = 100;
  options.limits.ratio = 1;
  options.limits.image_bytes = 2000;
  const auto bomb = read(test::TarWriter().file("x", std::string(1500, 'x')).finish(), options);
  REQUIRE_FALSE(bomb.record.has_value());
  CHECK(bomb.record.error().code == Errc::limit);
}

TEST_CASE("an ACI counts below its root folder only") {
  index::PassOptions options;
  options.path_prefix = "rootfs";
  const auto got = read(test::TarWriter().file("manifest", "{}").file("rootfs/lib/apk/db/installed", kInstalled).file(kDb, "P:x\nV:1\n\n").file("rootfs/.wh.x").finish(), options);
  CHECK(packages(*got.record) == Strings{"musl 1.2.4-r0", "zlib 1.2.13-r1"});
  CHECK(got.record->evidence[0].path == kDb);
}

TEST_CASE("a stop is obeyed") {
  MemoryBudget budget(1);
  index::PassCounters counters;
  Cancel stop;
  stop.request();
  const MemorySource bytes(test::TarWriter().file("a").finish());
  const auto got = index::read_layer([&]() -> Result<std::unique_ptr<ByteStream>> { return std::make_unique<SourceStream>(bytes); }, {}, 0, {}, budget, counters, stop);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::cancelled);
}
