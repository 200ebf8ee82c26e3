// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What SUSE's feed asks for; what it reads is in tests/cases/feeds/suse.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "feeds/feed.h"
#include "support/fake_lookup.h"

using namespace eclair;

namespace suse_test_detail {

const std::string kBase = "https://ftp.suse.com/pub/projects/security/oval/";

std::string listing(const std::vector<std::string>& files) {
  std::string out = "<html><a href=\"../\">../</a><a href=\"README\">README</a>";
  for (const std::string& file : files) out += "<a href=\"" + file + "\">" + file + "</a>";
  return out;
}

std::vector<std::string> asked_for(support::FakeLookup& look) {
  const auto got = feeds::find_feed("suse")->portions(look);
  REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
  std::vector<std::string> out;
  for (const feeds::Portion& one : *got) {
    REQUIRE(one.documents.size() == 1);
    CHECK(one.documents[0].url.substr(0, kBase.size()) == kBase);
    out.push_back(one.name + " " + one.documents[0].url.substr(kBase.size()));
  }
  return out;
}

}  // namespace suse_test_detail
using namespace suse_test_detail;
using Strings = std::vector<std::string>;

TEST_CASE("suse: a document for each service pack, of all that is known where there is one") {
  support::FakeLookup look;
  look.pages[kBase] = listing(
      {"opensuse.leap.15.2.xml", "opensuse.leap.15.2.xml.gz", "opensuse.leap.15.6-affected.xml.gz", "opensuse.leap.15.6.xml.gz",
       "opensuse.tumbleweed.xml.gz", "suse.linux.enterprise.15-sp5-affected.xml.bz2", "suse.linux.enterprise.15-sp5.xml.gz",
       "suse.linux.enterprise.15-affected.xml.gz", "suse.linux.enterprise.16.0-affected.xml.gz", "suse.linux.enterprise.16-affected.xml.gz",
       "suse.linux.enterprise.micro.5-affected.xml.gz", "suse.linux.enterprise.micro.5.5-affected.xml.gz",
       "suse.linux.micro.6.0-affected.xml.gz", "suse.linux.enterprise.server.11.xml.gz", "suse.manager.4.3.xml.gz"});
  CHECK(asked_for(look) ==
        Strings{"opensuse-leap:15.2 opensuse.leap.15.2.xml.gz", "opensuse-leap:15.6 opensuse.leap.15.6-affected.xml.gz",
                "opensuse-tumbleweed opensuse.tumbleweed.xml.gz", "sle-micro:5.5 suse.linux.enterprise.micro.5.5-affected.xml.gz",
                "sle-micro:6.0 suse.linux.micro.6.0-affected.xml.gz", "sles:15 suse.linux.enterprise.15-affected.xml.gz",
                "sles:15.5 suse.linux.enterprise.15-sp5-affected.xml.bz2", "sles:16.0 suse.linux.enterprise.16.0-affected.xml.gz"});
  look.wanted_spaces = {"sles:15.5", "opensuse-leap:42.3"};
  CHECK(asked_for(look) == Strings{"sles:15.5 suse.linux.enterprise.15-sp5-affected.xml.bz2"});
  look.wanted_spaces = {"sles:15.7"};
  CHECK(asked_for(look) == Strings{"sles:15.7 suse.linux.enterprise.15-affected.xml.gz"});
}

TEST_CASE("suse: a listing that is none is an error") {
  support::FakeLookup look;
  CHECK_FALSE(feeds::find_feed("suse")->portions(look).has_value());
  look.pages[kBase] = "<html>maintenance</html>";
  const auto got = feeds::find_feed("suse")->portions(look);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::invalid_input);
}
