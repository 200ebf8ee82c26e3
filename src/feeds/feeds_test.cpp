// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What each source's words mean. The wanted rows are worked out by hand from the publishers' own descriptions of their formats.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "feeds/feed.h"

using namespace eclair;

namespace feeds_test_detail {

/// Keeps rows as lines: "namespace package vulnerability status fixed [ranges]".
class Lines final : public feeds::AdvisorySink {
 public:
  Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
    std::string line = std::string(name_space) + " " + std::string(package) + " " + row.vulnerability + " " + std::string(name(row.status));
    if (!row.fixed_in.empty()) line += " fixed:" + row.fixed_in;
    if (row.severity != Severity::unknown) line += " " + std::string(name(row.severity));
    rows.push_back(line);
    full.push_back(std::move(row));
    return {};
  }
  Result<> vulnerability(VulnerabilityText text) override {
    texts.push_back(std::move(text));
    return {};
  }
  void complete(std::string_view name_space, std::string_view) override { completed.insert(std::string(name_space)); }
  Result<> remove(std::string_view) override { return {}; }
  void bad_record(std::string message) override { bad.push_back(std::move(message)); }

  std::vector<std::string> sorted() {
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  std::vector<std::string> rows, bad;
  std::vector<Advisory> full;
  std::vector<VulnerabilityText> texts;
  std::set<std::string> completed;
};

Result<> parse(std::string_view feed, std::string_view part, const std::string& document, Lines& into) {
  const MemorySource bytes(document);
  return feeds::find_feed(feed)->parse(part, bytes, Limits{}, Cancel{}, into);
}

using Strings = std::vector<std::string>;

std::string debian(const std::string& release, const std::string& body) {
  return R"({"pkg":{"CVE-1":{"description":"d","releases":{")" + release + "\":{" + body + "}}}}}";
}

}  // namespace feeds_test_detail

using namespace feeds_test_detail;

TEST_CASE("debian: status words") {
  const struct {
    const char *body, *want;
  } table[] = {
      {R"("status":"resolved","fixed_version":"1.2-3","urgency":"low")", "debian:12 pkg CVE-1 fixed fixed:1.2-3 low"},
      {R"("status":"resolved","fixed_version":"0","urgency":"low")", "debian:12 pkg CVE-1 not_affected low"},
      {R"("status":"open","urgency":"not yet assigned")", "debian:12 pkg CVE-1 affected"},
      {R"("status":"open","urgency":"unimportant")", "debian:12 pkg CVE-1 affected negligible"},
      {R"("status":"open","urgency":"medium**")", "debian:12 pkg CVE-1 affected medium"},
      {R"("status":"open","urgency":"high","nodsa":"Minor issue","nodsa_reason":"ignored")", "debian:12 pkg CVE-1 will_not_fix high"},
      {R"("status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":"postponed")", "debian:12 pkg CVE-1 fix_deferred low"},
      {R"("status":"open","urgency":"low","nodsa":"Minor issue","nodsa_reason":"")", "debian:12 pkg CVE-1 affected low"},
      {R"("status":"open","urgency":"end-of-life")", "debian:12 pkg CVE-1 end_of_life"},
      {R"("status":"undetermined","urgency":"low")", "debian:12 pkg CVE-1 under_investigation low"},
  };
  for (const auto& row : table) {
    CAPTURE(row.body);
    Lines lines;
    const auto done = parse("debian", "json", debian("bookworm", row.body), lines);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
    CHECK(lines.rows == Strings{row.want});
    CHECK(lines.completed == std::set<std::string>{"debian:12"});
  }
}

TEST_CASE("debian: releases by number, sid as unstable, unknown ones under their own name") {
  for (const auto& [codename, want] : {std::pair{"buster", "debian:10"}, {"bullseye", "debian:11"}, {"trixie", "debian:13"}, {"sid", "debian:unstable"}, {"zurg", "debian:zurg"}}) {
    Lines lines;
    REQUIRE(parse("debian", "json", debian(codename, R"("status":"open")"), lines).has_value());
    REQUIRE(lines.rows.size() == 1);
    CHECK(lines.rows[0].find(std::string(want) + " ") == 0);
  }
}

TEST_CASE("debian: one bad record never loses the others; a damaged document loses everything") {
  Lines lines;
  const std::string document =
      R"({"a":{"CVE-1":{"releases":{"bookworm":{"status":"open"}}},"CVE-2":{"releases":{"bookworm":{"status":7}}},"TEMP-1-A":{"releases":{"bookworm":{"status":"open"}}}},"b":[]})";
  const auto done = parse("debian", "json", document, lines);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
  CHECK(lines.rows.size() == 2);
  CHECK(lines.bad.size() == 2);
  for (const char* broken : {"", "[", "[]", "{", R"({"a":{"CVE-1":{"releases")", "not json"}) {
    CAPTURE(broken);
    Lines none;
    CHECK_FALSE(parse("debian", "json", broken, none).has_value());
  }
}

