// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/judged.h"
#include "service/layers/fetch_policy.h"
#include "support/http_server.h"
#include "support/image_house.h"
#include "support/report_sample.h"

namespace eclair::service::stored_images_test_detail {

using namespace eclair::test::image_house;

std::string rendered(const report::Report& report, std::string_view format) {
  report::Document document;
  document.reports.push_back(report);
  return test::rendered(format, document);
}

using Lines = std::vector<std::string>;

TEST_CASE("images: what the service tells of an image is what a scan tells, byte for byte") {
  House house;
  house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}, {"CVE-2023-0002", "zlib", ""}, {"CVE-2023-0003", "curl", "7.90"}});
  const auto source = house.open({kBase, kCurl, kBase}, "shop:1");
  const auto kept = house.images->put(house.read(*source, kAdmin), kAdmin);
  REQUIRE(kept);

  auto read = index::index_image(*source, nullptr, {}, Cancel{});
  REQUIRE(read);
  report::JudgeOptions how;
  how.tool_version = "1.2.3";
  how.generated_at = kNow;
  auto store = *store::open_advisories(house.folder.at("data"));
  const auto local = report::judged(std::move(read->image), std::move(read->inventory), *store, how, Cancel{});
  REQUIRE(local);
  CHECK(local->findings.size() == 2);
  for (const std::string_view format : {"table", "json"}) CHECK(rendered(house.report("shop:1"), format) == rendered(*local, format));
  CHECK(kept->id == source->image().digest.text);
}

TEST_CASE("images: reports are worked out when they are asked for") {
  House house;
  house.post({kBase, kCurl}, "shop:1");
  CHECK(house.findings("shop:1").empty());
  house.knows({{"CVE-2023-0003", "curl", ""}, {"CVE-2023-0001", "openssl", "3.0.2-1"}});
  CHECK(house.findings("shop:1") == Lines{"CVE-2023-0001 openssl 1", "CVE-2023-0003 curl 2"});
  house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}});
  CHECK(house.findings("shop:1") == Lines{"CVE-2023-0001 openssl 1"});
}

TEST_CASE("images: only layers that the server does not have are read and sent") {
  House house;
  house.post({kBase, kCurl}, "shop:1");
  const auto source = house.open({kBase, kUpgrade}, "shop:2");
  const SentImage sent = house.read(*source, kAdmin);
  REQUIRE(sent.records.size() == 1);
  CHECK(sent.records[0].digest == sha256(kUpgrade));
  REQUIRE(house.images->put(sent, kAdmin));
  house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}});
  CHECK(house.findings("shop:1") == Lines{"CVE-2023-0001 openssl 1"});
  CHECK(house.findings("shop:2").empty());
  // A record that is neither here nor sent is asked for, and nothing is stored.
  SentImage bare = house.read(*house.open({kUpgrade, kCurl, test::layer_of("etc/motd", "x")}, "shop:3"), kAdmin);
  bare.records.clear();
  const auto kept = house.images->put(bare, kAdmin);
  REQUIRE(kept);
  CHECK(kept->id.empty());
  REQUIRE(kept->missing.size() == 1);
  CHECK_FALSE(*house.images->find("shop:3", kAdmin));
}

TEST_CASE("images: what a client says of a layer holds for that client alone") {
  House house;
  house.knows({{"CVE-2023-0001", "openssl", ""}, {"CVE-2023-0003", "curl", ""}});
  const Identity alice = who("alice", Role::write), mallory = who("mallory", Role::write);
  house.post({kBase}, "alice/app:1", alice);
  CHECK(house.images->known({sha256(kBase)}, alice)->size() == 1);
  CHECK(house.images->known({sha256(kBase)}, mallory)->empty());
  CHECK(house.images->known({sha256(kBase)}, kAdmin)->empty());

  // Mallory has a record that says of Alice's layer that it is empty.
  const auto source = house.open({kBase}, "mallory/app:1");
  SentImage lie = house.read(*source, mallory);
  REQUIRE(lie.records.size() == 1);
  lie.records[0].packages.clear();
  lie.records[0].evidence.clear();
  REQUIRE(house.images->put(lie, mallory));
  CHECK(house.findings("mallory/app:1").empty());
  CHECK(house.findings("alice/app:1") == Lines{"CVE-2023-0001 openssl 1"});
  CHECK(house.findings(source->image().digest.text, alice) == Lines{"CVE-2023-0001 openssl 1"});
  CHECK(house.findings(source->image().digest.text, mallory).empty());
  // Nobody's word answers for others: not for an admin, nor for a layer that is posted by its address.
  CHECK_FALSE(*house.images->find(source->image().digest.text, kAdmin));
  CHECK_FALSE(*house.store->layer_record(sha256(kBase)));
  CHECK((*house.images->find("mallory/app:1", kAdmin))->sender == "mallory");
  CHECK(house.post({kUpgrade}, "part/app:1", who("part", Role::admin, {"part/"})) != house.open({kUpgrade})->image().digest.text);  // an admin of a part
  house.post({kBase}, "true/app:1", kAdmin);
  CHECK(house.findings("true/app:1") == Lines{"CVE-2023-0001 openssl 1"});
  CHECK(house.findings("mallory/app:1").empty());
}

