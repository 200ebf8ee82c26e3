// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/foresight.h"

#include <doctest/doctest.h>

using namespace eclair;
using namespace eclair::cli;

namespace foresight_test_detail {

void name_os(LayerRecord& record, const std::string& id, const std::string& version, const std::string& path = "etc/os-release") {
  Evidence e;
  e.extractor = "os_release";
  e.path = path;
  e.facts = {{"os-release.ID", id}, {"os-release.VERSION_ID", version}};
  record.evidence.push_back(e);
}

void add_package(LayerRecord& record, const std::string& type) {
  PackageVersion package;
  package.type = type;
  package.name = "p";
  package.version = "1";
  record.packages.push_back(package);
}

LayerRecord layer(const std::string& id, const std::string& version, const std::string& type) {
  LayerRecord out;
  if (!id.empty()) name_os(out, id, version);
  if (!type.empty()) add_package(out, type);
  return out;
}

}  // namespace foresight_test_detail

using namespace foresight_test_detail;

TEST_CASE("a distribution is known once a layer names it and a layer has its packages, in either order") {
  Foresight base;
  CHECK(base.learn(1, layer("debian", "12", "deb")) == "debian:12");
  CHECK(base.learn(2, layer("", "", "")) == "debian:12");
  Foresight split;
  CHECK(split.learn(1, layer("alpine", "3.19.1", "")) == "");
  CHECK(split.learn(2, layer("", "", "")) == "");
  CHECK(split.learn(3, layer("", "", "apk")) == "alpine:v3.19");
  Foresight upwards;
  CHECK(upwards.learn(3, layer("", "", "rpm")) == "");
  CHECK(upwards.learn(1, layer("rocky", "9.3", "")) == "rocky:9");
}

TEST_CASE("the uppermost layer has the last word, whenever it comes") {
  Foresight upgraded;
  CHECK(upgraded.learn(1, layer("debian", "11", "deb")) == "debian:11");
  CHECK(upgraded.learn(4, layer("debian", "12", "deb")) == "debian:12");
  CHECK(upgraded.learn(2, layer("debian", "10", "deb")) == "debian:12");
}

TEST_CASE("what nobody speaks of needs nothing") {
  CHECK(Foresight().learn(1, layer("nobodys-linux", "1", "deb")) == "");
  CHECK(Foresight().learn(1, layer("debian", "12", "")) == "");
  CHECK(Foresight().learn(1, layer("", "", "deb")) == "");
  CHECK(Foresight().learn(1, layer("debian", "12", "no such type")) == "");
  // Somebody's own root folder within the image.
  LayerRecord nested;
  name_os(nested, "debian", "12", "srv/root/etc/os-release");
  add_package(nested, "deb");
  CHECK(Foresight().learn(1, nested) == "");
  // A source of packages that is added to whatever lies below.
  LayerRecord source;
  Evidence apt;
  apt.extractor = "os_sources";
  apt.path = "etc/apt/sources.list.d/other.list";
  apt.facts = {{"apt.suites", "jammy"}};
  source.evidence.push_back(apt);
  add_package(source, "deb");
  CHECK(Foresight().learn(2, source) == "");
  name_os(source, "ubuntu", "");
  CHECK(Foresight().learn(2, source) == "");  // no version, and no codename of its own
}
