// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "match/match.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/fake_advisories.h"

namespace eclair::match {
namespace match_test_detail {

constexpr UnixTime kNow = 1718000000;  // 2024-06-10
constexpr UnixTime kDay = 86400;

Os debian(std::string version = "12") {
  Os os;
  os.id = "debian";
  os.version = std::move(version);
  return os;
}

Occurrence package(std::string name, std::string version = "1-1", std::string type = "deb") {
  Occurrence out;
  out.package.type = std::move(type);
  out.package.name = std::move(name);
  out.package.version = std::move(version);
  out.package.arch = "amd64";
  out.paths = {"var/lib/dpkg/status"};
  out.layer = 1;
  return out;
}

Inventory image(Os os, std::vector<Occurrence> packages) {
  Inventory out;
  out.systems = {std::move(os)};
  out.packages = std::move(packages);
  out.had_package_database = true;
  return out;
}

store::AdvisoryRow row(std::string package, std::string vulnerability, Severity severity = Severity::unknown, std::string feed = "debian",
                       std::string name_space = "debian:12") {
  store::AdvisoryRow out;
  out.feed = std::move(feed);
  out.name_space = std::move(name_space);
  out.package = std::move(package);
  out.advisory.vulnerability = std::move(vulnerability);
  out.advisory.status = Status::affected;
  out.advisory.severity = severity;
  return out;
}

MatchResult match(const Inventory& inventory, test::FakeAdvisories& store, MatchOptions options = {}) {
  if (options.now == 0) options.now = kNow;
  const Cancel stop;
  auto result = match_image(inventory, store, options, stop);
  REQUIRE(result.has_value());
  return *std::move(result);
}

/// "code|message|packages|incomplete", one a line.
std::string lines(const std::vector<Coverage>& coverage) {
  std::string out;
  for (const Coverage& each : coverage) {
    out += each.code + "|" + each.message + "|" + std::to_string(each.packages) + (each.incomplete ? "|incomplete\n" : "|\n");
  }
  return out;
}

/// A store with fresh Debian 12 data that speaks of nothing in these tests.
test::FakeAdvisories fresh() {
  test::FakeAdvisories store;
  store.add(row("some-other", "CVE-0"), kNow - 3600);
  return store;
}

}  // namespace match_test_detail
using namespace match_test_detail;  // NOLINT: one test file

TEST_CASE("match: the repositories that an image names decide which of Red Hat's products its packages are of") {
  Os rhel;
  rhel.id = "rhel";
  rhel.version = "9.4";
  test::FakeAdvisories store;
  const auto add = [&](std::string vulnerability, std::string fixed_in, std::string cpe) {
    store::AdvisoryRow one = row("curl", std::move(vulnerability), Severity::high, "redhat-vex", "rhel:9");
    one.advisory.status = Status::fixed;
    one.advisory.name_kind = NameKind::binary;
    one.advisory.fixed_in = std::move(fixed_in);
    one.advisory.cpes = {std::move(cpe)};
    store.add(std::move(one), kNow);
  };
  add("CVE-1", "7.76.1-29.el9_4.1", "cpe:/o:redhat:rhel_eus:9.4::baseos");
  add("CVE-1", "7.76.1-31.el9", "cpe:/o:redhat:enterprise_linux:9::baseos");
  const auto map = [&](std::string repository, std::vector<std::string> cpes) {
    store::AdvisoryRow one = row(repository, repository, Severity::unknown, "redhat-vex", std::string(kRedhatRepositories));
    one.advisory.status = Status::unknown;
    one.advisory.cpes = std::move(cpes);
    store.add(std::move(one), kNow);
  };
  map("rhel-9-for-x86_64-baseos-rpms", {"cpe:/o:redhat:enterprise_linux:9::baseos"});
  map("rhel-9-for-x86_64-baseos-eus-rpms", {"cpe:/o:redhat:rhel_eus:9.2::baseos", "cpe:/o:redhat:rhel_eus:9.4::baseos"});
  map("rhel-9-for-x86_64-baseos-rpms__9.4", {"cpe:/o:redhat:rhel_eus:9.4::baseos"});
  map("other-rpms", {"cpe:/a:redhat:openshift:4.16::el9"});

  struct Case {
    std::vector<std::string> repositories;
    std::string fixed_in, notes;
  };
  const std::string unknown = "unknown_repository|1 package comes from repositories that the data does not know (nobody-knows), and is judged as "
                              "if from the main stream|1|\n";
  const Case cases[] = {
      {{}, "7.76.1-31.el9", ""},
      {{"rhel-9-for-x86_64-baseos-rpms"}, "7.76.1-31.el9", ""},
      {{"rhel-9-for-x86_64-baseos-rpms__9"}, "7.76.1-31.el9", ""},
      {{"rhel-9-for-x86_64-baseos-rpms__9.4"}, "7.76.1-29.el9_4.1", ""},  // known by its whole id: what that without the end means is not asked
      {{"rhel-9-for-x86_64-baseos-eus-rpms"}, "7.76.1-29.el9_4.1", ""},
      {{"nobody-knows", "rhel-9-for-x86_64-baseos-eus-rpms"}, "7.76.1-29.el9_4.1", ""},
      {{"other-rpms"}, "", ""},
      {{"nobody-knows"}, "7.76.1-31.el9", unknown},
  };
  for (const Case& each : cases) {
    const std::string first = each.repositories.empty() ? std::string("none") : each.repositories.front();
    CAPTURE(first);
    Occurrence curl = package("curl", "7.76.1-29.el9_4", "rpm");
    curl.repositories = each.repositories;
    const MatchResult got = match(image(rhel, {curl}), store);
    REQUIRE(got.findings.size() == (each.fixed_in.empty() ? 0 : 1));
    if (!got.findings.empty()) CHECK(got.findings[0].fixed_in == each.fixed_in);
    CHECK(lines(got.coverage) == each.notes);
  }
}

TEST_CASE("match: CentOS is judged by Red Hat's advisories; Stream with a reservation") {
  test::FakeAdvisories store;
  store.add(row("curl", "CVE-1", Severity::low, "redhat-vex", "rhel:9"), kNow);
  Occurrence curl = package("curl", "7.76.1-29.el9", "rpm");
  curl.package.vendor = "centos";
  Os centos;
  centos.id = "centos";
  centos.version = "9";
  centos.pretty = "CentOS Stream 9";
  const MatchResult got = match(image(centos, {curl}), store);
  REQUIRE(got.findings.size() == 1);
  CHECK(got.findings[0].evidence[0].name_space == "rhel:9");
  CHECK(lines(got.coverage) ==
        "derived|centos 9 is CentOS Stream, which Red Hat's advisories do not cover: its builds may have a fix under a version that looks older, or "
        "lack one|0|\n");
}

TEST_CASE("findings: worst first, then id, package, path; with layer, package, text") {
  test::FakeAdvisories store = fresh();
  store.add(row("b", "CVE-2", Severity::low));
  store.add(row("a", "CVE-2", Severity::low));
  store.add(row("a", "CVE-3", Severity::critical));
  store.add(row("a", "CVE-1"));
  store.texts[{"debian", "CVE-2"}].description = "words";
  Inventory inventory = image(debian(), {package("b"), package("a"), package("a")});
  inventory.packages[1].paths = {"z"};
  inventory.packages[2].paths = {"y"};
  inventory.packages[2].layer = 7;
  const MatchResult result = match(inventory, store);
  std::string got;
  for (const Finding& each : result.findings) {
    got += each.vulnerability + " " + std::to_string(each.package) + " " + std::to_string(each.layer) + " " + each.text.id + " " +
           each.text.description + "\n";
  }
  CHECK(got ==
        "CVE-3 2 7 CVE-3 \nCVE-3 1 1 CVE-3 \nCVE-2 2 7 CVE-2 words\nCVE-2 1 1 CVE-2 words\nCVE-2 0 1 CVE-2 words\nCVE-1 2 7 CVE-1 \nCVE-1 "
        "1 1 CVE-1 \n");
  CHECK(lines(result.coverage) == "");
  CHECK(!result.eol->past);
  CHECK(result.eol->date == "2028-06-30");
}

TEST_CASE("the store is asked once for each name and each text") {
  test::FakeAdvisories store = fresh();
  store.add(row("glibc", "CVE-1"));
  Inventory inventory = image(debian(), {});
  for (int i = 0; i < 50; ++i) {
    inventory.packages.push_back(package("lib" + std::to_string(i)));
    inventory.packages.back().package.source_name = "glibc";
  }
  CHECK(match(inventory, store).findings.size() == 50);
  CHECK((store.asked[{"debian:12", "glibc"}]) == 1);
  CHECK(store.asked.size() == 51);
  CHECK(store.asked_texts == 1);
}

TEST_CASE("the store is not asked about packages that cannot be judged") {
  test::FakeAdvisories store = fresh();
  Inventory inventory = image(debian(), {package("other-family", "1-1", "rpm"), package("third-party")});
  inventory.packages[1].package.vendor = "docker";
  CHECK(match(inventory, store).findings.empty());
  CHECK(store.asked.empty());
  CHECK(match(image(debian("11"), {package("of-a-release-without-data")}), store).findings.empty());
  CHECK(store.asked.empty());
}

TEST_CASE("severity: the row's word, else the feed's text, else its newest score; with its source") {
  struct Case {
    Severity row, text;
    std::vector<VulnerabilityText::Cvss> cvss;
    Severity want;
    std::string_view source;
  };
  const Case cases[] = {
      {Severity::low, Severity::high, {{"3.1", "", 9.9}}, Severity::low, "debian"},
      {Severity::unknown, Severity::high, {{"3.1", "", 9.9}}, Severity::high, "debian"},
      {Severity::unknown, Severity::unknown, {{"3.1", "", 9.9}}, Severity::critical, "debian"},
      {Severity::unknown, Severity::unknown, {{"3.1", "", 8.9}, {"2.0", "", 3.0}}, Severity::high, "debian"},
      {Severity::unknown, Severity::unknown, {{"2.0", "", 10}}, Severity::high, "debian"},
      {Severity::unknown, Severity::unknown, {{"4.0", "", -1}, {"3.1", "", 4.0}}, Severity::medium, "debian"},
      {Severity::unknown, Severity::unknown, {{"3.0", "", 0.1}}, Severity::low, "debian"},
      {Severity::unknown, Severity::unknown, {{"3.0", "", 0.0}}, Severity::negligible, "debian"},
      {Severity::unknown, Severity::unknown, {}, Severity::unknown, ""},
  };
  for (const Case& each : cases) {
    test::FakeAdvisories store = fresh();
    store.add(row("a", "CVE-1", each.row));
    VulnerabilityText& text = store.texts[{"debian", "CVE-1"}];
    text.severity = each.text;
    text.cvss = each.cvss;
    const MatchResult result = match(image(debian(), {package("a")}), store);
    REQUIRE(result.findings.size() == 1);
    CHECK(result.findings[0].severity == each.want);
    CHECK(result.findings[0].severity_source == each.source);
  }
}

TEST_CASE("severity: the distribution's word, then its score, then NVD's, however large that is; with its source") {
  struct Case {
    Severity row;
    double vendor_score;
    bool nvd;
    Severity want;
    std::string_view source;
  };
  const Case cases[] = {{Severity::low, 9.9, true, Severity::low, "debian"},
                        {Severity::unknown, 5.0, true, Severity::medium, "debian"},
                        {Severity::unknown, -1, true, Severity::critical, "nvd"},
                        {Severity::unknown, -1, false, Severity::unknown, ""}};
  for (const Case& each : cases) {
    CAPTURE(each.source);
    test::FakeAdvisories store = fresh();
    store.add(row("a", "CVE-1", each.row));
    if (each.vendor_score >= 0) store.texts[{"debian", "CVE-1"}].cvss = {{"3.1", "theirs", each.vendor_score}};
    if (each.nvd) store.add(row("CVE-0xxx", "CVE-1", Severity::unknown, "nvd", std::string(kVulnerabilitySpace)));
    VulnerabilityText& nvd = store.texts[{"nvd", "CVE-1"}];  // not asked where the feed is not there
    nvd.severity = Severity::critical;
    nvd.cvss = {{"3.1", "nvd's", 9.8, "cna@example.com"}};
    const MatchResult result = match(image(debian(), {package("a")}), store);
    REQUIRE(result.findings.size() == 1);
    const Finding& finding = result.findings[0];
    CHECK(finding.severity == each.want);
    CHECK(finding.severity_source == each.source);
    std::string scores;  // all are kept, the vendor's first
    for (const auto& one : finding.text.cvss) scores += one.vector + " by " + one.source + ";";
    CHECK(scores == std::string(each.vendor_score >= 0 ? "theirs by debian;" : "") + (each.nvd ? "nvd's by cna@example.com;" : ""));
  }
}

TEST_CASE("a finding says that it is known to be exploited, and how likely, also by the CVE that is its alias") {
  test::FakeAdvisories store = fresh();
  store.add(row("a", "CVE-1"));
  store.add(row("b", "CVE-2"));
  store.add(row("c", "GHSA-3"));
  store.all.back().advisory.aliases = {"GHSA-4"};
  for (const char* feed : {"nvd", "kev", "epss"}) store.add(row("CVE-0xxx", "CVE-1", Severity::unknown, feed, std::string(kVulnerabilitySpace)));
  store.texts[{"nvd", "CVE-1"}].exploited = Exploited{86400, 0, false};
  store.texts[{"kev", "CVE-1"}].exploited = Exploited{86400, 2 * 86400, true};
  store.texts[{"epss", "CVE-1"}].epss = Epss{0.5, 0.9, 86400};
  store.texts[{"kev", "GHSA-3"}].exploited = Exploited{};  // these lists have CVEs alone: not asked
  const MatchResult result = match(image(debian(), {package("a"), package("b"), package("c")}), store);
  REQUIRE(result.findings.size() == 3);
  const Finding& finding = result.findings[0];
  CHECK(finding.vulnerability == "CVE-1");
  CHECK(finding.text.exploited == Exploited{86400, 2 * 86400, true});
  CHECK(finding.text.epss == Epss{0.5, 0.9, 86400});
  CHECK(finding.severity == Severity::unknown);
  for (std::size_t i = 1; i < 3; ++i) {
    CHECK_FALSE(result.findings[i].text.exploited.has_value());
    CHECK_FALSE(result.findings[i].text.epss.has_value());
  }
  store.all[1].advisory.vulnerability = "GHSA-1";
  store.all[1].advisory.aliases = {"CVE-1"};
  CHECK(match(image(debian(), {package("a")}), store).findings.at(0).text.epss.has_value());
}

TEST_CASE("texts are completed by other feeds, also under an alias") {
  test::FakeAdvisories store = fresh();
  store.add(row("a", "CVE-1"));
  store.add(row("a", "GHSA-1", Severity::unknown, "osv"));
  store.all.back().advisory.aliases = {"CVE-1"};
  store.texts[{"debian", "CVE-1"}].description = "debian's";
  store.texts[{"osv", "GHSA-1"}].description = "osv's";
  store.texts[{"osv", "GHSA-1"}].title = "title";
  store.texts[{"osv", "GHSA-1"}].severity = Severity::high;
  store.texts[{"debian", "CVE-1"}].cwes = {"CWE-1"};
  store.texts[{"osv", "GHSA-1"}].cwes = {"CWE-2"};
  store.texts[{"osv", "GHSA-1"}].urls = {"https://example.com/"};
  store.texts[{"osv", "GHSA-1"}].cvss = {{"3.1", "CVSS:3.1/AV:N", 7.5}};
  store.texts[{"debian", "CVE-1"}].published = 1000;
  store.texts[{"osv", "GHSA-1"}].published = 2000;
  store.texts[{"osv", "GHSA-1"}].modified = 3000;
  const MatchResult result = match(image(debian(), {package("a")}), store);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].text.description == "debian's");
  CHECK(result.findings[0].text.title == "title");
  CHECK(result.findings[0].text.cwes == std::vector<std::string>{"CWE-1"});
  CHECK(result.findings[0].text.urls == std::vector<std::string>{"https://example.com/"});
  CHECK(result.findings[0].text.cvss.size() == 1);
  CHECK(result.findings[0].text.published == 1000);
  CHECK(result.findings[0].text.modified == 3000);
  CHECK(result.findings[0].severity == Severity::high);
  CHECK(result.findings[0].severity_source == "osv");
}

