// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "store/interface.h"
#include "store/sql/layer_schema.h"
#include "store/sql/open.h"
#include "support/engines.h"

using namespace eclair;
using namespace eclair::store;

namespace layer_suite_detail {

using test::each_engine;
using test::Folder;
using test::Place;

LayerRecord record(const std::string& content, std::size_t paths) {
  LayerRecord out;
  out.digest = sha256(content);
  out.blob_bytes = 4096;
  out.uncompressed_bytes = 10240;
  out.entries = paths;
  out.revisions = {{"os_dpkg", 1}};
  PackageVersion package;
  package.type = "deb";
  package.name = "zlib1g";
  package.version = "1:1.2.13";
  out.packages = {package};
  Evidence evidence;
  evidence.extractor = "os_dpkg";
  evidence.path = "var/lib/dpkg/status";
  evidence.shape = Shape::database;
  evidence.packages = {PackageEntry{0, {}}};
  out.evidence = {evidence};
  PathListBuilder builder;
  for (std::size_t i = 0; i < paths; ++i) builder.add(PathKind::file, "usr/share/doc/" + content + std::to_string(i));
  out.paths = builder.finish();
  return out;
}

/// Runs SQL behind the store's back.
void damage(const std::string& url, const std::string& sql) {
  auto db = sql::open(url, sql::kLayers);
  REQUIRE(db);
  REQUIRE(db->execute(sql));
}

/// The same in PostgreSQL's words.
std::string in_postgres(std::string sql) {
  for (std::size_t at = 0; (at = sql.find("BLOB", at)) != std::string::npos; at += 5) sql.replace(at, 4, "BYTEA");
  return sql;
}

}  // namespace layer_suite_detail
using namespace layer_suite_detail;

TEST_CASE("layer store: a record comes back as it was put, and a later one replaces it") {
  const Place place(each_engine());
  LayerRecord one = record("one", 3000);
  {
    auto store = open_layers(place.url);
    REQUIRE(store);
    CHECK_FALSE((*store)->layer_record(one.digest)->has_value());
    REQUIRE((*store)->put_layer_record(one));
    REQUIRE((*store)->put_layer_record(record("two", 0)));
  }
  auto store = open_layers(place.url);
  REQUIRE(store);
  CHECK(**(*store)->layer_record(one.digest) == one);
  CHECK(**(*store)->layer_record(record("two", 0).digest) == record("two", 0));
  one.revisions["os_dpkg"] = 2;
  one.paths = record("other", 5).paths;
  REQUIRE((*store)->put_layer_record(one));
  CHECK(**(*store)->layer_record(one.digest) == one);
  CHECK_FALSE((*store)->put_layer_record(LayerRecord{}));
}

TEST_CASE("layer store: digests of two algorithms are two keys") {
  const Place place(each_engine());
  auto store = open_layers(place.url);
  REQUIRE(store);
  LayerRecord long_one = record("one", 1);
  long_one.digest = *Digest::parse("sha512:" + std::string(128, 'a'));
  REQUIRE((*store)->put_layer_record(long_one));
  CHECK(**(*store)->layer_record(long_one.digest) == long_one);
  CHECK_FALSE((*store)->layer_record(*Digest::parse("sha256:" + std::string(64, 'a')))->has_value());
}

TEST_CASE("layer store: a damaged row counts as absent, and the next put replaces it") {
  const char* const kinds[] = {"UPDATE layer SET record = CAST('no record' AS BLOB)", "UPDATE layer SET record = substr(record, 1, 20)",
                               "UPDATE layer_paths SET paths = CAST('no list' AS BLOB)", "DELETE FROM layer_paths", "UPDATE layer SET record = CAST('' AS BLOB)"};
  const std::string engine = each_engine();
  for (const char* const sql : kinds) {
    CAPTURE(sql);
    const Place place(engine);
    const LayerRecord one = record("one", 100);
    REQUIRE((*open_layers(place.url))->put_layer_record(one));
    damage(place.url, engine == "postgres" ? in_postgres(sql) : sql);
    auto store = open_layers(place.url);
    REQUIRE(store);
    const auto read = (*store)->layer_record(one.digest);
    REQUIRE(read);
    CHECK_FALSE(read->has_value());
    REQUIRE((*store)->put_layer_record(one));
    CHECK(**(*store)->layer_record(one.digest) == one);
  }
}

