// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

#include "service/layers/stored_layers.h"
#include "support/debian_says.h"
#include "support/image_files.h"

using namespace eclair;
using namespace eclair::service;

namespace stored_layers_test_detail {

struct Package {
  std::string name, version, source{};
};

std::string status(const std::vector<Package>& packages) {
  std::string out;
  for (const Package& one : packages) {
    out += "Package: " + one.name + "\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Debian <d@debian.org>\n";
    if (!one.source.empty()) out += "Source: " + one.source + "\n";
    out += "Version: " + one.version + "\n\n";
  }
  return out;
}

std::string os_release(const std::string& version, const std::string& codename) {
  return "ID=debian\nVERSION_ID=\"" + version + "\"\nVERSION_CODENAME=" + codename + "\nPRETTY_NAME=\"Debian GNU/Linux " + version + "\"\n";
}

/// A service with layers as files.
struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store;
  Advisories advisories;
  std::unique_ptr<Layers> layers;
  int read = 0;

  House() : store(*store::open_service_store(folder.at("data"))), advisories(folder.at("data")) {
    LayerSettings settings;
    settings.fetch.local_files = true;
    settings.read = [this](double, std::uint64_t) { ++read; };
    layers = make_layers(*store, advisories, settings);
  }

  std::optional<PostFailure> post(const std::string& name, const std::string& parent, const test::Files& files) {
    return post_bytes(name, parent, files.tar());
  }
  std::optional<PostFailure> post_bytes(const std::string& name, const std::string& parent, const std::string& bytes) {
    LayerPost layer;
    layer.name = name;
    layer.parent = parent;
    layer.path = folder.write(name + ".tar", bytes);
    return layers->post(layer, Cancel{});
  }

  void knows(const std::string& name_space, const std::vector<std::array<std::string, 3>>& rows) { test::debian_says(folder.at("data"), name_space, rows); }

  /// "name=version (namespace) by layer: vulnerabilities" of each feature.
  std::vector<std::string> report(const std::string& name) {
    const auto view = layers->find(name, Detail::vulnerabilities);
    REQUIRE(view);
    REQUIRE(*view);
    std::vector<std::string> out;
    for (const Feature& one : (*view)->features) {
      std::string line = one.name + "=" + one.version + " (" + one.name_space + ") by " + one.added_by + ":";
      REQUIRE(one.findings);
      for (const FeatureVulnerability& each : one.findings->vulnerabilities) line += " " + each.name + (each.fixed_by.empty() ? "" : "<" + each.fixed_by);
      out.push_back(std::move(line));
    }
    return out;
  }
};

const test::Files kBase = {{"etc/os-release", os_release("12", "bookworm")},
                           {"var/lib/dpkg/status", status({{"libssl3", "3.0.1-1", "openssl"}, {"openssl", "3.0.1-1"}, {"zlib1g", "1:1.2.13-1", "zlib"}})}};

}  // namespace stored_layers_test_detail
using namespace stored_layers_test_detail;

TEST_CASE("layers: a report is worked out when it is asked for, from what is known then") {
  House house;
  CHECK_FALSE(house.post("base", "", kBase));
  CHECK(house.report("base") == std::vector<std::string>{"openssl=3.0.1-1 (debian:12) by base:", "zlib=1:1.2.13-1 (debian:12) by base:"});
  house.knows("debian:12", {{"CVE-2023-0001", "openssl", "3.0.2-1"}, {"CVE-2023-0002", "zlib", ""}, {"CVE-2023-0003", "openssl", "3.0.1-1"}});
  CHECK(house.report("base") == std::vector<std::string>{"openssl=3.0.1-1 (debian:12) by base: CVE-2023-0001<3.0.2-1", "zlib=1:1.2.13-1 (debian:12) by base: CVE-2023-0002"});
  house.knows("debian:12", {{"CVE-2023-0002", "zlib", "1:1.2.13-2"}});
  CHECK(house.report("base") == std::vector<std::string>{"openssl=3.0.1-1 (debian:12) by base:", "zlib=1:1.2.13-1 (debian:12) by base: CVE-2023-0002<1:1.2.13-2"});
  const auto view = house.layers->find("base", Detail::vulnerabilities);
  const auto& findings = *(*view)->features[1].findings;
  CHECK(findings.vulnerabilities[0].description == "about CVE-2023-0002");
  CHECK_FALSE(findings.vulnerabilities[0].link.empty());
  CHECK(findings.v1.find("\"CVE-2023-0002\"") != std::string::npos);
  CHECK((*view)->name_space == "debian:12");
  CHECK((*view)->version_format == "dpkg");
  CHECK((*view)->features[1].version_format == "dpkg");
}

