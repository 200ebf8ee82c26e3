// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/policy_file.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair::cli {

TEST_CASE("rules of a policy file, in its forms") {
  for (const char* document : {"version: 1\nrules:\n  - name: nothing exploited\n    fail-on: kev\n  - name: nothing grave\n    fail-on: [\"high,fixable\", \"critical\"]\n",
                               "rules:\n  nothing exploited: kev\n  nothing grave:\n    - high,fixable\n    - critical\n"}) {
    CAPTURE(document);
    const auto rules = read_policy(document, "p.yaml");
    REQUIRE(rules);
    REQUIRE(rules->size() == 3);
    CHECK((*rules)[0].name == "nothing exploited");
    CHECK((*rules)[0].text == "kev");
    CHECK((*rules)[1].text == "high,fixable");
    CHECK((*rules)[2].name == "nothing grave");
    CHECK((*rules)[2].place.substr(0, 7) == "p.yaml:");
  }
  const auto bare = read_policy("rules: [high, kev]\n", "p.yaml");
  REQUIRE(bare);
  CHECK((*bare)[1].name.empty());
  CHECK((*bare)[1].place == "p.yaml:1");
}

TEST_CASE("what is wrong with a policy file is told with its place and the rule") {
  struct {
    std::string document, want;
  } const kCases[] = {
      {"", "p:1:1: not a policy file: no \"rules:\""},
      {"rule: [high]\n", "p:1:1: not a policy file: no \"rules:\""},
      {"rules: [high]\nversoin: 1\n", "p:2:1: unknown key versoin; did you mean version?"},
      {"rules: [high]\nversion: 3\n", "p:2: version 3 of the policy file; this program knows 1"},
      {"rules:\n  - name: x\n    fail-no: kev\n", "p:2:5: a rule needs \"fail-on\""},
      {"rules:\n  - name: no grave\n    fail-on: av:netwrk\n", "p:3:14: rule \"no grave\": av:netwrk: not av:network, av:adjacent, av:local or av:physical; did you mean network?"},
      {"rules:\n  - name: x\n    fail-on: {a: b}\n", "p:3:14: a rule needs an expression such as high,fixable"},
      {"rules: [\n", "p:2:1: not YAML: end of sequence flow not found"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.document);
    const auto got = read_policy(one.document, "p");
    REQUIRE_FALSE(got);
    CHECK(got.error().text.substr(0, one.want.size()) == one.want);
  }
}

}  // namespace eclair::cli
