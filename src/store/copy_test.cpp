// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/copy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "store/interface.h"
#include "store/service_store.h"
#include "support/engines.h"

using namespace eclair;
using namespace eclair::store;

namespace copy_test_detail {

const std::string kOddName("lib\0\xff odd", 9);  // names come from strangers

Advisory row(std::string vulnerability, std::string fixed_in) {
  Advisory a;
  a.vulnerability = std::move(vulnerability);
  a.aliases = {"ALIAS-" + a.vulnerability};
  a.status = Status::fixed;
  a.fixed_in = std::move(fixed_in);
  return a;
}

void import(AdvisoryStore& store, const std::string& fixed, int packages, UnixTime at) {
  auto one = store.begin_import("debian", "test", at);
  REQUIRE(one);
  for (int p = 0; p < packages; ++p) {
    REQUIRE((*one)->advisory("debian:12", "package-" + std::to_string(p), row("CVE-" + std::to_string(p), fixed)));
    VulnerabilityText text;
    text.id = "CVE-" + std::to_string(p);
    text.description = "fixed in " + fixed;
    REQUIRE((*one)->vulnerability(text));
  }
  REQUIRE((*one)->advisory("debian:12", kOddName, row("CVE-odd", fixed)));
  (*one)->complete("debian:12");
  (*one)->keep({.name = "all", .namespaces = {"debian:12"}});
  REQUIRE((*one)->commit(true));
}

/// Something in every table.
void fill(const std::string& url) {
  auto advisories = *open_advisories(url);
  import(*advisories, "1.0", 3000, 100);
  import(*advisories, "2.0", 2900, 200);
  import(*advisories, "3.0", 2900, 300);
  auto service = *open_service_store(url);
  PackageVersion package;
  package.type = "deb";
  package.name = "zlib1g";
  package.version = "1";
  package.source_name = "zlib";
  LayerRecord record;
  record.digest = sha256("layer");
  PathListBuilder paths;
  paths.add(PathKind::file, "usr/bin/x");
  record.paths = paths.finish();
  record.packages = {package};
  const auto numbers = *service->intern({package});
  std::int64_t parent = 0;
  for (int i = 0; i < 5; ++i) {
    Node node;
    node.name = i == 0 ? kOddName : "layer" + std::to_string(i);
    node.parent = parent;
    node.record = record.digest;
    node.os.id = "debian";
    node.name_space = "debian:12";
    PackageGroup group;
    group.name_space = "debian:12";
    group.packages = numbers;
    node.delta.added = {group};
    parent = *service->put_node(node, &record);
    REQUIRE(parent > 0);
  }
  REQUIRE(*service->remove_node(parent));  // so that the last number is not that of a row
  StoredImage image;
  image.digest = sha256("image");
  image.names = {"app:1"};
  image.nodes = {parent - 1};
  image.document = std::string("\0\x80", 2);
  REQUIRE(service->put_image(image));
  StoredNotification note;
  note.name = "note";
  REQUIRE(service->put_notifications({note}, "", "7"));
  REQUIRE(service->claim("target", "me", 600, 1));
  REQUIRE(*service->lease("updater", "me", 600));
  REQUIRE((*open_layers(url))->learn_image({sha256("chain"), "app:1", "", 1, 0, 100}));
}

/// What the stores answer at a place.
std::string answers(const std::string& url) {
  std::string out;
  auto advisories = *open_advisories(url);
  const auto feeds = advisories->feeds();
  for (const FeedState& one : *feeds) out += one.name + one.snapshot + std::to_string(one.records) + " " + std::to_string(one.fetched_at) + "\n";
  const auto past = advisories->search({.package = "package-2950", .history = true});
  for (const AdvisoryRow& one : *past) out += one.advisory.fixed_in + " " + std::to_string(one.opened) + "-" + std::to_string(one.closed) + "\n";
  out += std::to_string(advisories->rows("debian:12", kOddName)->size()) + " odd, generation " + std::to_string(*advisories->generation()) + ", changes " +
         std::to_string(advisories->changes(0, 100'000)->size()) + " to " + std::to_string(*advisories->last_change()) + "\n";
  auto then = *open_advisories_as_of(url, 150);
  out += (*then->text("debian", "CVE-5"))->description + "\n";
  auto service = *open_service_store(url);
  const auto top = service->node(Scope::v1, "layer3");
  out += std::to_string((*top)->id) + " on " + std::to_string((*top)->parent) + " of " + (*top)->record.text + " " + (*top)->name_space + "\n";
  out += (*service->node(Scope::v1, kOddName))->name + " " + (*service->image("app:1"))->digest.text + *service->cursor() + "\n";
  out += (*service->layer_record(sha256("layer")))->packages.at(0).name + "\n";
  return out;
}

std::string summary(const std::vector<CopiedTable>& tables) {
  std::string out;
  for (const CopiedTable& one : tables) out += std::string(one.store) + " " + one.table + " " + std::to_string(one.rows) + " " + one.sum + "\n";
  return out;
}

Result<std::vector<CopiedTable>> copied(const std::string& from, const std::string& to) {
  return copy_stores(from, to, [](std::string_view, std::string_view, std::uint64_t) {}, Cancel{});
}

}  // namespace copy_test_detail
using namespace copy_test_detail;

TEST_CASE("store copy: from engine to engine and back, everything answers as before") {
  const test::Place first("sqlite");
  fill(first.url);
  const std::string before = answers(first.url);
  std::string from = first.url, sums;
  std::vector<std::unique_ptr<test::Place>> places;
  std::vector<std::string> way = test::engines();
  std::reverse(way.begin(), way.end());  // PostgreSQL, where it is installed, and back
  for (const std::string& engine : way) {
    CAPTURE(engine);
    places.push_back(std::make_unique<test::Place>(engine));
    const std::string& to = places.back()->url;
    const auto done = copied(from, to);
    INFO((done ? "" : done.error().text));
    REQUIRE(done);
    for (const CopiedTable& one : *done) {
      CAPTURE(one.table);
      CHECK(one.rows > 0);  // each has a part in this test
    }
    if (!sums.empty()) CHECK(summary(*done) == sums);
    sums = summary(*done);
    CHECK(answers(to) == before);
    from = to;

    // Numbers go on where they were.
    auto was = *open_service_store(first.url), is = *open_service_store(to);
    Node node;
    node.name = "next";
    CHECK(*is->put_node(node, nullptr) == *was->put_node(node, nullptr));
    REQUIRE(*was->remove_node((*was->mark(Scope::v1, "next"))->id));
    REQUIRE(*is->remove_node((*is->mark(Scope::v1, "next"))->id));
  }
}

TEST_CASE("store copy: not onto something, not of nothing, and an error leaves nothing behind") {
  const test::Place from("sqlite"), to(test::each_engine());
  const test::Place nothing(to.engine);
  const auto empty = copied(nothing.url, to.url);
  REQUIRE_FALSE(empty);
  CHECK(empty.error().code == Errc::not_found);
  fill(from.url);
  Cancel stop;
  stop.request();
  CHECK(copy_stores(from.url, to.url, [](std::string_view, std::string_view, std::uint64_t) {}, stop).error().code == Errc::cancelled);
  CHECK((*open_advisories(to.url))->feeds()->empty());
  REQUIRE(copied(from.url, to.url));
  const auto again = copied(from.url, to.url);
  REQUIRE_FALSE(again);
  CHECK(again.error().code == Errc::conflict);
  CHECK(again.error().text.find("is not empty") != std::string::npos);
  CHECK(answers(to.url) == answers(from.url));
}

TEST_CASE("store copy: layers alone, or advisories alone") {
  const test::Place from("sqlite"), to(test::each_engine());
  import(**open_advisories(from.url), "1.0", 3, 100);
  const auto done = copied(from.url, to.url);
  REQUIRE(done);
  for (const CopiedTable& one : *done) CHECK(one.store == "advisories");
  CHECK((*open_advisories(to.url))->feeds()->size() == 1);
}
