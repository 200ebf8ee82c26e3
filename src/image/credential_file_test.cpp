// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/credential_file.h"

#include <doctest/doctest.h>

#include <string>

#include "image/reference.h"

namespace eclair::image {

TEST_CASE("a login is added to what is there, and taken out again") {
  const std::string before = R"({"HttpHeaders":{"User-Agent":"x"},"auths":{"quay.io":{"auth":"YTpi"},"https://ghcr.io/v2/":{"auth":"b2xk"},"ghcr.io/acme":{"auth":"YzpkOmU="}},"psFormat":"a\tb","n":1.5,"big":7})";
  const auto with = with_login(before, "ghcr.io", "me", "pa:ss");
  REQUIRE(with);
  const auto of = [](const std::string& json, const char* name) {
    const auto found = parse_credentials(json, *parse_reference(name));
    return found ? found->username + " " + found->password : found.error().text;
  };
  CHECK(of(*with, "ghcr.io/x/y") == "me pa:ss");
  CHECK(of(*with, "ghcr.io/acme/y") == "c d:e");
  CHECK(of(*with, "quay.io/x") == "a b");
  for (const char* const kept : {"\"User-Agent\": \"x\"", "\"psFormat\": \"a\\tb\"", "\"n\": 1.5", "\"big\": 7"}) CHECK(with->find(kept) != std::string::npos);
  CHECK(with->find("b2xk") == std::string::npos);
  bool had = false;
  const auto without = without_login(*with, "ghcr.io", had);
  REQUIRE(without);
  CHECK(had);
  CHECK(of(*without, "ghcr.io/x/y") == " ");
  CHECK(of(*without, "ghcr.io/acme/y") == "c d:e");
  had = false;
  CHECK(without_login(*without, "ghcr.io", had));
  CHECK(!had);
}

TEST_CASE("a new file, Docker Hub's key, and what is no such file") {
  const auto hub = with_login("", "docker.io", "me", "x");
  REQUIRE(hub);
  CHECK(hub->find("\"https://index.docker.io/v1/\"") != std::string::npos);
  bool had = false;
  CHECK(without_login(R"({"auths":{"https://index.docker.io/v1/":{}}})", "docker.io", had)->find("index.docker.io") == std::string::npos);
  CHECK(had);
  CHECK(without_login("", "x.io", had));
  CHECK(!with_login("[]", "x.io", "a", "b"));
  CHECK(!with_login("{", "x.io", "a", "b"));
  CHECK(helper_of(R"({"credsStore":"desktop"})", "x.io").value() == "desktop");
  CHECK(helper_of("", "x.io").value().empty());
  const Environment none = [](const char*) { return std::string(); };
  CHECK(!credential_file(none));
}

}  // namespace eclair::image
