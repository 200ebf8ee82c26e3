// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>
#include <tuple>

#include "match/judge.h"
#include "support/fake_advisories.h"

// Two ways to the same findings: the report looks from the image to its vulnerabilities, the reverse look-up from a vulnerability to
// the images. Whatever store and image, they must say the same; both end in judge().

namespace eclair::match {
namespace agreement_test_detail {

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string pick(const char* const (&from)[N]) {
    return from[below(static_cast<int>(N))];
  }

  std::string version() {
    static constexpr const char* kVersions[] = {"0",       "0~1", "1",        "1.0-1",         "1.1-1", "1.1-1+b1",
                                                "1:0.5-1", "2-1", "2-1~bpo1", "not a version", ""};
    return pick(kVersions);
  }
  std::string id() {
    static constexpr const char* kIds[] = {"CVE-1", "CVE-2", "CVE-3", "GHSA-1", "GHSA-2", "TEMP-1", "DSA-1"};
    return pick(kIds);
  }
  std::string name() {
    static constexpr const char* kNames[] = {"a", "b", "c", "linux"};
    return pick(kNames);
  }

  store::AdvisoryRow row() {
    static constexpr const char* kFeeds[] = {"debian", "osv", "zzz", "alpine"};
    static constexpr const char* kSpaces[] = {"debian:12", "debian:12", "debian:11", "alpine:v3.19"};
    static constexpr const char* kArches[] = {"amd64", "x86_64", "arm64", "noarch"};
    store::AdvisoryRow out;
    out.feed = pick(kFeeds);
    out.name_space = pick(kSpaces);
    out.package = name();
    Advisory& advisory = out.advisory;
    advisory.vulnerability = id();
    while (chance(30)) advisory.aliases.push_back(id());
    advisory.record = "R-" + std::to_string(below(1000000));
    advisory.status = static_cast<Status>(below(8));
    advisory.name_kind = static_cast<NameKind>(below(3));
    advisory.severity = static_cast<Severity>(below(6));
    if (chance(60)) advisory.fixed_in = version();
    while (chance(30)) advisory.ranges.push_back({chance(50) ? version() : "", chance(80) ? version() : "", chance(20), chance(10)});
    while (chance(15)) advisory.versions.push_back(version());
    if (chance(15)) advisory.arches.push_back(pick(kArches));
    if (chance(10)) advisory.module = "m:1";
    return out;
  }

  Occurrence occurrence() {
    static constexpr const char* kTypes[] = {"deb", "deb", "deb", "deb", "apk", "pypi"};
    static constexpr const char* kVendors[] = {"", "", "debian", "docker"};
    static constexpr const char* kArches[] = {"amd64", "arm64", "all", ""};
    Occurrence out;
    out.package.type = pick(kTypes);
    out.package.name = name();
    out.package.version = version();
    out.package.arch = pick(kArches);
    if (chance(50)) out.package.source_name = chance(10) ? "linux-signed-amd64" : name();
    if (chance(30)) out.package.source_version = version();
    if (chance(10)) out.package.module = "m:1";
    out.package.vendor = pick(kVendors);
    out.os = static_cast<std::uint32_t>(below(3));
    out.paths = {"p" + std::to_string(below(3))};
    return out;
  }

  std::mt19937& random() { return random_; }