TEST_CASE("images: a key with prefixes neither sees nor changes other images") {
  House house;
  const Identity team = who("team", Role::write, {"registry.example.com/team/"});
  house.post({kBase}, "registry.example.com/team/app:1", team);
  house.post({kBase, kCurl}, "registry.example.com/other/app:1");
  CHECK(*house.images->find("registry.example.com/team/app:1", team));
  CHECK_FALSE(*house.images->find("registry.example.com/other/app:1", team));
  CHECK(house.images->list("", 10, team)->items.size() == 1);
  CHECK(house.images->list("", 10, kAdmin)->items.size() == 2);
  CHECK_FALSE(*house.images->remove("registry.example.com/other/app:1", team));
  CHECK_FALSE(*house.images->report("registry.example.com/other/app:1", 1, team, Cancel{}));
  const auto refused = house.images->put(house.read(*house.open({kBase}, "registry.example.com/other/app:1"), team), team);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unsupported);
  CHECK(*house.images->remove("registry.example.com/team/app:1", team));
}

TEST_CASE("images: found by name, however it is written, by digest, and by pages") {
  House house;
  const auto source = house.open({kBase}, "alpine");
  SentImage sent = house.read(*source, kAdmin, {"docker.io/library/alpine:latest"});
  const auto id = house.images->put(sent, kAdmin)->id;
  for (const std::string& name : Lines{"alpine", "alpine:latest", "docker.io/library/alpine", id, "alpine@" + id, "alpine:latest@" + id}) {
    CAPTURE(name);
    const auto found = house.images->find(name, kAdmin);
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->id == id);
    CHECK((*found)->names == Lines{"docker.io/library/alpine:latest"});
    CHECK((*found)->os.version == "12");
  }
  CHECK_FALSE(*house.images->find("alpine:3", kAdmin));
  CHECK_FALSE(*house.images->find("", kAdmin));
  for (int i = 0; i < 4; ++i) house.post({kBase, test::layer_of("etc/motd", std::to_string(i))}, "app:" + std::to_string(i));
  std::set<std::string> ids;
  std::string after;
  int pages = 0;
  do {
    const auto page = house.images->list(after, 2, kAdmin);
    REQUIRE(page);
    for (const ImageView& one : page->items) ids.insert(one.id);
    after = page->next;
    ++pages;
  } while (!after.empty() && pages < 10);
  CHECK(ids.size() == 5);
  CHECK(pages == 3);
  CHECK(house.images->list("x", 2, kAdmin).error().code == Errc::invalid_input);
  // A name moves to the image that it was said of last.
  house.post({kCurl}, "app:0");
  CHECK((*house.images->find("app:0", kAdmin))->image.history.size() == 1);
}

