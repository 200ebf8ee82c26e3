// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "feeds/feed.h"
#include "feeds/redhat_products.h"
#include "support/fake_lookup.h"

using namespace eclair;
using namespace eclair::feeds;

namespace redhat_test_detail {

using Strings = std::vector<std::string>;
const std::string kBase = "https://security.access.redhat.com/data/csaf/v2/vex/";

/// A source with an archive of 2025-08-31 and three changes, of which two are newer.
support::FakeLookup source() {
  support::FakeLookup look;
  look.pages[kBase + "archive_latest.txt"] = "csaf_vex_2025-08-31.tar.zst\n";
  look.pages[kBase + "changes.csv"] =
      "\"2024/cve-2024-0003.json\",\"2025-09-03T00:00:00+00:00\"\n"
      "\"2024/cve-2024-0002.json\",\"2025-08-30T20:00:00+00:00\"\n"
      "\"2024/cve-2024-0001.json\",\"2025-08-30T17:59:59+00:00\"\n";
  look.pages[kBase + "deletions.csv"] = "\"2023/cve-2023-0009.json\",\"2024-01-01T00:00:00+00:00\"\n";
  return look;
}

Strings names(const Portion& portion) {
  Strings out;
  for (const Document& one : portion.documents) out.push_back(one.url);
  return out;
}

Portion vex(support::FakeLookup& look) {
  auto portions = find_feed("redhat-vex")->portions(look);
  REQUIRE_MESSAGE(portions.has_value(), (portions ? "" : portions.error().text));
  REQUIRE(portions->size() == 2);
  CHECK(portions->back().documents.size() == 1);
  CHECK(portions->back().documents[0].url == "https://security.access.redhat.com/data/metrics/repository-to-cpe.json");
  return std::move(portions->front());
}

}  // namespace redhat_test_detail
using namespace redhat_test_detail;

TEST_CASE("redhat-vex: the archive first, with what changed since it was made") {
  support::FakeLookup look = source();
  const Portion first = vex(look);
  CHECK(names(first) == Strings{kBase + "csaf_vex_2025-08-31.tar.zst", kBase + "2024/cve-2024-0002.json", kBase + "2024/cve-2024-0003.json"});
  CHECK_FALSE(first.documents[0].once);
  CHECK(first.documents[1].once);
  CHECK(first.documents[1].optional);
  CHECK(first.documents[1].name == "2024/cve-2024-0002.json");
  REQUIRE(first.withdrawn.size() == 1);
  CHECK(first.withdrawn[0].document == "2023/cve-2023-0009.json");
  CHECK(first.withdrawn[0].record == "CVE-2023-0009");
  CHECK(first.cursor == "1756857600");  // 2025-09-03
}

TEST_CASE("redhat-vex: later only what is newer than the last time") {
  support::FakeLookup look = source();
  look.cursors["vex"] = "1756857600";
  CHECK(vex(look).documents.empty());
  CHECK(vex(look).withdrawn.empty());
  CHECK(vex(look).cursor == "1756857600");
  look.pages[kBase + "changes.csv"].insert(0, "\"2025/cve-2025-0005.json\",\"2025-09-04T00:00:00+00:00\"\n");
  look.pages[kBase + "deletions.csv"].insert(0, "\"2024/cve-2024-0003.json\",\"2025-09-05T00:00:00+00:00\"\n");
  const Portion next = vex(look);
  CHECK(names(next) == Strings{kBase + "2025/cve-2025-0005.json"});
  REQUIRE(next.withdrawn.size() == 1);
  CHECK(next.withdrawn[0].record == "CVE-2024-0003");
  CHECK(next.cursor == "1757030400");  // 2025-09-05
}

TEST_CASE("redhat-vex: a deletion counts when it is newer than the document, and not otherwise") {
  support::FakeLookup look = source();
  look.pages[kBase + "deletions.csv"] =
      "\"2024/cve-2024-0003.json\",\"2025-09-03T00:00:00+00:00\"\n"   // as old as the document: that was told again
      "\"2024/cve-2024-0002.json\",\"2025-09-01T00:00:00+00:00\"\n";  // withdrawn after it was told
  const Portion got = vex(look);
  CHECK(names(got) == Strings{kBase + "csaf_vex_2025-08-31.tar.zst", kBase + "2024/cve-2024-0003.json"});
  REQUIRE(got.withdrawn.size() == 1);
  CHECK(got.withdrawn[0].record == "CVE-2024-0002");
}