TEST_CASE("ids: the same for another version and architecture, different for everything else, never twice in a report") {
  test::FakeAdvisories store = fresh();
  for (const char* name : {"a", "b"}) {
    for (const char* id : {"CVE-1", "CVE-2"}) store.add(row(name, id));
  }
  const auto ids = [&](const Inventory& inventory) {
    std::vector<std::string> out;
    for (const Finding& each : match(inventory, store).findings) out.push_back(each.id);
    return out;
  };
  const auto base = ids(image(debian(), {package("a")}));
  REQUIRE(base.size() == 2);
  CHECK(base[0].size() == 16);
  CHECK(base[0] != base[1]);
  Inventory rebuilt = image(debian("12.5"), {package("x"), package("a", "1-1+deb12u1")});
  rebuilt.packages[1].package.arch = "arm64";
  rebuilt.packages[1].layer = 9;
  CHECK(ids(rebuilt) == base);
  Inventory moved = image(debian(), {package("a")});
  moved.packages[0].paths = {"srv/root/var/lib/dpkg/status"};
  CHECK(ids(moved) != base);
  CHECK(ids(image(debian(), {package("b")})) != base);
  Inventory twins = image(debian(), {package("a"), package("a"), package("a")});
  twins.packages[1].package.arch = "i386";
  auto all = ids(twins);
  REQUIRE(all.size() == 6);
  CHECK(ids(twins) == all);
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) == all.end());
}