TEST_CASE("alpine: ids in one string, never affected, one id under several versions, odd entries") {
  Lines lines;
  const std::string document = R"({"distroversion":"v3.19","reponame":"main","packages":[
    {"pkg":{"name":"a","secfixes":{"1.2.3-r1":["CVE-2024-1 XSA-2","CVE_2019-12345"],"0":["CVE-2024-4"]}}},
    {"pkg":{"name":"ucode","secfixes":{"2-r0":["CVE-2024-5"],"10-r0":["CVE-2024-5"]}}},
    {"pkg":{"name":"odd","secfixes":{"1-r0":null,"2-r0":"CVE-2024-6","1.11-20-r0":["CVE-2024-7"]}}},
    {"pkg":7}]})";
  const auto done = parse("alpine", "v3.19/main.json", document, lines);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
  const Strings got = lines.sorted();
  const auto has = [&](const std::string& row) { return std::find(got.begin(), got.end(), row) != got.end(); };
  CHECK(has("alpine:v3.19 a CVE-2024-1 fixed fixed:1.2.3-r1"));
  CHECK(has("alpine:v3.19 a CVE-2019-12345 fixed fixed:1.2.3-r1"));
  CHECK(has("alpine:v3.19 a CVE-2024-4 not_affected"));
  CHECK(has("alpine:v3.19 ucode CVE-2024-5 fixed fixed:10-r0"));
  CHECK_FALSE(has("alpine:v3.19 ucode CVE-2024-5 fixed fixed:2-r0"));
  CHECK(std::none_of(got.begin(), got.end(), [](const std::string& row) { return row.find("CVE-2024-7 fixed") != std::string::npos; }));
  CHECK_FALSE(lines.bad.empty());
}

TEST_CASE("osv: namespaces, ranges, withdrawn records, aliases") {
  const auto record = [](const std::string& more) { return R"({"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","aliases":["CVE-2024-1"],)" + more + "}"; };
  Lines lines;
  const auto done = parse("osv", "GHSA-1.json", record(R"("affected":[{"package":{"ecosystem":"PyPI","name":"Example_Pkg"},
    "ranges":[{"type":"ECOSYSTEM","events":[{"fixed":"2.3.1"},{"introduced":"3.0a1"},{"introduced":"2.0"},{"fixed":"3.0.2"}]},{"type":"GIT","events":[{"introduced":"0"}]}],
    "versions":["2.0"]}])"), lines);
  REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
  REQUIRE(lines.full.size() == 1);
  CHECK(lines.rows[0].find("pypi example-pkg CVE-2024-1") == 0);
  CHECK(lines.full[0].aliases == Strings{"GHSA-1"});
  CHECK(lines.full[0].versions == Strings{"2.0"});
  Lines withdrawn;
  REQUIRE(parse("osv", "GHSA-1.json", record(R"("withdrawn":"2026-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["1"]}])"), withdrawn).has_value());
  CHECK(withdrawn.rows.empty());
  Lines distribution;
  REQUIRE(parse("osv", "DSA-1.json", record(R"("affected":[{"package":{"ecosystem":"Debian:12","name":"openssl"},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"3.0.2-1"}]}]}])"), distribution).has_value());
  REQUIRE(distribution.rows.size() == 1);
  CHECK(distribution.rows[0].find("debian:12 openssl CVE-2024-1 fixed fixed:3.0.2-1") == 0);
}

TEST_CASE("epss: the day is said by the first line, else by the file's name, else nowhere") {
  const std::string list = "cve,epss,percentile\nCVE-2021-0001,0.5,0.6\n", dated = "#model_version:v1,score_date:2025-03-17T00:00:00+0000\n" + list;
  constexpr UnixTime kApril14 = 1618358400, kMarch17 = 1742169600;
  const struct {
    const char* part;
    const std::string& document;
    UnixTime want;
  } table[] = {
      {"epss_scores-2021-04-14.csv", list, kApril14},
      {"mirror/2021/epss_scores-2021-04-14.csv", list, kApril14},
      {"epss_scores-2021-04-14.csv", dated, kMarch17},
      {"", list, 0},
      {"s.csv", list, 0},
      {"epss_scores-", list, 0},
      {"epss_scores-current.csv", list, 0},
      {"the-scores-2021-04-14.csv", list, 0},
      {"scores-of-a-2021-04-14", list, 0},
  };
  for (const auto& row : table) {
    CAPTURE(row.part);
    Lines lines;
    const auto done = parse("epss", row.part, row.document, lines);
    REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().text));
    REQUIRE(lines.texts.size() == 1);
    REQUIRE(lines.texts[0].epss);
    CHECK(lines.texts[0].epss->date == row.want);
  }
}