TEST_CASE("layers: a layer is its difference from its parent") {
  House house;
  CHECK_FALSE(house.post("base", "", kBase));
  CHECK_FALSE(house.post("upgraded", "base", {{"var/lib/dpkg/status", status({{"libssl3", "3.0.2-1", "openssl"}, {"openssl", "3.0.2-1"}, {"zlib1g", "1:1.2.13-1", "zlib"}, {"curl", "7.88"}})}}));
  CHECK_FALSE(house.post("nothing", "upgraded", {{"etc/motd", "hello"}}));
  CHECK_FALSE(house.post("gone", "nothing", {{"var/lib/dpkg/.wh.status", ""}}));
  const std::vector<std::string> upgraded = {"curl=7.88 (debian:12) by upgraded:", "openssl=3.0.2-1 (debian:12) by upgraded:", "zlib=1:1.2.13-1 (debian:12) by base:"};
  CHECK(house.report("upgraded") == upgraded);
  CHECK(house.report("nothing") == upgraded);
  CHECK(house.report("gone").empty());
  const auto change = house.layers->change("upgraded", Detail::features);
  REQUIRE(change);
  REQUIRE(*change);
  CHECK((*change)->added.size() == 2);
  REQUIRE((*change)->removed.size() == 1);
  CHECK((*change)->removed[0].name == "openssl");
  CHECK((*change)->removed[0].version == "3.0.1-1");
  CHECK((*house.layers->change("nothing", Detail::features))->added.empty());
  CHECK((*house.layers->change("gone", Detail::features))->removed.size() == 3);
  CHECK((*house.layers->find("gone", Detail::none))->parent == "nothing");
  CHECK(*house.layers->generation("gone") == 1);
  CHECK_FALSE(*house.layers->generation("unknown"));
}

TEST_CASE("layers: after an upgrade of the distribution, what was not touched keeps the namespace that it came in, and is judged by the new one") {
  House house;
  CHECK_FALSE(house.post("wheezy", "", {{"etc/os-release", os_release("7", "wheezy")}, {"var/lib/dpkg/status", status({{"mawk", "1.3.3-17"}, {"bash", "4.2"}})}}));
  CHECK_FALSE(house.post("jessie", "wheezy", {{"etc/os-release", os_release("8", "jessie")}, {"var/lib/dpkg/status", status({{"mawk", "1.3.3-17"}, {"bash", "4.3"}})}}));
  house.knows("debian:8", {{"CVE-2016-0001", "mawk", ""}});
  CHECK(house.report("jessie") == std::vector<std::string>{"bash=4.3 (debian:8) by jessie:", "mawk=1.3.3-17 (debian:7) by wheezy: CVE-2016-0001"});
  CHECK(house.report("wheezy") == std::vector<std::string>{"bash=4.2 (debian:7) by wheezy:", "mawk=1.3.3-17 (debian:7) by wheezy:"});
  CHECK((*house.layers->find("jessie", Detail::none))->name_space == "debian:8");
  CHECK(*house.layers->namespaces() == std::vector<std::string>{"debian:7", "debian:8"});
}

TEST_CASE("layers: a layer that is known is not read again, whatever is said of it") {
  House house;
  CHECK_FALSE(house.post("base", "", kBase));
  LayerPost again;
  again.name = "base";
  again.parent = "somebody else";
  again.path = "/nonexistent";
  CHECK_FALSE(house.layers->post(again, Cancel{}));
  CHECK(house.read == 1);
}

TEST_CASE("layers: what cannot be posted says why, and leaves nothing") {
  House house;
  const auto problem = [&](std::optional<PostFailure> failure) {
    REQUIRE(failure);
    return failure->problem;
  };
  CHECK(problem(house.post("a", "nobody", kBase)) == PostProblem::unknown_parent);
  CHECK(problem(house.post_bytes("a", "", "this is no archive")) == PostProblem::broken_archive);
  CHECK(problem(house.post_bytes("a", "", kBase.tar().substr(0, 700))) == PostProblem::broken_archive);
  CHECK(problem(house.post("a", "", {{"var/lib/dpkg/status", status({{"bash", "5"}})}})) == PostProblem::no_distribution);
  LayerPost layer;
  layer.name = "a";
  layer.path = house.folder.at("missing.tar");
  CHECK(problem(house.layers->post(layer, Cancel{})) == PostProblem::unreachable);
  layer.path = "http://127.0.0.1:1/layer";
  CHECK(problem(house.layers->post(layer, Cancel{})) == PostProblem::unreachable);
  layer.path = "http://169.254.169.254/latest/meta-data";
  CHECK(problem(house.layers->post(layer, Cancel{})) == PostProblem::refused);
  layer.path = house.folder.write("b.tar", kBase.tar());
  layer.format = "rkt";
  CHECK(problem(house.layers->post(layer, Cancel{})) == PostProblem::unsupported_format);
  CHECK_FALSE(*house.layers->find("a", Detail::none));
}

