// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/classic_names.h"

#include <doctest/doctest.h>

#include <utility>

using namespace eclair;

TEST_CASE("namespaces are spelled as Clair spells them, and back") {
  const std::pair<const char*, const char*> kPairs[] = {
      {"debian:8", "debian:8"},   {"debian:unstable", "debian:unstable"}, {"ubuntu:22.04", "ubuntu:22.04"}, {"alpine:v3.19", "alpine:v3.19"},
      {"rhel:7", "centos:7"},     {"ol:8", "oracle:8"},                   {"amzn:1", "amzn:2018.03"},       {"amzn:2", "amzn:2"},
      {"amzn:2023", "amzn:2023"}, {"rocky:9", "rocky:9"},                 {"opensuse-leap:15.5", "opensuse-leap:15.5"},
      {"my:own", "my:own"},       {"client:cve", "cve"},                  {"", ""},
  };
  for (const auto& pair : kPairs) {
    const char *const ours = pair.first, *const classic = pair.second;
    CAPTURE(ours);
    CHECK(match::classic_name_space(ours) == classic);
    CHECK(match::our_name_space(classic) == ours);
  }
  // Red Hat's own spelling means the same; a name that is only a prefix is a client's own.
  CHECK(match::our_name_space("rhel:7") == "rhel:7");
  CHECK(match::our_name_space("centos:") == "centos:");
  CHECK(match::our_name_space("centos7") == "centos7");
}

TEST_CASE("namespaces without packages are not shown") {
  CHECK_FALSE(match::has_classic_name("cve"));
  CHECK_FALSE(match::has_classic_name("redhat-repositories"));
  CHECK_FALSE(match::has_classic_name(""));
  CHECK(match::has_classic_name("debian:8"));
  CHECK(match::has_classic_name("client:cve"));
}

TEST_CASE("the version format of a namespace, known or a client's own") {
  const std::pair<const char*, const char*> kFormats[] = {
      {"debian:8", "dpkg"}, {"ubuntu:22.04", "dpkg"}, {"alpine:v3.19", "dpkg"}, {"wolfi", "dpkg"},    {"centos:7", "rpm"},
      {"oracle:8", "rpm"},  {"amzn:2", "rpm"},        {"fedora:40", "rpm"},     {"rhel:9", "rpm"},    {"scientific:7", "rpm"},
      {"pypi", "pep440"},   {"arch", "pacman"},       {"my:own", "dpkg"},       {"centos-my", "rpm"}, {"", "dpkg"},
  };
  for (const auto& pair : kFormats) {
    const char *const name = pair.first, *const format = pair.second;
    CAPTURE(name);
    CHECK(match::classic_version_format(name) == format);
  }
}