TEST_CASE("images: every image and layer that has a vulnerability, with the layer that introduced it") {
  House house;
  house.post({kBase, kCurl}, "curl:1");
  house.post({kBase, kUpgrade}, "new:1");
  house.post({kBase, kCurl, kUpgrade}, "new:2");
  house.knows({{"CVE-2023-0001", "openssl", "3.0.2-1"}, {"CVE-2023-0002", "zlib", ""}, {"CVE-2023-0003", "curl", ""}});
  const auto images = [&](const std::string& vulnerability, std::size_t limit = 100, const Identity& by = kAdmin) {
    Lines out;
    std::string after;
    int pages = 0;
    do {
      const auto page = house.images->images_with(vulnerability, "", after, limit, by);
      REQUIRE(page);
      CHECK(page->items.size() <= limit);
      for (const ImageHit& hit : page->items) {
        for (const PackageVersion& package : hit.packages) out.push_back(hit.names[0] + " " + std::to_string(hit.layer.index) + " " + package.name + " " + package.version);
      }
      after = page->next;
    } while (!after.empty() && ++pages < 20);
    std::sort(out.begin(), out.end());
    return out;
  };
  CHECK(images("CVE-2023-0001") == Lines{"curl:1 1 openssl 3.0.1-1"});  // the others were upgraded
  CHECK(images("CVE-2023-0002") == Lines{"curl:1 1 zlib 1.2", "new:1 1 zlib 1.2", "new:2 1 zlib 1.2"});
  CHECK(images("CVE-2023-0002", 1) == images("CVE-2023-0002"));
  CHECK(images("CVE-2023-0003") == Lines{"curl:1 2 curl 7.88"});
  CHECK(images("CVE-2023-9999").empty());
  CHECK(images("CVE-2023-0002", 1, who("k", Role::read, {"new:"})) == Lines{"new:1 1 zlib 1.2", "new:2 1 zlib 1.2"});
  const auto layers = house.images->layers_with("CVE-2023-0001", "debian:12", "", 10, kAdmin);
  REQUIRE(layers);
  REQUIRE(layers->items.size() == 1);
  CHECK(layers->items[0].scope == store::Scope::image);
  CHECK(layers->items[0].packages[0].name == "openssl");
  CHECK(house.images->layers_with("CVE-2023-0001", "debian:11", "", 10, kAdmin)->items.empty());
  CHECK(house.images->images_with("CVE-2023-0001", "", "nonsense", 10, kAdmin).error().code == Errc::invalid_input);
}

TEST_CASE("images: with an image go the layers that no other has") {
  House house;
  house.post({kBase, kCurl}, "a:1");
  house.post({kBase, kUpgrade}, "b:1");
  CHECK(*house.images->remove("a:1", kAdmin));
  CHECK_FALSE(*house.images->remove("a:1", kAdmin));
  CHECK_FALSE(*house.images->find("a:1", kAdmin));
  CHECK(house.images->known({sha256(kBase), sha256(kCurl), sha256(kUpgrade)}, kAdmin)->size() == 2);
  CHECK(*house.images->remove("b:1", kAdmin));
  CHECK(house.images->known({sha256(kBase), sha256(kUpgrade)}, kAdmin)->empty());
  CHECK(house.store->counts()->layers == 0);
}

TEST_CASE("images: an image without a known distribution is kept, and its report says that") {
  House house;
  house.post({test::Files{{"var/lib/dpkg/status", status({{"curl", "1"}})}}.tar()}, "odd:1");
  const report::Report odd = house.report("odd:1");
  CHECK(odd.inventory.packages.size() == 1);
  REQUIRE_FALSE(odd.coverage.empty());
  CHECK(odd.coverage[0].code == "unknown_distribution");
}

/// A registry of one repository, "team/app", with images under tags.
struct Registry {
  std::map<std::string, std::string> files;  // "manifests/1", "blobs/sha256:..." → bytes
  tests::HttpServer server{[this](const std::string& request) -> tests::HttpServer::Reply {
    const std::string begin = " /v2/team/app/";
    const std::size_t at = request.find(begin);
    const std::string path = at == std::string::npos ? "" : request.substr(at + begin.size(), request.find(' ', at + 1) - at - begin.size());
    const auto found = files.find(path);
    if (found == files.end()) return {tests::answer(404, "{}")};
    return {tests::answer(200, found->second, "Content-Type: " + std::string(path.starts_with("manifests/") ? test::kManifestType : "application/octet-stream") + "\r\n")};
  }};

  std::string put(const std::string& tag, const std::vector<std::string>& layers) {
    test::Files made;
    const std::string entry = test::put_image(made, layers);
    for (const auto& [name, bytes] : made) files["blobs/sha256:" + name.substr(name.rfind('/') + 1)] = bytes;
    std::string digest = entry.substr(entry.find("sha256:"), 71);
    files["manifests/" + tag] = files["blobs/" + digest];
    return digest;
  }
  std::string name(const std::string& tag) const { return server.host() + "/team/app:" + tag; }
};