TEST_CASE("layers: empty layers, compressed ones, and ACI's below rootfs/") {
  House house;
  CHECK_FALSE(house.post_bytes("zero", "", ""));
  CHECK_FALSE(house.post_bytes("none", "zero", std::string(1024, '\0')));
  CHECK_FALSE(house.post("base", "none", kBase));
  CHECK(house.report("base").size() == 2);
  LayerPost aci;
  aci.name = "aci";
  aci.format = "ACI";
  aci.path = house.folder.write("aci.tar", kBase.tar("rootfs/"));
  CHECK_FALSE(house.layers->post(aci, Cancel{}));
  CHECK(house.report("aci").size() == 2);
}

TEST_CASE("layers: the layers that a vulnerability came in with are those whose reports name it as their own, page by page") {
  House house;
  CHECK_FALSE(house.post("base", "", kBase));
  CHECK_FALSE(house.post("upgraded", "base", {{"var/lib/dpkg/status", status({{"libssl3", "3.0.2-1", "openssl"}, {"openssl", "3.0.2-1"}, {"zlib1g", "1:1.2.13-1", "zlib"}})}}));
  CHECK_FALSE(house.post("other", "", {{"etc/os-release", os_release("12", "bookworm")}, {"var/lib/dpkg/status", status({{"openssl", "3.0.0-1"}})}}));
  CHECK_FALSE(house.post("elsewhere", "", {{"etc/os-release", os_release("11", "bullseye")}, {"var/lib/dpkg/status", status({{"openssl", "3.0.0-1"}})}}));
  house.knows("debian:12", {{"CVE-1", "openssl", "3.0.2-1"}, {"CVE-2", "openssl", ""}, {"CVE-3", "openssl", "1"}, {"CVE-4", "zlib", ""}});
  const auto introducing = [&](const std::string& id) {
    std::vector<std::string> out;
    std::int64_t after = 0;
    while (true) {
      const auto page = house.layers->introducing("debian:12", id, after, 1);
      REQUIRE(page);
      if (page->empty()) return out;
      out.push_back(page->front().name);
      CHECK(page->front().index > after);
      after = page->front().index;
    }
  };
  CHECK(introducing("CVE-1") == std::vector<std::string>{"base", "other"});
  CHECK(introducing("CVE-2") == std::vector<std::string>{"base", "upgraded", "other"});
  CHECK(introducing("CVE-3").empty());
  CHECK(introducing("CVE-4") == std::vector<std::string>{"base"});
  // The reports agree.
  for (const std::string id : {"CVE-1", "CVE-2", "CVE-3", "CVE-4"}) {
    std::set<std::string> named;
    for (const std::string layer : {"base", "upgraded", "other"}) {
      for (const std::string& line : house.report(layer)) {
        if ((line + " ").find(" " + id + " ") == std::string::npos && line.find(" " + id + "<") == std::string::npos) continue;
        const auto by = line.find(" by ") + 4;
        named.insert(line.substr(by, line.find(':', by) - by));
      }
    }
    const auto found = introducing(id);
    CHECK(named == std::set<std::string>(found.begin(), found.end()));
  }
}

TEST_CASE("layers: with a layer go those above it") {
  House house;
  CHECK_FALSE(house.post("base", "", kBase));
  CHECK_FALSE(house.post("top", "base", {{"etc/motd", "x"}}));
  CHECK(*house.layers->remove("base"));
  CHECK_FALSE(*house.layers->find("top", Detail::none));
  CHECK_FALSE(*house.layers->remove("base"));
  CHECK_FALSE(house.post("base", "", kBase));
  CHECK(house.report("base").size() == 2);
}

TEST_CASE("layers: what a changed advisory hits is found by reading in proportion to that, however many layers there are") {
  // Of 60 and of 600 layers, each with packages of its own, three have the package.
  const auto rows_for = [](int layers) {
    House house;
    CHECK_FALSE(house.post("base", "", kBase));
    const auto base = *house.store->node(store::Scope::v1, "base");
    for (int i = 0; i < layers; ++i) {
      PackageVersion package;
      package.type = "deb";
      package.name = i % (layers / 3) == 0 ? "hit" : "other" + std::to_string(i);
      package.version = "1." + std::to_string(i);
      store::Node node;
      node.name = "layer" + std::to_string(i);
      node.parent = base->id;
      node.os = base->os;
      node.name_space = "debian:12";
      node.delta.added = {{.name_space = "debian:12", .os = {}, .repositories = {}, .owned = false, .packages = *house.store->intern({package})}};
      REQUIRE(house.store->put_node(node, nullptr));
    }
    house.knows("debian:12", {{"CVE-2026-0001", "hit", ""}, {"CVE-2026-0002", "zlib", ""}});
    REQUIRE(house.layers->introducing("debian:12", "CVE-2026-0002", 0, 100));  // everything is open and prepared
    const std::uint64_t before = store::rows_read();
    const auto hit = house.layers->introducing("debian:12", "CVE-2026-0001", 0, 100);
    REQUIRE(hit);
    CHECK(hit->size() == 3);
    return store::rows_read() - before;
  };
  const std::uint64_t few = rows_for(60), many = rows_for(600);
  CHECK(few > 0);
  CHECK(many == few);
}