TEST_CASE("packages of a root folder within the image are judged by that folder's distribution") {
  test::FakeAdvisories store = fresh();
  store.add(row("a", "CVE-1"));
  store.add(row("a", "CVE-2", Severity::unknown, "debian", "debian:11"));
  Inventory inventory = image(debian(), {package("a"), package("a"), package("a")});
  inventory.systems.push_back(debian("11"));
  inventory.packages[1].os = 1;
  inventory.packages[2].os = 99;  // out of bounds: nobody's
  const MatchResult result = match(inventory, store);
  REQUIRE(result.findings.size() == 2);
  CHECK(result.findings[0].package == 0);
  CHECK(result.findings[1].package == 1);
  CHECK(lines(result.coverage) == "unknown_distribution|unknown distribution: 1 package was not judged|1|incomplete\n");
}

TEST_CASE("coverage says by name what could not be judged") {
  struct Case {
    const char* about;
    Inventory inventory;
    const char* want;
  };
  Inventory empty;
  Inventory scrubbed = image(debian(), {});
  scrubbed.had_package_database = false;
  Inventory program = image(Os{}, {package("requests", "2.0", "pypi")});
  program.had_package_database = false;
  Os mint;
  mint.id = "linuxmint";
  mint.version = "21";
  Os alpine;
  alpine.id = "alpine";
  alpine.version = "3.19.1";
  Inventory vendors = image(debian(), {package("docker-ce"), package("nodejs"), package("containerd.io"), package("a"), package("b")});
  vendors.packages[0].package.vendor = vendors.packages[2].package.vendor = "docker";
  vendors.packages[1].package.vendor = "nodesource";
  vendors.packages[3].package.vendor = "debian";
  Inventory noted = image(debian(), {package("a")});
  noted.notes = {{"bad_record", "var/lib/dpkg/status", "no version"},
                 {"bad_record", "x", "y"},
                 {"unreadable", "var/lib/rpm/rpmdb.sqlite", "not a database"},
                 {"limit", "", "too\nmuch"},
                 {"chatter", "z", "nothing of weight"}};
  Inventory owned = image(debian(), {package("requests", "2.0", "pypi")});
  owned.packages[0].owned_by = "python3-requests";
  const Case cases[] = {
      {"nothing at all", empty, "no_packages|no package database found|0|incomplete\n"},
      {"a database that is gone", scrubbed, "no_packages|no package database found in debian 12|0|incomplete\n"},
      {"programs without a distribution", program,
       "unsupported|1 pypi package was not judged: packages of this type cannot be judged yet|1|incomplete\n"},
      {"an empty database is a database", image(debian(), {}), ""},
      {"packages without a distribution", image(Os{}, {package("a"), package("b")}),
       "unknown_distribution|unknown distribution: 2 packages were not judged|2|incomplete\n"},
      {"a distribution that we have nothing for", image(mint, {package("a"), package("b")}),
       "unknown_distribution|no advisories are known for the distribution linuxmint 21: 2 packages were not judged|2|incomplete\n"},
      {"a release without data", image(debian("11"), {package("a"), package("b")}),
       "no_data|no advisory data for debian:11|2|incomplete\n"},
      {"two families", image(debian(), {package("a"), package("b", "1-1", "rpm"), package("c", "1-1", "rpm")}),
       "mixed_families|rpm packages in debian 12: 2 packages were not judged|2|incomplete\n"},
      {"a type without data", image(debian(), {package("a", "1-1", "opkg")}),
       "unsupported|1 opkg package was not judged: packages of this type cannot be judged yet|1|incomplete\n"},
      {"third parties", vendors,
       "third_party|2 packages of docker were not judged: the distribution's advisories do not speak of them|2|\n"
       "third_party|1 package of nodesource was not judged: the distribution's advisories do not speak of them|1|\n"},
      {"notes of the analysis", noted,
       "unreadable|var/lib/rpm/rpmdb.sqlite: not a database|0|incomplete\nbad_record|var/lib/dpkg/status: no version (and 1 "
       "more)|0|incomplete\n"
       "limit|too much|0|incomplete\n"},
      {"owned evidence is judged with its owner", owned, ""},
      {"apk's virtual packages are nothing", image(alpine, {package(".deps", "0", "apk")}), ""},
  };
  for (const Case& each : cases) {
    const std::string about = each.about;
    CAPTURE(about);
    test::FakeAdvisories store = fresh();
    CHECK(lines(match(each.inventory, store).coverage) == each.want);
  }
}