TEST_CASE("redhat-vex: after very many changes the archive is read anew") {
  support::FakeLookup look = source();
  look.cursors["vex"] = "1700000000";
  std::string& csv = look.pages[kBase + "changes.csv"];
  for (int i = 0; i < 4000; ++i) csv += "\"2022/cve-2022-" + std::to_string(10000 + i) + ".json\",\"2024-01-01T00:00:00+00:00\"\n";
  const Portion got = vex(look);
  REQUIRE(got.documents.size() == 3);
  CHECK(got.documents[0].url == kBase + "csaf_vex_2025-08-31.tar.zst");
}

TEST_CASE("redhat-vex: lists that are none are errors") {
  const auto refused = [](const std::string& page, const std::string& text, Errc code) {
    CAPTURE(page);
    CAPTURE(text);
    support::FakeLookup look = source();
    if (text.empty()) {
      look.pages.erase(kBase + page);
    } else {
      look.pages[kBase + page] = text;
    }
    const auto got = find_feed("redhat-vex")->portions(look);
    REQUIRE_FALSE(got.has_value());
    CHECK_MESSAGE(got.error().code == code, got.error().text);
  };
  refused("changes.csv", "<html>", Errc::invalid_input);
  refused("changes.csv", "\"2024/cve-2024-1.json\",\"yesterday\"\n", Errc::invalid_input);
  refused("changes.csv", "\"../../../etc/passwd\",\"2025-09-03T00:00:00+00:00\"\n", Errc::invalid_input);
  refused("changes.csv", "\"a?b=https://example.test/\",\"2025-09-03T00:00:00+00:00\"\n", Errc::invalid_input);
  refused("changes.csv", "", Errc::not_found);
  refused("deletions.csv", "", Errc::not_found);
  refused("archive_latest.txt", "", Errc::not_found);
  refused("archive_latest.txt", "latest.tar.zst", Errc::invalid_input);
  refused("archive_latest.txt", "../csaf_vex_2025-08-31.tar.zst", Errc::invalid_input);
}

TEST_CASE("redhat: package URLs") {
  struct Case {
    std::string purl, want;  ///< "name version arch module"; "-": nothing of interest; "!": a fault
  };
  const Case cases[] = {
      {"pkg:rpm/redhat/bash@5.1-9.el9?arch=x86_64", "bash|5.1-9.el9|x86_64|"},
      {"pkg:rpm/redhat/bash@5.1-9.el9?arch=x86_64&epoch=0", "bash|5.1-9.el9|x86_64|"},
      {"pkg:rpm/redhat/bind@9.16-1.el9?epoch=32&arch=nosrc", "bind|32:9.16-1.el9|src|"},
      {"pkg:rpm/redhat/bind@32:9.16-1.el9?epoch=32", "bind|32:9.16-1.el9||"},
      {"pkg:rpm/redhat/redis@6.2-1.module%2Bel8.10.0%2B1%2B2?arch=aarch64&rpmmod=redis:6:8100:4891", "redis|6.2-1.module+el8.10.0+1+2|aarch64|redis:6"},
      {"pkg:rpm/redhat/libstdc%2B%2B?arch=src", "libstdc++||src|"},
      {"pkg:rpm/redhat/firefox-x11?rpmmod=firefox:flatpak", "firefox-x11|||firefox:flatpak"},
      {"pkg:rpm/redhat/a@1%zz?epoch=", "a|1%zz||"},
      {"pkg:rpmmod/redhat/postgresql@12:8100:4891", "-"},
      {"pkg:rpm/redhat/python39@3.9-8100020240826142629.d47b87a4?epoch=0", "-"},
      {"pkg:rpm/suse/bash@5.1", "-"},
      {"pkg:oci/nodejs@sha256%3Aabc?repository_url=registry.redhat.io/ubi9/nodejs&tag=1-96", "-"},
      {"pkg:maven/org.example/a@1?type=jar", "-"},
      {"", "-"},
      {"pkg:rpm/redhat/", "!"},
      {"pkg:rpm/redhat/a%20b@1", "!"},
      {"pkg:rpm/redhat/a@1?epoch=one", "!"},
      {"pkg:rpm/redhat/a@1?rpmmod=rhel10", "!"},
      {"pkg:rpm/redhat/a@1?rpmmod=:x", "!"},
      {"pkg:rpm/redhat/a@1?rpmmod=x:", "!"},
      {"pkg:rpm/redhat/a@1?arch=x%1B", "!"},
      {"pkg:rpmmod/redhat/postgresql", "!"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.purl);
    const RedhatComponent got = redhat_component(each.purl);
    std::string shown = got.name + "|" + got.version + "|" + got.arch + "|" + got.module;
    if (got.kind != RedhatComponent::Kind::package) shown = "-";
    if (!got.fault.empty()) shown = "!";
    CHECK(shown == each.want);
  }
}

