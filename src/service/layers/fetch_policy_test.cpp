// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "service/layers/fetch_policy.h"
#include "service/layers/layer_fetch.h"

using namespace eclair;
using namespace eclair::service;

TEST_CASE("fetch policy: never link-local addresses nor those where clouds tell secrets, however they are written") {
  const FetchPolicy any;
  for (const char* address : {"169.254.169.254", "::ffff:169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "not an address"}) {
    CAPTURE(address);
    CHECK_FALSE(any.may_connect("example.com", address));
  }
  for (const char* address : {"127.0.0.1", "10.0.0.1", "192.0.2.1", "2001:db8::1", "::1"}) {
    CAPTURE(address);
    CHECK(any.may_connect("example.com", address));
  }
}

TEST_CASE("fetch policy: deny goes before allow, and with an allow list nothing else is fetched") {
  const auto policy = FetchPolicy::make({"*.example.com", "10.0.0.0/8", "169.254.7.0/24"}, {"bad.example.com", "10.1.0.0/16"});
  REQUIRE(policy);
  CHECK(policy->may_connect("Registry.Example.com", "192.0.2.1"));
  CHECK(policy->may_connect("other.org", "10.2.3.4"));
  CHECK(policy->may_connect("other.org", "169.254.7.9"));  // allowed by its range alone
  CHECK_FALSE(policy->may_connect("registry.example.com", "169.254.169.254"));
  CHECK_FALSE(policy->may_connect("bad.example.com", "192.0.2.1"));
  CHECK_FALSE(policy->may_connect("registry.example.com", "10.1.0.1"));
  CHECK_FALSE(policy->may_connect("other.org", "192.0.2.1"));
}

TEST_CASE("fetch policy: what is no range is named") {
  for (const char* entry : {"10.0.0.0/33", "1.2.3", "fe80::/200", "::1/x", "300.0.0.1"}) {
    CAPTURE(entry);
    const auto made = FetchPolicy::make({}, {entry});
    REQUIRE_FALSE(made);
    CHECK(made.error().text.find(entry) != std::string::npos);
  }
}

TEST_CASE("repositories: globs, deny before allow") {
  RepositoryPolicy policy{{"registry.example.com/**"}, {"**/secret", "**/secret/**"}};
  CHECK(policy.accepts("registry.example.com/team/app"));
  CHECK_FALSE(policy.accepts("registry.example.com/team/secret"));
  CHECK_FALSE(policy.accepts("other.example.com/team/app"));
  CHECK(RepositoryPolicy{}.accepts("anything/at:all"));
}

TEST_CASE("layer fetch: what a path says of itself") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  CHECK(LayerFetch::named_digest("https://r/v2/app/blobs/" + digest).text == digest);
  CHECK(LayerFetch::named_digest("https://r/v2/app/blobs/" + digest + "?token=1").text == digest);
  CHECK(LayerFetch::named_digest("https://r/v2/app/blobs/sha256:abc").empty());
  FetchSettings settings;
  settings.repositories.deny = {"r.example.com:5000/team/**"};
  const LayerFetch fetch(settings);
  LayerPost layer;
  layer.path = "https://r.example.com:5000/v2/team/app/blobs/" + digest;
  REQUIRE(fetch.refuse(layer));
  CHECK(fetch.refuse(layer)->problem == PostProblem::refused);
  layer.path = "https://r.example.com:5000/v2/other/app/blobs/" + digest;
  CHECK_FALSE(fetch.refuse(layer));
  layer.path = "/etc/passwd";
  CHECK(fetch.refuse(layer)->problem == PostProblem::unreachable);
}
