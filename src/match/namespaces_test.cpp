// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "match/families.h"
#include "match/match.h"

namespace eclair::match {
namespace namespaces_test_detail {

Os os(std::string id, std::string version = {}, std::string codename = {}, std::string pretty = {}) {
  Os out;
  out.id = std::move(id);
  out.version = std::move(version);
  out.codename = std::move(codename);
  out.pretty = std::move(pretty);
  return out;
}

PackageVersion package(std::string type) {
  PackageVersion out;
  out.type = std::move(type);
  out.name = "x";
  return out;
}

}  // namespace namespaces_test_detail
using namespaces_test_detail::os;
using namespaces_test_detail::package;

TEST_CASE("a distribution's namespace follows from its os-release") {
  struct Case {
    Os os;
    std::string_view want;
  };
  const Case cases[] = {
      {os("debian", "12", "bookworm"), "debian:12"},
      {os("debian", "12.5"), "debian:12"},
      {os("debian", "7"), "debian:7"},
      {os("debian", "", "bookworm"), "debian:12"},
      // testing and sid have no VERSION_ID, and the same code name and title
      {os("debian", "", "forky", "Debian GNU/Linux forky/sid"), "debian:14"},
      {os("debian", "", "trixie", "Debian GNU/Linux trixie/sid"), "debian:13"},
      {os("debian", "", "", "Debian GNU/Linux forky/sid"), "debian:14"},
      {os("debian", "", "sid", "Debian GNU/Linux trixie/sid"), "debian:unstable"},
      {os("debian", "", "forky", "Debian GNU/Linux sid"), "debian:unstable"},
      {os("debian", "", "", "Debian GNU/Linux (unstable)"), "debian:unstable"},
      {os("raspbian", "11", "bullseye"), "debian:11"},
      {os("raspbian", "", "buster"), "debian:10"},
      {os("ubuntu", "22.04", "jammy"), "ubuntu:22.04"},
      {os("ubuntu", "", "noble"), "ubuntu:24.04"},
      {os("alpine", "3.19.1"), "alpine:v3.19"},
      {os("alpine", "3.2.0"), "alpine:v3.2"},
      {os("alpine", "3.20.0_rc1"), "alpine:v3.20"},
      {os("alpine", "3.22"), "alpine:v3.22"},
      {os("alpine", "3.19_alpha20230901"), "alpine:edge"},
      {os("alpine", "3.21.0_alpha20240807"), "alpine:edge"},
      {os("alpine", "3.21.0", "", "Alpine Linux edge"), "alpine:edge"},
      {os("wolfi", "20230201"), "wolfi"},
      {os("chainguard", "20230214"), "chainguard"},
      {os("rhel", "9.3"), "rhel:9"},
      {os("rhel", "10.0"), "rhel:10"},
      {os("centos", "7"), "rhel:7"},
      {os("rocky", "9.0"), "rocky:9"},
      {os("almalinux", "8.10"), "almalinux:8"},
      {os("ol", "8.9"), "ol:8"},
      {os("fedora", "40"), "fedora:40"},
      {os("amzn", "2018.03"), "amzn:1"},
      {os("amzn", "2011.09"), "amzn:1"},
      {os("amzn", "2"), "amzn:2"},
      {os("amzn", "2022"), "amzn:2022"},
      {os("amzn", "2023"), "amzn:2023"},
      {os("sles", "15.5"), "sles:15.5"},
      {os("sles", "15"), "sles:15"},
      {os("sl-micro", "6.0"), "sle-micro:6.0"},
      {os("opensuse-leap", "15.6"), "opensuse-leap:15.6"},
      {os("opensuse", "42.3"), "opensuse-leap:42.3"},
      {os("opensuse-tumbleweed", "20240329"), "opensuse-tumbleweed"},
      {os("photon", "5.0"), "photon:5.0"},
      {os("mariner", "2.0.20230805"), "mariner:2.0"},
      {os("azurelinux", "3.0.20240727"), "azurelinux:3.0"},
      {os("arch", "20240101.0.1"), "arch"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.os.id);
    CAPTURE(each.os.version);
    CAPTURE(each.os.pretty);
    CHECK(name_space(each.os) == each.want);
    CHECK(find_family(each.want) != nullptr);
  }
}

TEST_CASE("what is not known, or only looks like a release, has no namespace") {
  const Os cases[] = {
      os(""),
      os("debian"),
      os("debian", "", "potato"),
      os("debian", "x12"),
      os("debian", "12x"),
      os("debian", "12345678901234567890"),
      // derivatives with packages of their own are not their parent
      os("kali", "2024.1", "kali-rolling"),
      os("devuan", "5", "daedalus"),
      os("linuxmint", "21", "vera"),
      os("parrot", "6"),
      os("pop", "22.04", "jammy"),
      os("ubuntu", "22"),
      os("ubuntu", "warty"),
      os("alpine", "3"),
      os("alpine", ""),
      os("alpine", "v3.19"),
      os("rhel", ""),
      os("rhel", "ga"),
      os("amzn", "two"),
      os("photon", "5"),
      os("opensuse", "tumbleweed"),
      os("opensuse-leap", ""),
      os("flatcar", "1.2"),
      os("debian:12", "12"),
  };
  for (const Os& each : cases) {
    CAPTURE(each.id);
    CAPTURE(each.version);
    CHECK(name_space(each) == "");
  }
}

TEST_CASE("system packages are judged in the distribution's namespace, language packages in their own") {
  CHECK(name_space(package("deb"), os("debian", "12")) == "debian:12");
  CHECK(name_space(package("rpm"), os("debian", "12")) == "debian:12");  // the family guard is judgeable()'s
  CHECK(name_space(package("pypi"), os("debian", "12")) == "pypi");
  CHECK(name_space(package("npm"), Os{}) == "npm");
  CHECK(name_space(package("golang"), Os{}) == "go");
  CHECK(name_space(package("cargo"), Os{}) == "crates.io");
  CHECK(name_space(package("gem"), Os{}) == "rubygems");
  CHECK(name_space(package("composer"), Os{}) == "packagist");
  CHECK(name_space(package("deb"), Os{}) == "");
  CHECK(name_space(package("generic"), os("debian", "12")) == "");
  CHECK(name_space(package("opkg"), os("debian", "12")) == "");
  CHECK(name_space(package("debian"), os("debian", "12")) == "");
  CHECK(name_space(package("pypi:x"), os("debian", "12")) == "");
}

TEST_CASE("the scheme of a namespace or package type") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"deb", "dpkg"},
      {"debian:12", "dpkg"},
      {"debian:unstable", "dpkg"},
      {"ubuntu:22.04", "dpkg"},
      {"opkg", "dpkg"},
      {"rpm", "rpm"},
      {"rhel:9", "rpm"},
      {"amzn:2", "rpm"},
      {"opensuse-leap:15.6", "rpm"},
      {"apk", "apk"},
      {"alpine:edge", "apk"},
      {"wolfi", "apk"},
      {"arch", "pacman"},
      {"pypi", "pep440"},
      {"golang", "semver"},
      {"go", "semver"},
      {"", ""},
      {"nonsense", ""},
      {"kali:1", ""},
  };
  for (const auto& each : cases) {
    CAPTURE(each.first);
    CHECK(scheme_of(each.first) == each.second);
  }
}

