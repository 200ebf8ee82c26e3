// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What feeds with an index ask for, first and later.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "util/time.h"

namespace eclair::feeds {
namespace portions_test_detail {

constexpr UnixTime kNow = 1'072'915'200;  // 2004-01-01
constexpr UnixTime kDay = 86400;

/// A source as a table of documents, with a memory of what was asked.
class Source final : public Lookup {
 public:
  std::map<std::string, std::string> documents, cursors;
  std::vector<std::string> wanted_namespaces;
  UnixTime time = kNow;
  int asked = 0;

  const std::vector<std::string>& wanted() const override { return wanted_namespaces; }
  bool wants(std::string_view one) const override {
    return wanted_namespaces.empty() || std::find(wanted_namespaces.begin(), wanted_namespaces.end(), one) != wanted_namespaces.end();
  }
  std::string cursor(std::string_view portion) const override {
    const auto found = cursors.find(std::string(portion));
    return found == cursors.end() ? "" : found->second;
  }
  UnixTime at() const override { return time; }
  Result<std::unique_ptr<ByteSource>> read(const std::string& url) override {
    ++asked;
    const auto found = documents.find(url);
    if (found == documents.end()) return fail(Errc::not_found, url + ": answered 404");
    return std::unique_ptr<ByteSource>(std::make_unique<MemorySource>(found->second));
  }
  Result<std::unique_ptr<ByteSource>> read_if_changed(std::string_view, const std::string& url) override { return read(url); }

  /// Asks, and keeps the cursors as an update does: not of a portion that is new and has nothing.
  std::string run(std::string_view feed) {
    auto portions = find_feed(feed)->portions(*this);
    if (!portions) return "error: " + portions.error().text;
    std::string out;
    for (const Portion& one : *portions) {
      for (const Document& document : one.documents) out += document.url.substr(document.url.rfind('/') + 1) + " " + document.content_digest.substr(0, 9) + ";";
      if (!one.documents.empty() || cursors.count(one.name) > 0) cursors[one.name] = one.cursor;
    }
    return out;
  }
};

const std::string kNvd = "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-";

std::string meta(char digit) { return "lastModifiedDate:2026-03-09T03:00:23-05:00\r\nsize:1\r\nsha256:" + std::string(64, digit) + "\r\n"; }

}  // namespace portions_test_detail
using namespace portions_test_detail;

TEST_CASE("nvd: all years once, then the week's changes, and the years again when those do not reach back") {
  Source source;
  source.documents = {{kNvd + "2002.meta", meta('A')}, {kNvd + "2003.meta", meta('b')}, {kNvd + "modified.meta", meta('c')}};
  CHECK(source.run("nvd") == "nvdcve-2.0-2002.json.gz sha256:aa;nvdcve-2.0-2003.json.gz sha256:bb;nvdcve-2.0-modified.json.gz sha256:cc;");  // 2004 has not begun there
  CHECK(source.asked == 4);
  CHECK(source.run("nvd").empty());
  CHECK(source.asked == 4 + 2);  // 2004 and the changes
  source.time += kDay;
  source.documents[kNvd + "2002.meta"] = meta('1');  // its changes are in the week's
  source.documents[kNvd + "modified.meta"] = meta('9');
  CHECK(source.run("nvd") == "nvdcve-2.0-modified.json.gz sha256:99;");
  CHECK(source.run("nvd").empty());
  source.time += kDay;
  source.documents[kNvd + "2004.meta"] = meta('d');
  source.documents[kNvd + "modified.meta"] = meta('e');
  CHECK(source.run("nvd") == "nvdcve-2.0-2004.json.gz sha256:dd;nvdcve-2.0-modified.json.gz sha256:ee;");
  source.time += 6 * kDay;
  CHECK(source.run("nvd").empty());
  source.time += 7 * kDay;
  source.documents[kNvd + "modified.meta"] = meta('f');
  CHECK(source.run("nvd") == "nvdcve-2.0-2002.json.gz sha256:11;nvdcve-2.0-modified.json.gz sha256:ff;");
  source.time += kDay;
  CHECK(source.run("nvd").empty());
}

TEST_CASE("nvd: a .meta file without a digest is an error that names it") {
  Source source;
  source.documents = {{kNvd + "2002.meta", "size:1\n"}};
  CHECK(source.run("nvd") == "error: no sha256 in " + kNvd + "2002.meta");
}

TEST_CASE("photon: the branches of its index that are wanted") {
  const std::string base = "https://packages.broadcom.com/photon/photon_cve_metadata/";
  Source source;
  CHECK(source.run("photon").rfind("error: ", 0) == 0);
  source.documents[base + "photon_versions.json"] = R"({"branches": ["5.0", "4.0", "../x", 3, "4.0"]})";
  CHECK(source.run("photon") == "cve_data_photon4.0.json ;cve_data_photon5.0.json ;");
  source.wanted_namespaces = {"photon:4.0"};
  CHECK(source.run("photon") == "cve_data_photon4.0.json ;");
  source.documents[base + "photon_versions.json"] = "[]";
  CHECK(source.run("photon") == "error: no list of branches at " + base + "photon_versions.json");
}

TEST_CASE("rocky: all pages of notices, or nothing while there is no new one") {
  const std::string base = "https://apollo.build.resf.org/api/v3/advisories/", one = base + "?page=1&size=1";
  const auto answer = [](long total, const std::string& updated = "2024-01-01") {
    return R"({"total":)" + std::to_string(total) + R"(,"last_updated_at":")" + updated + "\"}";
  };
  Source source;
  const struct {
    long total;
    const char* pages;
  } table[] = {{1, "?page=1&size=100 ;"}, {100, "?page=1&size=100 ;"}, {101, "?page=1&size=100 ;?page=2&size=100 ;"}};
  for (const auto& row : table) {
    CAPTURE(row.total);
    source.documents[one] = answer(row.total);
    CHECK(source.run("rocky") == row.pages);
    CHECK(source.run("rocky").empty());
  }
  source.documents[one] = answer(101, "2024-01-02");
  CHECK_FALSE(source.run("rocky").empty());
  for (const std::string& odd : {answer(0), answer(-1), answer(1'000'001), std::string("{}"), std::string(R"({"total":"1"})")}) {
    CAPTURE(odd);
    source.documents[one] = odd;
    CHECK(source.run("rocky").rfind("error: ", 0) == 0);
  }
}

TEST_CASE("alma: every release that may be there, or those that are wanted") {
  const auto told = [](Source source) {
    const auto portions = find_feed("alma")->portions(source);
    REQUIRE(portions);
    std::string out;
    for (const Portion& one : *portions) {
      REQUIRE(one.documents.size() == 1);
      CHECK(one.documents.front().url == "https://errata.almalinux.org/" + one.name + "/errata.full.json");
      out += one.name + (one.documents.front().optional ? "? " : " ");
    }
    return out;
  };
  Source source;
  CHECK(told(source) == "8? 9? 10? ");
  source.wanted_namespaces = {"almalinux:9", "almalinux:../9", "almalinux:11"};
  CHECK(told(source) == "9 11 ");
}

TEST_CASE("sources of one document ask for that") {
  for (const char* feed : {"wolfi", "chainguard", "arch", "kev", "epss"}) {
    CAPTURE(feed);
    Source source;
    const auto portions = find_feed(feed)->portions(source);
    REQUIRE(portions);
    REQUIRE(portions->size() == 1);
    REQUIRE(portions->front().documents.size() == 1);
    CHECK(portions->front().documents.front().url == find_feed(feed)->url());
    CHECK(source.asked == 0);
  }
}

}  // namespace eclair::feeds
