// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/data_set.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <random>

#include "support/engines.h"
#include "support/pieces.h"
#include "util/decompress.h"
#include "util/digest.h"
#include "util/tar_writer.h"

using namespace eclair;
using namespace eclair::store;

namespace data_set_test_detail {

/// With a store in it.
struct Place : test::Place {
  explicit Place(const std::string& on) : test::Place(on) {
    auto opened = open_advisories(url);
    REQUIRE(opened);
    store = *std::move(opened);
  }
  std::unique_ptr<AdvisoryStore> store;
};

void fill(AdvisoryStore& store, std::string_view feed, const std::vector<std::string>& spaces, int packages, UnixTime at, const std::string& fixed = "1.0") {
  auto one = store.begin_import(feed, "test", at);
  REQUIRE(one);
  for (const std::string& space : spaces) {
    (*one)->complete(space);
    for (int p = 0; p < packages; ++p) {
      for (int v = 0; v < 3; ++v) {
        Advisory a;
        a.vulnerability = "CVE-2024-" + std::to_string(p * 3 + v);
        a.aliases = {"ALIAS-" + std::to_string(v)};
        a.status = v == 2 ? Status::not_affected : Status::fixed;
        a.ranges = {Range{.introduced = "0.1", .upper = fixed}};
        a.fixed_in = fixed;
        a.cpes = {"cpe:/a"};
        REQUIRE((*one)->advisory(space, "package-" + std::to_string(p), a));
        VulnerabilityText text;
        text.id = a.vulnerability;
        text.description = std::string(static_cast<std::size_t>(p), 'd') + fixed;
        REQUIRE((*one)->vulnerability(text));
      }
    }
  }
  REQUIRE((*one)->commit(true));
}

std::string exported(AdvisoryStore& store, const std::vector<std::string>& feeds = {}) {
  std::string out;
  const auto done = export_data_set(store, feeds, [&](std::string_view piece) -> Result<> {
    out += piece;
    return {};
  }, Cancel{});
  INFO((done ? std::string() : done.error().text));
  REQUIRE(done);
  CHECK(done->bytes == out.size());
  CHECK(done->sha256 == sha256(out).text);
  return out;
}

auto imported(AdvisoryStore& store, std::string file, UnixTime at = 900, bool allow_older = false) {
  return import_data_set(store, std::make_unique<test::Pieces>(std::move(file), 1000), {.origin = "a file", .at = at, .allow_older = allow_older}, Limits{}, Cancel{});
}

std::string unpacked(const std::string& file) {
  const auto in = decompress(std::make_unique<test::Pieces>(file, 1000), Limits{});
  std::string out;
  while (true) {
    const auto piece = in->next();
    REQUIRE(piece);
    if (piece->empty()) return out;
    out += *piece;
  }
}

std::string snapshots(AdvisoryStore& store) {
  std::string out;
  const auto feeds = store.feeds();
  REQUIRE(feeds);
  for (const FeedState& one : *feeds) out += one.name + " " + one.snapshot + " " + std::to_string(one.records) + "\n";
  return out;
}

}  // namespace data_set_test_detail
using namespace data_set_test_detail;

