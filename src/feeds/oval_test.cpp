// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What criteria mean, on documents made by hand. What publishers write is in tests/cases/feeds: azure, oracle, suse.
#include "feeds/oval.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace eclair::feeds::oval {
namespace oval_test_detail {

std::string test(const std::string& id, const std::string& object, const std::string& state) {
  return "<rpminfo_test id=\"" + id + "\"><object object_ref=\"" + object + "\"/><state state_ref=\"" + state + "\"/></rpminfo_test>";
}
std::string object(const std::string& id, const std::string& name) { return "<rpminfo_object id=\"" + id + "\"><name>" + name + "</name></rpminfo_object>"; }
std::string state(const std::string& id, const std::string& evr) {
  return "<rpminfo_state id=\"" + id + "\"><evr operation=\"less than\">" + evr + "</evr></rpminfo_state>";
}
std::string criterion(const std::string& id, const std::string& comment, const std::string& more = {}) {
  return "<criterion test_ref=\"" + id + "\" comment=\"" + comment + "\" " + more + "/>";
}

struct Parts {
  std::string criteria, tests, objects, states;
};

/// The claims of a document's only definition, "package < version [product, ...]", one a line.
std::string claims_of(const Parts& parts) {
  const std::string document = "<oval_definitions><definitions><definition class=\"vulnerability\" id=\"d:1\"><metadata><title>t</title></metadata>" + parts.criteria +
                               "</definition></definitions><tests>" + parts.tests + "</tests><objects>" + parts.objects + "</objects><states>" + parts.states +
                               "</states></oval_definitions>";
  const MemorySource bytes(document);
  std::string out;
  const auto done = read(bytes, Limits{}, Cancel{}, [&](Definition& one) -> Result<> {
    for (const Claim& claim : one.claims) {
      out += claim.package + " < " + claim.below + " [";
      for (const std::string& product : one.contexts.at(claim.context).products) out += product + ",";
      out += "]\n";
    }
    for (const std::string& fault : one.faults) out += "fault: " + fault + "\n";
    return {};
  });
  REQUIRE_MESSAGE(done, done.error().text);
  return out;
}

}  // namespace oval_test_detail
using namespace oval_test_detail;

TEST_CASE("oval: of two tests, objects or states of one id the first counts") {
  const Parts good{"<criteria>" + criterion("t", "a is earlier than 1-1") + "</criteria>", test("t", "o", "s"), object("o", "a"), state("s", "1-1")};
  CHECK(claims_of(good) == "a < 1-1 []\n");
  Parts twice = good;
  twice.tests += test("t", "o2", "s2");
  twice.objects += object("o", "b") + object("o2", "c");
  twice.states += state("s", "2-2") + state("s2", "3-3");
  CHECK(claims_of(twice) == "a < 1-1 []\n");
}

TEST_CASE("oval: what must not be installed demands nothing, and no package is found by it") {
  const std::string claim = criterion("t", "a is earlier than 1-1"), product = "SUSE Linux Enterprise Server 15 is installed";
  const auto claims = [&](const std::string& criteria) { return claims_of({criteria, test("t", "o", "s"), object("o", "a"), state("s", "1-1")}); };
  CHECK(claims("<criteria operator=\"AND\">" + criterion("p", product) + claim + "</criteria>") == "a < 1-1 [SUSE Linux Enterprise Server 15,]\n");
  CHECK(claims("<criteria operator=\"AND\">" + criterion("p", product, "negate=\"true\"") + claim + "</criteria>") == "a < 1-1 []\n");
  CHECK(claims("<criteria operator=\"AND\"><criteria negate=\"true\">" + criterion("p", product) + "</criteria>" + claim + "</criteria>") == "a < 1-1 []\n");
  CHECK(claims("<criteria>" + criterion("t", "a is earlier than 1-1", "negate=\"true\"") + "</criteria>") == "");
  CHECK(claims("<criteria negate=\"true\">" + claim + "</criteria>") == "");
}

}  // namespace eclair::feeds::oval