TEST_CASE("layer store: a record under another's digest is not believed") {
  const Place place(each_engine());
  const LayerRecord one = record("one", 1), two = record("two", 1);
  auto store = open_layers(place.url);
  REQUIRE(store);
  REQUIRE((*store)->put_layer_record(one));
  REQUIRE((*store)->put_layer_record(two));
  damage(place.url, "UPDATE layer SET record = (SELECT record FROM layer WHERE id = 1)");
  CHECK((*store)->layer_record(one.digest)->has_value());
  CHECK_FALSE((*store)->layer_record(two.digest)->has_value());
}

TEST_CASE("layer store: several processes' worth of writers at once, and none fails") {
  const Place place(each_engine());
  std::vector<std::thread> threads;
  std::vector<std::string> faults(4);
  for (std::size_t t = 0; t < faults.size(); ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 10; ++i) {
        auto store = open_layers(place.url);
        const LayerRecord one = record(std::to_string(i), 10);  // the same layers from all: they scan images of one base
        if (!store) faults[t] = store.error().text;
        else if (const auto put = (*store)->put_layer_record(one); !put) faults[t] = put.error().text;
        else if (const auto read = (*store)->layer_record(one.digest); !read || !*read || !(**read == one)) faults[t] = "not read back";
      }
    });
  }
  for (std::thread& one : threads) one.join();
  for (const std::string& fault : faults) CHECK(fault == "");
}

TEST_CASE("layer store: a file that is no database is an error that names it") {
  Folder folder;
  std::ofstream(folder.path + "/layers.db", std::ios::binary) << std::string(9000, 'x');
  const auto opened = open_layers(folder.path);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::unavailable);
  CHECK(opened.error().text.find("layers.db") != std::string::npos);
}

TEST_CASE("layer store: images that were seen are known by their chain of layers") {
  const Place place(each_engine());
  auto store = open_layers(place.url);
  REQUIRE(store);
  const Digest a = sha256("a"), b = sha256("b");
  CHECK((*store)->known_images({a, b})->empty());
  REQUIRE((*store)->learn_image({a, "debian:12", "sha256:1", 1, 0, 1000}));
  REQUIRE((*store)->learn_image({a, "debian:bookworm", "", 1, 0, 2000}));
  REQUIRE((*store)->learn_image({b, "python:3", "", 3, 0, 3000}));
  const auto of_a = (*store)->known_images({a});
  REQUIRE(of_a);
  REQUIRE(of_a->size() == 2);
  CHECK((*of_a)[0].name == "debian:12");
  CHECK((*of_a)[0].digest == "sha256:1");
  CHECK((*of_a)[0].chain == a);
  CHECK((*of_a)[0].first == 1000);
  CHECK((*store)->known_images({b, a})->size() == 3);
  // Within a day nothing is written; later, it was seen again.
  REQUIRE((*store)->learn_image({a, "debian:12", "sha256:1", 1, 0, 1001}));
  CHECK((*store)->known_images({a})->front().seen == 1000);
  REQUIRE((*store)->learn_image({a, "debian:12", "sha256:1", 1, 0, 1000 + 2 * 86400}));
  CHECK((*store)->known_images({a})->front().seen == 1000 + 2 * 86400);
  CHECK((*store)->known_images({a})->front().first == 1000);
  REQUIRE((*store)->learn_image({a, "debian:12", "sha256:2", 1, 0, 1000 + 2 * 86400}));
  CHECK((*store)->known_images({a})->front().digest == "sha256:2");
}

TEST_CASE("layer store: of too many images those go that were not seen for longest") {
  const Place place(each_engine());
  {
    auto store = open_layers(place.url);
    REQUIRE(store);
    REQUIRE((*store)->learn_image({sha256("old"), "old", "", 1, 0, 1}));
    REQUIRE((*store)->learn_image({sha256("kept"), "kept", "", 1, 0, 2}));
  }
  // All but one of what may be there.
  std::string many = "INSERT INTO known_image(chain, name, digest, layers, first, seen) VALUES('x','0','',1,3,3)";
  for (std::size_t i = 1; i + 2 < kMostKnownImages; ++i) many += ",('x','" + std::to_string(i) + "','',1,3,3)";
  damage(place.url, many);
  auto store = open_layers(place.url);
  REQUIRE(store);
  REQUIRE((*store)->learn_image({sha256("kept"), "kept", "", 1, 0, 10 * 86400}));
  CHECK((*store)->known_images({sha256("old")})->size() == 1);
  REQUIRE((*store)->learn_image({sha256("new"), "new", "", 1, 0, 10 * 86400}));
  CHECK((*store)->known_images({sha256("old")})->empty());
  CHECK((*store)->known_images({sha256("kept")})->size() == 1);
}