TEST_CASE("which feeds list what is not fixed, and which publish single records") {
  // What docs/user/feeds.md says of each. A feed without a row fails.
  const std::map<std::string_view, std::pair<bool, bool>> table = {
      {"debian", {true, false}},     {"alpine", {false, false}}, {"wolfi", {false, false}}, {"chainguard", {false, false}}, {"osv", {true, true}},
      {"ubuntu", {true, true}},      {"arch", {true, false}},    {"alma", {false, false}},  {"amazon", {false, false}},     {"rocky", {false, true}},
      {"oracle", {false, false}},    {"azure", {true, false}},   {"photon", {true, false}}, {"redhat-vex", {true, true}},   {"suse", {true, false}},
      {"nvd", {true, false}},        {"kev", {true, false}},     {"epss", {true, false}},
  };
  for (const feeds::Feed* const feed : feeds::feeds()) {
    CAPTURE(feed->id());
    const auto row = table.find(feed->id());
    REQUIRE(row != table.end());
    CHECK(feed->lists_unfixed() == row->second.first);
    CHECK(feed->document_is_record() == row->second.second);
  }
}

TEST_CASE("which files of a folder or an archive are a feed's documents, by their names") {
  const struct {
    const char *feed, *name;
    bool want;
  } table[] = {
      {"debian", "json.json", true},
      {"debian", ".json", false},
      {"debian", "x", false},
      {"debian", "README.md", false},
      {"amazon", "updateinfo.xml", true},
      {"amazon", "0123-updateinfo.xml", true},
      {"amazon", "updateinfo.json", false},
      {"amazon", "updateinfo", false},
      {"amazon", "primary.xml", false},
      {"oracle", "com.oracle.elsa-all.xml", true},
      {"oracle", "com.oracle.elsa-2024.xml", true},
      {"oracle", "elsa.html", false},
      {"oracle", "other.xml", false},
      {"oracle", "x", false},
      {"azure", "azurelinux-3.0-oval.xml", true},
      {"azure", "azurelinux-3.0-oval.json", false},
      {"azure", "x", false},
      {"suse", "suse.linux.enterprise.server.15-affected.xml", true},
      {"suse", "x", false},
      {"ubuntu", "CVE-2024-1", true},
      {"ubuntu", "CVE-2024-1.json", true},
      {"ubuntu", "UBUNTU-CVE-2024-1.json", true},
      {"ubuntu", "CVE-2024-1.txt", false},
      {"ubuntu", "README", false},
  };
  for (const auto& row : table) {
    CAPTURE(row.feed);
    CAPTURE(row.name);
    CHECK(feeds::find_feed(row.feed)->is_document(row.name) == row.want);
  }
}

TEST_CASE("a document of another kind is the document's fault, whatever the feed") {
  for (const feeds::Feed* const feed : feeds::feeds()) {
    CAPTURE(feed->id());
    for (const char* part : {"x.json", "x.xml", "cve_data_photon5.0.json", "v3.19/main.json", "repository-to-cpe.json", "CVE-2024-0001"}) {
      for (const char* document : {"", " ", "[]", "{}", "7", "null", "true", "\"x\"", "[[]]", "[{}]", "{\"a\":{}}", "{\"a\":[]}", "<a/>", "<a>", "a: b", "a,b", "\xff"}) {
        CAPTURE(part);
        CAPTURE(document);
        Lines lines;
        const auto done = parse(feed->id(), part, document, lines);
        if (!done) CHECK(done.error().code == Errc::invalid_input);
        CHECK(lines.rows.empty());
        CHECK(lines.texts.empty());
      }
    }
  }
}

TEST_CASE("an object that is no record is refused, saying what it lacks") {
  const struct {
    const char *feed, *document, *says;
  } table[] = {
      {"osv", R"({"id":"X-1"})", "no id, or neither affected nor modified nor withdrawn"},
      {"osv", R"({"affected":[],"modified":"2024-01-01T00:00:00Z"})", "no id, or neither affected nor modified nor withdrawn"},
      {"osv", R"({"id":"","affected":[]})", "no id, or neither affected nor modified nor withdrawn"},
      {"ubuntu", R"({"details":"words"})", "no id, no statements"},
      {"ubuntu", R"({"id":7,"affected":[]})", "no id, no statements"},
  };
  for (const auto& row : table) {
    CAPTURE(row.document);
    Lines lines;
    const auto done = parse(row.feed, "x.json", row.document, lines);
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == Errc::invalid_input);
    CHECK_MESSAGE(done.error().text.find(row.says) != std::string::npos, done.error().text);
  }
}

TEST_CASE("every feed of the list says what it is") {
  std::set<std::string_view> ids;
  for (const feeds::Feed* const feed : feeds::feeds()) {
    CAPTURE(feed->id());
    CHECK(ids.insert(feed->id()).second);
    CHECK(feed->revision() > 0);
    CHECK_FALSE(feed->title().empty());
    CHECK(feed->url().substr(0, 8) == "https://");
    CHECK(feeds::find_feed(feed->id()) == feed);
  }
  CHECK(feeds::find_feed("nobody") == nullptr);
}