TEST_CASE("images: fetched from a registry, within what the configuration allows") {
  Registry registry;
  House house;
  const std::string digest = registry.put("1", {kBase, kCurl});
  house.knows({{"CVE-2023-0001", "openssl", ""}});
  const auto fetch = [&](const std::string& name, const Identity& by, Images& images) { return images.fetch({.reference = name, .platform = "linux/amd64"}, by, Cancel{}); };
  const auto id = fetch("docker://" + registry.name("1"), kAdmin, *house.images);
  REQUIRE(id);
  CHECK(*id == digest);
  CHECK(house.findings(registry.name("1")) == Lines{"CVE-2023-0001 openssl 1"});
  CHECK(fetch(registry.name("2"), kAdmin, *house.images).error().code == Errc::not_found);
  CHECK(fetch(house.folder.at("data"), kAdmin, *house.images).error().code == Errc::invalid_input);
  CHECK(fetch(registry.name("1"), who("team", Role::write, {"other/"}), *house.images).error().text.starts_with(kMayNotUse));

  // Somebody's manifest names a layer that is known here, and that their registry does not have.
  const Identity mallory = who("mallory", Role::write);
  registry.put("3", {kBase, kUpgrade});
  registry.files.erase("blobs/" + sha256(kBase).text);
  CHECK(fetch(registry.name("3"), mallory, *house.images).error().code == Errc::not_found);
  CHECK(fetch(registry.name("3"), kAdmin, *house.images));

  ImageSettings settings;
  settings.fetch.policy = *FetchPolicy::make({}, {"127.0.0.0/8"});
  CHECK(fetch(registry.name("1"), kAdmin, *make_images(*house.store, house.advisories, settings)).error().code == Errc::unsupported);
  settings.fetch.policy = {};
  settings.fetch.repositories.deny = {"**/team/*"};
  const auto refused = fetch(registry.name("1"), kAdmin, *make_images(*house.store, house.advisories, settings));
  CHECK(refused.error().text.find("is not analysed here") != std::string::npos);
}

TEST_CASE("images: what is asked for is not forgotten") {
  House house;
  house.post({kBase}, "old:1");
  house.post({kCurl}, "asked:1");
  UnixTime time = kNow + 10 * 86400;
  ImageSettings settings;
  settings.clock = [&time] { return time; };
  const auto later = make_images(*house.store, house.advisories, settings);
  REQUIRE(later->report("asked:1", 1, kAdmin, Cancel{}));
  REQUIRE(house.store->expire(kNow + 86400));
  CHECK_FALSE(*later->find("old:1", kAdmin));
  CHECK(*later->find("asked:1", kAdmin));
  CHECK((*later->find("asked:1", kAdmin))->created == kNow);
}

TEST_CASE("sent images: bytes of a stranger") {
  House house;
  const SentImage sent = house.read(*house.open({kBase, kCurl}, "a:1"), kAdmin, {"a:1"});
  const std::string whole = encode(sent);
  CHECK(decode_sent_image(whole, Limits{}));
  for (std::size_t n = 0; n < whole.size(); n += 7) CHECK_FALSE(decode_sent_image(std::string_view(whole).substr(0, n), Limits{}));
  CHECK_FALSE(decode_sent_image(whole + "x", Limits{}));
  CHECK(decode_sent_image("\x02", Limits{}).error().code == Errc::unsupported);
  const auto refused = [&](auto change) {
    SentImage other = sent;
    change(other);
    const auto got = decode_sent_image(encode(other), Limits{});
    return got ? std::string("taken") : got.error().text;
  };
  CHECK(refused([](SentImage& s) { s.layers.pop_back(); }) == "sent image: not one record for each layer");
  CHECK(refused([](SentImage& s) { s.records[0].digest = sha256("other"); }) == "sent image: the record of a layer that the image does not have");
  CHECK(refused([](SentImage& s) { s.records.push_back(s.records[0]); }) == "sent image: two records of one layer");
  CHECK(refused([](SentImage& s) { s.records[0].facts_digest = "x"; }) == "sent image: records made with file patterns of the client's own are not taken");
  CHECK(refused([](SentImage& s) { s.records[0].digest.text = "sha256:../../etc"; }).find("sent image") == 0);
  CHECK(refused([](SentImage& s) { s.records[0].paths = PathList("\x01\x01\xff"); }) == "damaged path list");
  CHECK(refused([](SentImage& s) { s.names = {""}; }) == "sent image: a name that is empty or too long");
  CHECK(refused([](SentImage& s) { s.names.assign(33, "a"); }) == "sent image: more than 32 names");
}

}  // namespace eclair::service::stored_images_test_detail
