// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What Amazon's feed asks for; what it reads is in tests/cases/feeds/amazon.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "feeds/feed.h"
#include "support/fake_lookup.h"

using namespace eclair;

namespace amazon_test_detail {

const std::string kCore = "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list";
const std::string kCatalogue = "https://cdn.amazonlinux.com/2/extras-catalog.json";
const std::string kOld = "http://repo.us-west-2.amazonaws.com/2018.03/updates/x86_64/mirror.list";
const std::string kNew = "https://cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64/mirror.list";

std::string extra(const std::string& topic) { return "https://cdn.amazonlinux.com/2/extras/" + topic + "/latest/x86_64/mirror.list"; }

std::string repomd(const std::string& file) {
  return R"(<?xml version="1.0"?><repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary"><location href="no"/></data>
    <data type="updateinfo"><checksum type="sha256">abc</checksum><open-checksum type="sha256">def</open-checksum>
    <location href="repodata/)" + file + R"("/><size>77</size><open-size>99</open-size></data></repomd>)";
}

std::vector<std::string> urls(const feeds::Portion& portion) {
  std::vector<std::string> out;
  for (const feeds::Document& one : portion.documents) out.push_back(one.url);
  return out;
}

const feeds::Feed& feed() { return *feeds::find_feed("amazon"); }

}  // namespace amazon_test_detail
using namespace amazon_test_detail;
using Strings = std::vector<std::string>;

TEST_CASE("amazon: mirror list, repomd, updateinfo with its digest and size; extras of all topics") {
  support::FakeLookup look;
  look.wanted_spaces = {"amzn:2"};
  look.pages[kCore] = "\n  https://m1.example/2/$basearch/guid/ \nhttps://m2.example/x\n";
  look.pages["https://m1.example/2/x86_64/guid/repodata/repomd.xml"] = repomd("abc-updateinfo.xml.gz");
  look.pages[kCatalogue] = R"({"topics":[{"n":"nginx1"},{"n":"docker"},{"n":"none"},{"n":"gone"},{"n":"../../x"},{"n":""},{"x":1},7]})";
  look.pages[extra("nginx1")] = "https://m3.example/nginx1";
  look.pages["https://m3.example/nginx1/repodata/repomd.xml"] = repomd("updateinfo.xml.gz");
  look.pages[extra("docker")] = "https://m3.example/docker";
  look.pages["https://m3.example/docker/repodata/repomd.xml"] = repomd("updateinfo.xml.xz");
  look.pages[extra("none")] = "https://m3.example/none";
  look.pages["https://m3.example/none/repodata/repomd.xml"] = "<repomd/>";
  const auto portions = feed().portions(look);
  REQUIRE_MESSAGE(portions.has_value(), (portions ? "" : portions.error().text));
  REQUIRE(portions->size() == 1);
  const feeds::Portion& two = portions->front();
  CHECK(two.name == "2");
  CHECK(urls(two) == Strings{"https://m1.example/2/x86_64/guid/repodata/abc-updateinfo.xml.gz", "https://m3.example/docker/repodata/updateinfo.xml.xz",
                             "https://m3.example/nginx1/repodata/updateinfo.xml.gz"});
  for (const feeds::Document& one : two.documents) {
    CHECK(one.digest == "sha256:abc");
    CHECK(one.content_digest.empty());
    CHECK(one.bytes == 77);
  }
  for (const std::string& url : look.asked) CHECK_MESSAGE(url.find("..") == std::string::npos, url);
}

TEST_CASE("amazon: another mirror answers for one that does not; a broken index is an error") {
  support::FakeLookup look;
  look.wanted_spaces = {"amzn:2023"};
  look.pages[kNew] = "https://m1.example/a\nhttps://m2.example/b\n";
  look.broken["https://m1.example/a/repodata/repomd.xml"] = Errc::unavailable;
  look.pages["https://m2.example/b/repodata/repomd.xml"] = repomd("u.xml.gz");
  const auto portions = feed().portions(look);
  REQUIRE_MESSAGE(portions.has_value(), (portions ? "" : portions.error().text));
  REQUIRE(portions->size() == 1);
  CHECK(urls(portions->front()) == Strings{"https://m2.example/b/repodata/u.xml.gz"});

  const auto refused = [&](Errc code) {
    const auto got = feed().portions(look);
    REQUIRE_FALSE(got.has_value());
    CHECK_MESSAGE(got.error().code == code, got.error().text);
  };
  look.broken["https://m2.example/b/repodata/repomd.xml"] = Errc::unavailable;
  refused(Errc::unavailable);
  look.broken["https://m1.example/a/repodata/repomd.xml"] = Errc::cancelled;
  refused(Errc::cancelled);
  look.broken.clear();
  look.pages["https://m1.example/a/repodata/repomd.xml"] = "<html>maintenance</html>";
  refused(Errc::invalid_input);
  look.pages["https://m1.example/a/repodata/repomd.xml"] = "<repomd><data type='updateinfo'>";
  refused(Errc::invalid_input);
  look.pages[kNew] = "<html/>";
  refused(Errc::invalid_input);
  look.pages.erase(kNew);
  refused(Errc::not_found);
}

TEST_CASE("amazon: releases that are gone are passed over, and only what is wanted is asked for") {
  support::FakeLookup look;
  look.pages[kOld] = "http://m.example/1";
  look.pages["http://m.example/1/repodata/repomd.xml"] = repomd("u.xml.gz");
  look.pages[kCore] = look.pages[kNew] = "http://m.example/1";
  look.pages[kCatalogue] = R"({"topics":[]})";
  const auto all = feed().portions(look);
  REQUIRE_MESSAGE(all.has_value(), (all ? "" : all.error().text));
  Strings names;
  for (const feeds::Portion& one : *all) names.push_back(one.name);
  CHECK(names == Strings{"1", "2", "2023"});  // no list of 2022 any more

  look.asked.clear();
  look.wanted_spaces = {"amzn:1"};
  REQUIRE(feed().portions(look).has_value());
  CHECK(look.asked == Strings{kOld, "http://m.example/1/repodata/repomd.xml"});

  look.wanted_spaces = {"amzn:2"};
  for (const char* catalogue : {"", "[]", R"({"topics":{}})", "<html/>"}) {
    CAPTURE(catalogue);
    look.pages[kCatalogue] = catalogue;
    const auto got = feed().portions(look);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
  }
}