TEST_CASE("redhat: a component within a module within a stream within a product; a circle ends") {
  json::Document document;
  const auto tree = document.parse(R"({"branches":[{"product":{"product_id":"P","product_identification_helper":{"cpe":"cpe:/a:redhat:enterprise_linux:8"}}},
    {"product":{"product_id":"m","product_identification_helper":{"purl":"pkg:rpmmod/redhat/m@1:2:3"}}},
    {"product":{"product_id":"c","product_identification_helper":{"purl":"pkg:rpm/redhat/c@1-1?arch=x86_64"}}}],
   "relationships":[
    {"product_reference":"c","relates_to_product_reference":"s:m","full_product_name":{"product_id":"deep"}},
    {"product_reference":"m","relates_to_product_reference":"s","full_product_name":{"product_id":"s:m"}},
    {"product_reference":"stream","relates_to_product_reference":"P","full_product_name":{"product_id":"s"}},
    {"product_reference":"c","relates_to_product_reference":"y","full_product_name":{"product_id":"x"}},
    {"product_reference":"c","relates_to_product_reference":"x","full_product_name":{"product_id":"y"}},
    {"product_reference":"c","relates_to_product_reference":"nowhere","full_product_name":{"product_id":"lost"}},
    {"product_reference":"nothing","relates_to_product_reference":"P","full_product_name":{"product_id":"empty"}}]})");
  REQUIRE(tree.has_value());
  const RedhatProducts products(*tree);
  const auto deep = products.find("deep");
  REQUIRE(deep.has_value());
  CHECK(deep->cpe == "cpe:/a:redhat:enterprise_linux:8");
  CHECK(deep->component.name == "c");
  CHECK(deep->component.module == "m:1");
  CHECK_FALSE(products.find("x").has_value());
  CHECK_FALSE(products.find("lost").has_value());
  CHECK_FALSE(products.find("unheard of").has_value());
  REQUIRE(products.find("P").has_value());
  CHECK(products.find("P")->component.kind == RedhatComponent::Kind::other);
  REQUIRE(products.find("empty").has_value());
  CHECK_FALSE(products.find("empty")->component.fault.empty());
}

TEST_CASE("redhat: releases of Enterprise Linux that a product is for") {
  const auto releases = [](std::string_view cpe, std::string_view version = "") {
    std::string out;
    for (const std::string_view one : redhat_releases(cpe, version)) out += std::string(one) + " ";
    return out;
  };
  CHECK(releases("cpe:/o:redhat:enterprise_linux:9::baseos") == "9 ");
  CHECK(releases("cpe:/o:redhat:enterprise_linux:10.1") == "10 ");
  CHECK(releases("cpe:/a:redhat:rhel_eus:9.4::appstream", "1-1.el8") == "9 ");
  CHECK(releases("cpe:/a:redhat:rhel_extras_rt:7") == "7 ");
  CHECK(releases("cpe:/a:redhat:openshift:4.16::el9", "1-1.el8") == "9 ");
  CHECK(releases("cpe:/a:redhat:openshift:4", "1-1.rhaos4.el8") == "8 ");
  CHECK(releases("cpe:/a:redhat:openshift:4", "1-1.module+el8.10.0+1") == "8 ");
  CHECK(releases("cpe:/a:redhat:enterprise_linux_ai:3") == "6 7 8 9 10 ");
  CHECK(releases("cpe:/a:redhat:openshift:4", "1-1.kernel8") == "6 7 8 9 10 ");
  CHECK(releases("cpe:/o:novell:suse_linux:15").empty());
  CHECK(releases("").empty());
}