TEST_CASE("coverage: hostile names stay on their line") {
  Os odd;
  odd.id = "x\x1b[31m\ny";
  test::FakeAdvisories store = fresh();
  const MatchResult result = match(image(odd, {package("a")}), store);
  CHECK(lines(result.coverage) ==
        "unknown_distribution|no advisories are known for the distribution x\\x1b[31m y: 1 package was not judged|1|incomplete\n");
}

TEST_CASE("coverage: third-party packages have no findings by equal names") {
  test::FakeAdvisories store = fresh();
  store.add(row("nodejs", "CVE-1"));
  Inventory inventory = image(debian(), {package("nodejs")});
  CHECK(match(inventory, store).findings.size() == 1);
  inventory.packages[0].package.vendor = "debian";
  CHECK(match(inventory, store).findings.size() == 1);
  inventory.packages[0].package.vendor = "nodesource";
  CHECK(match(inventory, store).findings.empty());
}

TEST_CASE("a flaw that a source lists under a CVE and under another id is one finding, where somebody knows that the two are one") {
  test::FakeAdvisories store;
  Os wolfi;
  wolfi.id = "wolfi";
  const auto add = [&](const char* id, Status status, const char* fixed) {
    store::AdvisoryRow one = row("a", id, Severity::unknown, "wolfi", "wolfi");
    one.advisory.status = status;
    one.advisory.fixed_in = fixed;
    store.add(one);
  };
  add("CVE-2024-1", Status::fixed, "1.2-r0");
  add("GHSA-aaaa", Status::fixed, "1.3-r0");
  add("GHSA-bbbb", Status::fixed, "1.2-r0");   // nobody knows another name of it
  add("CVE-2024-2", Status::not_affected, "");
  add("GHSA-cccc", Status::not_affected, "");
  add("GHSA-dddd", Status::fixed, "1.2-r0");   // is known as a GO-..., but under no CVE
  add("GHSA-eeee", Status::fixed, "1.2-r0");   // is known, and has no row of its own under the CVE
  const Inventory inventory = image(wolfi, {package("a", "1.1-r0", "apk")});
  const auto names = [](const MatchResult& result) {
    std::string out;
    for (const Finding& one : result.findings) {
      out += one.vulnerability;
      for (const std::string& alias : one.aliases) out += " " + alias;
      out += " " + one.fixed_in + " " + std::to_string(one.evidence.size()) + "\n";
    }
    return out;
  };
  CHECK(names(match(inventory, store)) == "CVE-2024-1 1.2-r0 1\nGHSA-aaaa 1.3-r0 1\nGHSA-bbbb 1.2-r0 1\nGHSA-dddd 1.2-r0 1\nGHSA-eeee 1.2-r0 1\n");
  const auto known = [&](const char* id, std::vector<std::string> aliases) {
    store::AdvisoryRow one = row("elsewhere", id, Severity::high, "osv", "go");
    one.advisory.aliases = std::move(aliases);
    store.add(one);
  };
  known("CVE-2024-1", {"GHSA-aaaa"});
  known("CVE-2024-2", {"GHSA-cccc"});
  known("GO-2024-7", {"GHSA-dddd"});
  known("CVE-2024-5", {"GHSA-eeee", "GO-2024-8"});
  store::AdvisoryRow notice = row("elsewhere", "CVE-2024-9", Severity::high, "osv", "go");
  notice.advisory.references = {"GHSA-bbbb"};  // a notice is not a name
  store.add(notice);
  // Two evidences; the fix that both have; another's severity is not this package's.
  const MatchResult joined = match(inventory, store);
  CHECK(names(joined) == "CVE-2024-1 GHSA-aaaa 1.3-r0 2\nCVE-2024-5 GHSA-eeee GO-2024-8 1.2-r0 1\nGHSA-bbbb 1.2-r0 1\nGHSA-dddd 1.2-r0 1\n");
  for (const Finding& one : joined.findings) CHECK(one.severity == Severity::unknown);
}