TEST_CASE("data set: what is exported is imported elsewhere, and exported there gives the same bytes") {
  const std::string engine = test::each_engine();
  Place here(engine), there(engine);
  fill(*here.store, "debian", {"debian:11", "debian:12"}, 40, 100);
  fill(*here.store, "alpine", {"alpine:v3.19"}, 300, 200);
  fill(*here.store, "osv", {"pypi"}, 0, 300);  // nothing is known against it: that is known
  const std::string file = exported(*here.store);
  CHECK(exported(*here.store) == file);
  CHECK(is_data_set(unpacked(file)));
  const auto done = imported(*there.store, file);
  INFO((done ? std::string() : done.error().text));
  REQUIRE(done);
  REQUIRE(done->size() == 3);
  CHECK(done->at(0).first == "alpine");
  CHECK(done->at(0).second.rows == 900);
  CHECK(snapshots(*there.store) == snapshots(*here.store));
  CHECK(exported(*there.store) == file);
  const FeedState debian = there.store->feeds()->at(1);
  CHECK(debian.fetched_at == 100);
  CHECK(debian.fetched_at_of("debian:12") == 100);
  CHECK(debian.changed_at == 900);
  CHECK(debian.origin == "a file");
  CHECK(there.store->rows("debian:12", "package-7")->at(1).advisory == here.store->rows("debian:12", "package-7")->at(1).advisory);
  CHECK(*there.store->text("debian", "CVE-2024-21") == *here.store->text("debian", "CVE-2024-21"));
  // Again: nothing is new.
  const auto again = imported(*there.store, file, 1000);
  REQUIRE(again);
  for (const auto& [feed, summary] : *again) CHECK(summary.unchanged);
  CHECK(there.store->feeds()->at(1).changed_at == 900);
}

TEST_CASE("data set: only what is named, and what is not there is said") {
  const std::string engine = test::each_engine();
  Place here(engine), there(engine);
  fill(*here.store, "debian", {"debian:12"}, 3, 100);
  fill(*here.store, "alpine", {"alpine:v3.19"}, 3, 200);
  REQUIRE(imported(*there.store, exported(*here.store, {"alpine"})));
  CHECK(there.store->feeds()->size() == 1);
  const auto missing = export_data_set(*here.store, {"ubuntu"}, [](std::string_view) -> Result<> { return {}; }, Cancel{});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::not_found);
  Place empty(engine);
  CHECK_FALSE(export_data_set(*empty.store, {}, [](std::string_view) -> Result<> { return {}; }, Cancel{}));
}

TEST_CASE("data set: an import replaces what it speaks for, keeps the rest, and does not go back in time unless told") {
  const std::string engine = test::each_engine();
  Place here(engine), there(engine);
  fill(*here.store, "debian", {"debian:12"}, 5, 100, "1.0");
  const std::string old = exported(*here.store);
  fill(*here.store, "debian", {"debian:12"}, 5, 200, "2.0");
  const std::string newer = exported(*here.store);
  fill(*there.store, "debian", {"debian:11"}, 5, 50);
  fill(*there.store, "alpine", {"alpine:v3.19"}, 5, 500);
  REQUIRE(imported(*there.store, newer));
  CHECK(there.store->rows("debian:11", "package-1")->size() == 3);
  CHECK(there.store->rows("debian:12", "package-1")->at(0).advisory.fixed_in == "2.0");
  CHECK(there.store->rows("alpine:v3.19", "package-1")->size() == 3);
  const auto refused = imported(*there.store, old);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::conflict);
  CHECK(refused.error().text == "debian: what is here is of 1970-01-01T00:03:20Z, and the data set of 1970-01-01T00:01:40Z");
  CHECK(there.store->rows("debian:12", "package-1")->at(0).advisory.fixed_in == "2.0");
  REQUIRE(imported(*there.store, old, 950, true));
  CHECK(there.store->rows("debian:12", "package-1")->at(0).advisory.fixed_in == "1.0");
}

TEST_CASE("data set: of the past it is what it was") {
  const std::string engine = test::each_engine();
  Place here(engine), then(engine);
  fill(*here.store, "debian", {"debian:12"}, 5, 100, "1.0");
  fill(*then.store, "debian", {"debian:12"}, 5, 100, "1.0");
  fill(*here.store, "debian", {"debian:12"}, 6, 200, "2.0");
  const auto past = open_advisories_as_of(here.url, 100);
  REQUIRE(past);
  CHECK(exported(**past) == exported(*then.store));
}