TEST_CASE("the names under which a package is looked up: source first, no repeats") {
  using Names = std::vector<std::string>;
  PackageVersion one = package("deb");
  CHECK(lookup_names(one) == Names{"x"});
  one.source_name = "x";
  CHECK(lookup_names(one) == Names{"x"});
  one.source_name = "s";
  CHECK(lookup_names(one) == Names{"s", "x"});
  one.source_name = "linux-signed-amd64";
  CHECK(lookup_names(one) == Names{"linux-signed-amd64", "x", "linux"});
  one.type = "rpm";
  CHECK(lookup_names(one) == Names{"linux-signed-amd64", "x"});
}

TEST_CASE("whose packages and whose feeds are a distribution's own") {
  struct Case {
    std::string_view name_space, vendor;
    bool own;
  };
  const Case cases[] = {
      {"debian:12", "debian", true},
      {"debian:12", "", true},
      {"debian:12", "ubuntu", true},
      {"debian:12", "docker", false},
      {"debian:12", "nodesource", false},
      {"debian:12", "deb", false},
      {"debian:12", "debian raspbian", false},
      {"ubuntu:22.04", "ubuntu", true},
      {"ubuntu:22.04", "debian", true},
      {"rhel:9", "redhat", true},
      {"rhel:9", "fedora", false},
      {"rhel:7", "centos", true},
      {"rocky:9", "fedora", false},
      {"fedora:40", "fedora", true},
      {"sles:15.5", "opensuse", false},
      {"opensuse-leap:15.5", "suse", true},
      {"amzn:2", "amazon", true},
      {"pypi", "anybody", true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name_space);
    CAPTURE(each.vendor);
    REQUIRE(find_family(each.name_space) != nullptr);
    CHECK(is_own_vendor(*find_family(each.name_space), each.vendor) == each.own);
  }
  CHECK(is_own_feed(*find_family("debian:12"), "debian"));
  CHECK(!is_own_feed(*find_family("debian:12"), "osv"));
  CHECK(!is_own_feed(*find_family("pypi"), ""));
  CHECK(!lists_fixes_only(*find_family("debian:12"), "debian"));
  CHECK(lists_fixes_only(*find_family("alpine:v3.19"), "alpine"));
  CHECK(lists_fixes_only(*find_family("rhel:9"), "osv"));
  CHECK(!lists_fixes_only(*find_family("rhel:9"), "redhat"));
}

}  // namespace eclair::match