TEST_CASE("of the fixes for two hundred branches the one of the installed branch is named") {
  store::AdvisoryRow one = row("pkg", "CVE-1");
  for (int branch = 1; branch <= 200; ++branch) {
    Range range;
    range.introduced = std::to_string(branch) + ".0";
    range.upper = std::to_string(branch) + ".9";
    one.advisory.ranges.push_back(std::move(range));
  }
  test::FakeAdvisories store = fresh();
  store.add(one, kNow);
  for (const int branch : {1, 2, 200}) {
    CAPTURE(branch);
    const MatchResult got = match(image(debian(), {package("pkg", std::to_string(branch) + ".5")}), store);
    REQUIRE(got.findings.size() == 1);
    CHECK(got.findings[0].fixed_in == std::to_string(branch) + ".9");
  }
}

TEST_CASE("packages that are only locked are judged") {
  test::FakeAdvisories store = fresh();
  store.add(row("a", "CVE-1"));
  Inventory inventory = image(debian(), {package("a")});
  inventory.packages[0].locked = true;
  CHECK(match(inventory, store).findings.size() == 1);
}

TEST_CASE("coverage: offline is said where data is missing") {
  test::FakeAdvisories store;
  MatchOptions options;
  options.offline = true;
  CHECK(lines(match(image(debian(), {package("a")}), store, options).coverage) ==
        "no_data|no advisory data for debian:12, and --offline is set|1|incomplete\n");
}

