// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/access.h"

#include <doctest/doctest.h>

#include <fstream>

#include "net/base64.h"
#include "support/folder.h"
#include "util/digest.h"

namespace eclair::service {
namespace access_test_detail {

Request with(std::string name, std::string value) {
  Request request;
  request.headers.emplace_back(std::move(name), std::move(value));
  return request;
}

std::string name_of(const std::optional<Identity>& who) { return who ? who->name : "nobody"; }

}  // namespace access_test_detail
using namespace access_test_detail;

TEST_CASE("a key may be shown in three ways") {
  auto rules = parse_access_rules("# comment\n\nname=ci role=write sha256=" + std::string(sha256("secret").hex()) + " prefix=team/ prefix=base/\n" +
                                      "role=read certificate=monitor\n",
                                  "keys");
  REQUIRE(rules);
  const Access access(std::move(*rules), true);
  CHECK_FALSE(access.open());
  CHECK(name_of(access.who(with("x-api-key", "secret"), {})) == "ci");
  CHECK(name_of(access.who(with("authorization", "Bearer secret"), {})) == "ci");
  CHECK(name_of(access.who(with("authorization", "bearer  secret"), {})) == "ci");
  CHECK(name_of(access.who(with("authorization", "Basic " + net::base64_encode("anybody:secret")), {})) == "ci");
  for (const std::string_view wrong : {"Bearer secre", "Bearer ", "Bearer", "Basic c2VjcmV0", "Basic ???", "Digest secret", "secret"}) {
    CAPTURE(wrong);
    CHECK(name_of(access.who(with("authorization", std::string(wrong)), {})) == "nobody");
  }
  CHECK(name_of(access.who({}, {})) == "nobody");
  CHECK(name_of(access.who({}, "monitor")) == "monitor");
  CHECK(name_of(access.who({}, "somebody")) == "nobody");
  const auto who = access.who(with("x-api-key", "secret"), "monitor");
  REQUIRE(who);
  CHECK(who->role == Role::write);
  CHECK(who->may_use("team/x"));
  CHECK(who->may_use("base/"));
  CHECK_FALSE(who->may_use("other/x"));
}

TEST_CASE("without rules: everybody, or every verified client") {
  CHECK(Access({}, false).open());
  CHECK(Access({}, false).who({}, {})->role == Role::admin);
  const Access verified({}, true);
  CHECK(name_of(verified.who({}, {})) == "nobody");
  CHECK(verified.who({}, "node")->role == Role::admin);
  // A rule for a certificate has no key, and no key is one.
  auto rules = parse_access_rules("role=admin certificate=a", "keys");
  const std::string no_bytes;
  CHECK(name_of(Access(std::move(*rules), true).who(with("x-api-key", no_bytes), {})) == "nobody");
}

TEST_CASE("a key may lie in a file") {
  const test::Folder folder;
  std::ofstream(folder.path + "/key") << "  hidden\n";
  std::ofstream(folder.path + "/empty") << "\n";
  auto rule = parse_access_rule("name=a role=admin file=" + folder.path + "/key");
  REQUIRE(rule);
  CHECK(Access({*rule}, false).who(with("x-api-key", "hidden"), {}));
  CHECK_FALSE(parse_access_rule("name=a role=admin file=" + folder.path + "/empty"));
  CHECK_FALSE(parse_access_rule("name=a role=admin file=" + folder.path + "/absent"));
}

TEST_CASE("what is no rule is refused, and never shown") {
  const std::string hex(64, 'a');
  for (const std::string& bad : std::initializer_list<std::string>{"name=a", "name=a role=write", "name=a role=owner sha256=" + hex, "role=read sha256=" + hex,
                                 "name=a role=read sha256=topsecret", "name=a role=read topsecret", "name=a role=read key=topsecret",
                                 "name=a role=read sha256=" + hex + " certificate=x"}) {
    CAPTURE(bad);
    const auto rule = parse_access_rule(bad);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().text.find("topsecret") == std::string::npos);
  }
  const auto rules = parse_access_rules("\nname=a\n", "keys");
  REQUIRE_FALSE(rules);
  CHECK(rules.error().text.substr(0, 7) == "keys:2:");
}

}  // namespace eclair::service