TEST_CASE("data set: damage anywhere is refused and changes nothing") {
  const std::string engine = test::each_engine();
  Place here(engine), there(engine);
  fill(*here.store, "debian", {"debian:12"}, 4, 100);
  fill(*here.store, "osv", {"npm"}, 4, 100);
  fill(*there.store, "debian", {"debian:12"}, 2, 50);
  const std::string before = snapshots(*there.store), plain = unpacked(exported(*here.store));
  REQUIRE(imported(*Place(engine).store, plain));  // uncompressed it is a data set all the same
  std::mt19937 random(7);
  const int rounds = engine == "sqlite" ? 400 : 40;
  for (int i = 0; i < rounds; ++i) {
    std::string bad = plain;
    const std::size_t at = random() % (plain.size() - 1024);  // the archive's end is zeros that nobody needs
    CAPTURE(i);
    CAPTURE(at);
    if (i % 2 == 0) {
      bad[at] = static_cast<char>(bad[at] ^ static_cast<char>(1u << random() % 8));
    } else {
      bad.resize(at);
    }
    const auto done = imported(*there.store, bad);
    // What changed may lie between the members, or in a header's field that means nothing; then everything came.
    if (done) {
      CHECK(i % 2 == 0);
      CHECK(snapshots(*there.store) == snapshots(*here.store));
      Place fresh(engine);
      fill(*fresh.store, "debian", {"debian:12"}, 2, 50);
      std::swap(there.url, fresh.url);
      std::swap(there.folder, fresh.folder);
      std::swap(there.store, fresh.store);
    } else {
      CHECK(done.error().text.size() > 10);
    }
    CHECK(snapshots(*there.store) == before);
  }
}

TEST_CASE("data set: what its index claims is checked") {
  Place here("sqlite");
  const auto with_index = [](const std::string& index, const std::string& rest = "") {
    return *tar::file_header("index.json", index.size()) + index + tar::padding(index.size()) + rest + tar::end();
  };
  const auto error_of = [&](const std::string& file) {
    const auto done = imported(*here.store, file);
    REQUIRE_FALSE(done);
    return done.error().text;
  };
  CHECK(error_of("").find("not a data set") != std::string::npos);
  CHECK(error_of("hello").find("tar") != std::string::npos);
  CHECK(error_of(with_index("{}")) == "not a data set: index.json is of something else");
  CHECK(error_of(with_index(R"({"format":"eclair data set","version":2,"feeds":[]})")) == "a data set of form 2 is newer than this program, which reads form 1");
  CHECK(error_of(with_index(R"({"format":"eclair data set","version":1,"feeds":[{"name":"../x"}]})")).find("without a proper name") != std::string::npos);
  CHECK(error_of(with_index(R"({"format":"eclair data set","version":1,"feeds":[{"name":"x","fetched_at":"then"}]})")).find("not a date") != std::string::npos);
  const std::string hash(64, '0');
  const std::string feed = R"({"name":"x","snapshot":"","fetched_at":"2026-01-01","records":0,"namespaces":[],"rows":{"bytes":1,"sha256":")" + hash +
                           R"("},"texts":{"bytes":1,"sha256":")" + hash + "\"}}";
  const std::string index = R"({"format":"eclair data set","version":1,"feeds":[)" + feed + "]}";
  const auto member = [](const std::string& name, const std::string& bytes) { return *tar::file_header(name, bytes.size()) + bytes + tar::padding(bytes.size()); };
  CHECK(error_of(with_index(index)) == "data set: x/rows: missing");
  CHECK(error_of(with_index(index, member("x/rows", "\x01\x02"))) == "data set: x/rows: its size is not what index.json says");
  CHECK(error_of(with_index(index, member("x/rows", "\x02"))) == "data set: x/rows is of form 2");
  CHECK(error_of(with_index(index, member("x/rows", "\x01"))) == "data set: x/rows: its checksum is not what index.json says");
  CHECK(error_of(with_index(R"({"format":"eclair data set","version":1,"feeds":[]})", member("more", "x"))) == "data set: more: index.json does not speak of it");
  CHECK(here.store->feeds()->empty());
}