TEST_CASE("coverage: stale data") {
  struct Case {
    UnixTime fetched, published, limit;
    const char* want;
  };
  const Case cases[] = {
      {kNow - 5 * kDay, 0, 5 * kDay, ""},
      {kNow - 6 * kDay, 0, 5 * kDay, "stale|advisories for debian:12 are 6 days old (limit 5)|1|\n"},
      {kNow - 5 * kDay - 1, 0, 5 * kDay, "stale|advisories for debian:12 are 5 days old (limit 5)|1|\n"},
      {kNow, kNow - 40 * kDay, 5 * kDay, "stale|advisories for debian:12 are 40 days old (limit 5)|1|\n"},  // an old file, imported today
      {kNow - 6 * kDay, kNow, 5 * kDay, "stale|advisories for debian:12 are 6 days old (limit 5)|1|\n"},    // a source that dates ahead
      {kNow - 3 * 3600, 0, 2 * 3600, "stale|advisories for debian:12 are 3 hours old (limit 2 hours)|1|\n"},
      {kNow + kDay, 0, 5 * kDay, ""},  // somebody's clock is wrong
  };
  for (const Case& each : cases) {
    CAPTURE(each.fetched);
    CAPTURE(each.published);
    test::FakeAdvisories store;
    store.add(row("x", "CVE-0"), each.fetched);
    store.states[0].published_at = each.published;
    MatchOptions options;
    options.max_age_seconds = each.limit;
    CHECK(lines(match(image(debian(), {package("a")}), store, options).coverage) == each.want);
  }
  test::FakeAdvisories store;
  store.add(row("x", "CVE-0", Severity::unknown, "debian", "debian:11"), kNow - 99 * kDay);
  store.add(row("x", "CVE-0", Severity::unknown, "osv"), kNow);
  CHECK(lines(match(image(debian(), {package("a")}), store).coverage) == "");  // old data that nobody needs
}

