// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/reference.h"

#include <doctest/doctest.h>

using namespace eclair;
using namespace eclair::image;

namespace reference_test_detail {
const std::string kHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kSha = "@sha256:" + kHex;
}  // namespace reference_test_detail

using namespace reference_test_detail;

TEST_CASE("a name is completed as Docker does it") {
  const struct {
    std::string typed, text, familiar;
  } cases[] = {
      {"alpine", "docker.io/library/alpine:latest", "alpine:latest"},
      {"alpine:3.19", "docker.io/library/alpine:3.19", "alpine:3.19"},
      {"bitnami/redis:7", "docker.io/bitnami/redis:7", "bitnami/redis:7"},
      {"index.docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
      {"docker.io/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
      {"docker.io/library/alpine", "docker.io/library/alpine:latest", "alpine:latest"},
      {"docker.io/a/b/c", "docker.io/a/b/c:latest", "a/b/c:latest"},
      {"docker.io/x.y/b", "docker.io/x.y/b:latest", "docker.io/x.y/b:latest"},
      {"docker.io/localhost/b", "docker.io/localhost/b:latest", "docker.io/localhost/b:latest"},
      {"ghcr.io/a/b", "ghcr.io/a/b:latest", "ghcr.io/a/b:latest"},
      {"ghcr.io/a", "ghcr.io/a:latest", "ghcr.io/a:latest"},
      {"localhost/a", "localhost/a:latest", "localhost/a:latest"},
      {"localhost:5000/a:1", "localhost:5000/a:1", "localhost:5000/a:1"},
      {"localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"},
      {"myreg/a", "docker.io/myreg/a:latest", "myreg/a:latest"},
      {"myreg:5000/a", "myreg:5000/a:latest", "myreg:5000/a:latest"},
      {"MYREG/a", "MYREG/a:latest", "MYREG/a:latest"},
      {"example.com", "docker.io/library/example.com:latest", "example.com:latest"},
      {"[::1]:5000/a/b:1", "[::1]:5000/a/b:1", "[::1]:5000/a/b:1"},
      {"[2001:db8::1]/a", "[2001:db8::1]/a:latest", "[2001:db8::1]/a:latest"},
      {"10.0.0.1:443/a", "10.0.0.1:443/a:latest", "10.0.0.1:443/a:latest"},
      {"a:1" + kSha, "docker.io/library/a:1" + kSha, "a:1"},
      {"a" + kSha, "docker.io/library/a" + kSha, "a" + kSha},
      {"a.b/c_d/e__f/g---h/i.j:T_.-9", "a.b/c_d/e__f/g---h/i.j:T_.-9", "a.b/c_d/e__f/g---h/i.j:T_.-9"},
      {"a:" + std::string(128, 'x'), "docker.io/library/a:" + std::string(128, 'x'), "a:" + std::string(128, 'x')},
      {"r.io/" + std::string(255, 'p'), "r.io/" + std::string(255, 'p') + ":latest", "r.io/" + std::string(255, 'p') + ":latest"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.typed);
    const auto got = parse_reference(c.typed);
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(got->text() == c.text);
    CHECK(got->familiar() == c.familiar);
    const auto again = parse_reference(got->text());  // the full form means the same
    REQUIRE(again.has_value());
    CHECK(again->text() == c.text);
  }
}

TEST_CASE("a digest decides, and the API of Docker Hub has a host of its own") {
  const auto both = parse_reference("a:1" + kSha);
  REQUIRE(both.has_value());
  CHECK(both->version() == "sha256:" + kHex);
  CHECK(both->tag == "1");
  CHECK(both->api_host() == "registry-1.docker.io");
  CHECK(parse_reference("ghcr.io/a/b")->api_host() == "ghcr.io");
  CHECK(parse_reference("ghcr.io/a/b:3")->version() == "3");
}

TEST_CASE("names that are none are refused, saying why") {
  const struct {
    std::string typed, says;
  } cases[] = {
      {"", "empty"},
      {"Alpine", "must be lower case"},
      {"ghcr.io/A/b", "must be lower case"},
      {"a/B:X", "must be lower case"},
      {kHex, "image id"},
      {"https://ghcr.io/a/b", "URL"},
      {"a:", "tag"},
      {"a:b:c", "tag"},
      {"a:-x", "tag"},
      {"a:.x", "tag"},
      {"a:" + std::string(129, 'x'), "tag"},
      {"a@", "digest"},
      {"a@sha256:abc", "digest"},
      {"a@md5:d41d8cd98f00b204e9800998ecf8427e", "md5"},
      {"a@sha256:" + std::string(64, 'A'), "digest"},
      {kSha, "empty"},
      {"a/", "empty"},
      {"/a", "empty"},
      {"a//b", "empty"},
      {"a b", "malformed"},
      {"a..b", "malformed"},
      {"a___b", "malformed"},
      {"-a", "malformed"},
      {"a-", "malformed"},
      {"a/../b", "malformed"},
      {"../a", "host name"},
      {"a_b.c/d", "host name"},
      {"a.b:99999/d", "host name"},
      {"a.b:/d", "host name"},
      {"a.b:x/d", "host name"},
      {"[::1/a", "host name"},
      {"[]/a", "malformed"},
      {"a\nb", "malformed"},
      {"r.io/" + std::string(256, 'p'), "255"},
      {"r." + std::string(252, 'h') + "/a", "host name"},
      {"[" + std::string(253, '1') + "]:5000/a", "host name"},
      {"a/" + std::string(3000, 'p'), "1024"},
      {std::string(250, 'p'), "255"},  // "library/" counts
  };
  for (const auto& c : cases) {
    CAPTURE(c.typed);
    const auto got = parse_reference(c.typed);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
    CHECK_MESSAGE(got.error().text.find(c.says) != std::string::npos, got.error().text);
    CHECK(got.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("the longest name is still one when it is written out in full") {
  const std::string host = "r." + std::string(251, 'h') + ":65535/", tag = ":" + std::string(128, 't');
  for (const std::string& typed : {host + std::string(255, 'p'), host + std::string(255, 'p') + tag, host + std::string(255, 'p') + tag + "@sha512:" + kHex + kHex,
                                   "[" + std::string(252, '1') + "]:65535/" + std::string(255, 'p'), std::string(247, 'p')}) {
    CAPTURE(typed);
    const auto got = parse_reference(typed);
    REQUIRE_MESSAGE(got.has_value(), got.error().text);
    const auto again = parse_reference(got->text());
    REQUIRE_MESSAGE(again.has_value(), again.error().text);
    CHECK(again->text() == got->text());
  }
}

TEST_CASE("the hint has what to type instead") {
  CHECK(parse_reference("Alpine").error().hint == "eclair scan alpine");
  CHECK(parse_reference("Ghcr.io/Acme/API:V1").error().hint == "eclair scan Ghcr.io/acme/api:V1");
  CHECK(parse_reference("a/B" + kSha).error().hint == "eclair scan a/b" + kSha);
  CHECK(parse_reference("https://ghcr.io/a").error().hint == "eclair scan ghcr.io/a");
}

TEST_CASE("a name without a slash that was meant as a host can be explained") {
  CHECK(parse_reference("localhost:5000")->looks_like_host());
  CHECK(parse_reference("example.com")->looks_like_host());
  CHECK_FALSE(parse_reference("alpine:3.19")->looks_like_host());
  CHECK_FALSE(parse_reference("example.com/a")->looks_like_host());
}