 private:
  std::mt19937 random_;
};

/// All of a finding that judge() decides, and which package it is about.
std::string shown(std::uint32_t package, const Finding& finding) {
  std::string out =
      std::to_string(package) + " " + finding.vulnerability + " " + std::string(name(finding.status)) + " " + finding.fixed_in;
  for (const std::string& alias : finding.aliases) out += " " + alias;
  for (const Judgement& each : finding.evidence) out += "\n  " + each.feed + " " + each.record + ": " + each.rule;
  return out;
}

bool speaks_of(const Finding& finding, const std::string& id) {
  return finding.vulnerability == id || std::find(finding.aliases.begin(), finding.aliases.end(), id) != finding.aliases.end();
}

/// "Where is this vulnerability?" as an index of packages would answer it: the store nominates (namespace, package) pairs, each
/// occurrence that looks its advisories up there is judged.
std::set<std::string> where_is(const std::string& id, const Inventory& inventory, store::AdvisoryStore& advisories) {
  std::set<std::pair<std::string, std::string>> nominated;
  auto called = known_names(advisories, id);
  REQUIRE(called.has_value());
  called->push_back(id);
  for (const std::string& each : *called) {
    const auto mentions = advisories.search({.id = each});
    REQUIRE(mentions.has_value());
    for (const store::AdvisoryRow& row : *mentions) nominated.emplace(row.name_space, row.package);
  }
  const NamesOf also = [&](const std::string& other) { return known_names(advisories, other); };
  std::set<std::string> out;
  for (std::size_t i = 0; i < inventory.packages.size(); ++i) {
    const Occurrence& occurrence = inventory.packages[i];
    const std::string space = name_space(occurrence.package, inventory.systems[occurrence.os]);
    const auto names = lookup_names(occurrence.package);
    if (std::none_of(names.begin(), names.end(), [&](const std::string& each) { return nominated.count({space, each}) > 0; })) continue;
    std::vector<store::AdvisoryRow> rows;
    for (const std::string& each : names) {
      auto found = advisories.rows(space, each);
      rows.insert(rows.begin(), found->begin(), found->end());  // in another order than the report's, on purpose
    }
    const auto findings = judge(occurrence, space, rows, also);
    REQUIRE(findings.has_value());
    for (const Finding& finding : *findings) {
      if (speaks_of(finding, id)) out.insert(shown(static_cast<std::uint32_t>(i), finding));
    }
  }
  return out;
}

}  // namespace agreement_test_detail

TEST_CASE("report and reverse look-up agree, whatever the store and the image") {
  using namespace agreement_test_detail;
  std::size_t compared = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    CAPTURE(seed);
    Maker make(seed);
    test::FakeAdvisories advisories;
    for (int i = make.below(60); i > 0; --i) advisories.add(make.row());
    Inventory inventory;
    for (const auto& [id, version] : {std::pair{"debian", "12"}, {"debian", "11"}, {"alpine", "3.19.0"}}) {
      Os os;
      os.id = id;
      os.version = version;
      inventory.systems.push_back(os);
    }
    for (int i = make.below(30); i > 0; --i) inventory.packages.push_back(make.occurrence());
    const Cancel stop;
    const auto report = match_image(inventory, advisories, {}, stop);
    REQUIRE(report.has_value());
    for (const char* id : {"CVE-1", "CVE-2", "CVE-3", "GHSA-1", "GHSA-2", "TEMP-1", "DSA-1"}) {
      CAPTURE(id);
      std::set<std::string> want;
      for (const Finding& finding : report->findings) {
        if (speaks_of(finding, id)) want.insert(shown(finding.package, finding));
      }
      const std::set<std::string> got = where_is(id, inventory, advisories);
      REQUIRE(got == want);
      compared += want.size();
    }
  }
  CHECK(compared > 500);  // the random images are not all clean
}

TEST_CASE("a fix that is shown is one: with it installed, nothing of its own rank is left") {
  using namespace agreement_test_detail;
  std::size_t fixes = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    CAPTURE(seed);
    Maker make(seed);
    Occurrence occurrence = make.occurrence();
    occurrence.package.type = "deb";
    occurrence.package.vendor.clear();
    occurrence.package.source_name.clear();
    occurrence.package.source_version.clear();
    std::vector<store::AdvisoryRow> rows;
    for (int i = 0; i < 12; ++i) {
      rows.push_back(make.row());
      rows.back().name_space = "debian:12";
      rows.back().package = occurrence.package.name;
    }
    for (const Finding& before : judge(occurrence, "debian:12", rows)) {
      CHECK((before.status != Status::fixed || !before.fixed_in.empty()));
      CHECK((before.status != Status::affected || before.fixed_in.empty()));
      if (before.fixed_in.empty()) continue;
      ++fixes;
      Occurrence upgraded = occurrence;
      upgraded.package.version = before.fixed_in;
      CAPTURE(before.vulnerability);
      CAPTURE(before.fixed_in);
      for (const Finding& after : judge(upgraded, "debian:12", rows)) {
        if (after.vulnerability != before.vulnerability) continue;
        for (const Judgement& was : before.evidence) {
          for (const Judgement& is : after.evidence) CHECK((was.feed != "debian" || was.record != is.record));
        }
      }
    }
  }
  CHECK(fixes > 20);
}

}  // namespace eclair::match