TEST_CASE("coverage: sources that list fixes only, releases past their end") {
  Os os;
  os.id = "alpine";
  os.version = "3.18.4";
  Inventory inventory = image(os, {package("a", "1-r0", "apk")});
  test::FakeAdvisories store;
  store.add(row("x", "CVE-0", Severity::unknown, "alpine", "alpine:v3.18"), kNow);
  CHECK(lines(match(inventory, store).coverage) ==
        "fixes_only|the sources for alpine:v3.18 list fixes only: vulnerabilities without a fix do not appear|1|\n");
  MatchOptions options;
  options.now = *parse_time("2025-05-10");
  store.states[0].fetched_at = options.now;
  const MatchResult result = match(inventory, store, options);
  CHECK(result.eol->past);
  CHECK(lines(result.coverage) ==
        "end_of_life|alpine 3.18.4 has been out of security support since 2025-05-09: newer vulnerabilities may not be listed|0|\n"
        "fixes_only|the sources for alpine:v3.18 list fixes only: vulnerabilities without a fix do not appear|1|\n");
}

TEST_CASE("coverage: versions that could not be compared") {
  test::FakeAdvisories store = fresh();
  for (const char* id : {"CVE-1", "CVE-2"}) {
    store.add(row("a", id));
    store.all.back().advisory.status = Status::fixed;
    store.all.back().advisory.fixed_in = "not a version!";
  }
  CHECK(lines(match(image(debian(), {package("a")}), store).coverage) ==
        "bad_advisory|passed over CVE-1 for a: \"not a version!\" is not a dpkg version (and 1 more)|0|\n");
  store.all[1].advisory.fixed_in = store.all[2].advisory.fixed_in = "1-2";
  CHECK(lines(match(image(debian(), {package("a", "x y")}), store).coverage) ==
        "bad_version|a: \"x y\" is not a dpkg version: 2 advisories left open|0|incomplete\n");
}

