// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What the feed of Azure Linux asks for; what it reads is in tests/cases/feeds/azure.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "feeds/feed.h"
#include "support/fake_lookup.h"

using namespace eclair;

TEST_CASE("azure: one document a release, without asking for an index") {
  support::FakeLookup look;
  const auto all = feeds::find_feed("azure")->portions(look);
  REQUIRE(all.has_value());
  std::vector<std::string> got;
  for (const feeds::Portion& one : *all) {
    REQUIRE(one.documents.size() == 1);
    got.push_back(one.name + " " + one.documents[0].url);
  }
  const std::string base = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main/";
  CHECK(got == std::vector<std::string>{"azurelinux:3.0 " + base + "azurelinux-3.0-oval.xml", "mariner:1.0 " + base + "cbl-mariner-1.0-oval.xml",
                                        "mariner:2.0 " + base + "cbl-mariner-2.0-oval.xml"});
  CHECK(look.asked.empty());
  look.wanted_spaces = {"mariner:2.0"};
  const auto two = feeds::find_feed("azure")->portions(look);
  REQUIRE(two.has_value());
  REQUIRE(two->size() == 1);
  CHECK(two->front().name == "mariner:2.0");
}