TEST_CASE("a store that fails, and a request to stop, end the matching") {
  test::FakeAdvisories store = fresh();
  const Inventory inventory = image(debian(), {package("a")});
  Cancel stop;
  store.broken = true;
  const auto broken = match_image(inventory, store, {}, stop);
  REQUIRE(!broken);
  CHECK(broken.error().code == Errc::unavailable);
  store.broken = false;
  stop.request();
  const auto stopped = match_image(inventory, store, {}, stop);
  REQUIRE(!stopped);
  CHECK(stopped.error().code == Errc::cancelled);
}


TEST_CASE("match: what a client wrote of a vulnerability stands in place of the feeds' text, also where it affects what they say") {
  test::FakeAdvisories store = fresh();
  store.add(row("zlib", "CVE-1", Severity::low), kNow);
  store.texts[{"debian", "CVE-1"}] = VulnerabilityText{.id = "CVE-1", .title = "t", .description = "theirs", .urls = {"https://theirs/"}};
  store.add({.feed = "nvd", .name_space = std::string(kVulnerabilitySpace), .package = "CVE-1", .advisory = {.vulnerability = "CVE-1"}}, kNow);
  store.texts[{"nvd", "CVE-1"}] = VulnerabilityText{.id = "CVE-1", .title = "", .description = "nvd's", .severity = Severity::medium};
  store::AdvisoryRow marker = row(std::string(kGivenPackage), "debian:12/CVE-1", Severity::critical, std::string(kGivenFeed));
  marker.advisory.status = Status::unknown;
  store.add(marker, kNow);
  VulnerabilityText given;
  given.id = "debian:12/CVE-1";
  given.severity = Severity::critical;
  given.urls = {"https://ours/"};
  given.given = GivenText{"{}", "Defcon1"};
  store.texts[{std::string(kGivenFeed), given.id}] = given;
  const Inventory inventory = image(debian(), {package("zlib")});
  MatchResult result = match(inventory, store);
  REQUIRE(result.findings.size() == 1);
  const Finding& finding = result.findings.front();
  CHECK(finding.severity == Severity::critical);
  CHECK(finding.severity_source == kGivenFeed);
  CHECK(finding.text.description.empty());
  CHECK(finding.text.urls == given.urls);
  CHECK(finding.text.given == given.given);
  // left open by the client: others' scores count, not the row that was replaced
  store.texts[{std::string(kGivenFeed), given.id}].severity = Severity::unknown;
  result = match(inventory, store);
  CHECK(result.findings.front().severity == Severity::medium);
  CHECK(result.findings.front().severity_source == "nvd");
}

TEST_CASE("match: a few rows of clients are no feed, but a distribution of their own is judged by them") {
  test::FakeAdvisories store;
  store::AdvisoryRow given = row("zlib", "CVE-1", Severity::high, std::string(kGivenFeed));
  store.add(given, kNow - 100 * kDay);
  MatchResult result = match(image(debian(), {package("zlib")}), store);
  CHECK(result.findings.size() == 1);
  CHECK(lines(result.coverage) == "no_data|no advisory data for debian:12|1|incomplete\n");
  Os own;
  own.id = "mylinux";
  own.version = "3";
  result = match(image(own, {package("zlib")}), store);
  CHECK(result.findings.empty());
  CHECK(result.coverage.front().code == "unknown_distribution");
  given.name_space = "mylinux:3";
  store.add(given, kNow);
  result = match(image(own, {package("zlib")}), store);
  CHECK(result.findings.size() == 1);
  CHECK(lines(result.coverage).empty());
}

}  // namespace eclair::match
