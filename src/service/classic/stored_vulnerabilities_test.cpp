// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/stored_vulnerabilities.h"

#include <doctest/doctest.h>

#include <thread>

#include "match/match.h"
#include "report/classic/feature_vulnerability.h"
#include "support/engines.h"

namespace eclair::service::stored_vulnerabilities_test_detail {

constexpr UnixTime kNow = 1'700'000'000;

/// A store on each engine, with what Debian and NVD say; what clients change goes through the real judgement.
struct Service {
  test::Place place{test::each_engine()};
  Advisories advisories{place.url};
  std::unique_ptr<Vulnerabilities> all = make_vulnerabilities(advisories, [] { return kNow; });

  Service() {
    import("debian", [](store::AdvisoryStore::Import& to) {
      const auto row = [&](const char* name_space, const char* package, const char* id, Status status, const char* fix, Severity severity) {
        Advisory one;
        one.vulnerability = id;
        one.status = status;
        one.fixed_in = fix;
        if (*fix != '\0') one.ranges = {Range{.upper = fix}};
        one.severity = severity;
        REQUIRE(to.advisory(name_space, package, one));
      };
      row("debian:12", "glibc", "CVE-2024-1", Status::fixed, "2.36-9", Severity::high);
      row("debian:12", "zlib", "CVE-2024-1", Status::affected, "", Severity::low);
      row("debian:12", "zlib", "CVE-2024-2", Status::affected, "", Severity::unknown);
      row("debian:12", "zlib", "CVE-2024-3", Status::not_affected, "", Severity::unknown);
      row("debian:12", "zlib", "CVE-2024-4", Status::under_investigation, "", Severity::unknown);
      row("debian:11", "glibc", "CVE-2024-1", Status::affected, "", Severity::medium);
      VulnerabilityText text;
      text.id = "CVE-2024-1";
      text.description = "of glibc";
      REQUIRE(to.vulnerability(text));
    });
    import("nvd", [](store::AdvisoryStore::Import& to) {
      Advisory one;
      one.vulnerability = "CVE-2024-2";
      REQUIRE(to.advisory(kVulnerabilitySpace, "CVE-2024-0xxx", one));
      VulnerabilityText text;
      text.id = "CVE-2024-2";
      text.description = "nvd's";
      text.cvss = {{"2.0", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5}};
      REQUIRE(to.vulnerability(text));
    });
  }

  template <class Fill>
  void import(const char* feed, Fill&& fill) {
    auto store = store::open_advisories(place.url);
    REQUIRE(store);
    auto to = (*store)->begin_import(feed, "test", kNow);
    REQUIRE(to);
    fill(**to);
    REQUIRE((*to)->commit(true));
  }

  /// "CVE-1 2.0 High d l" of each finding of a package, as layers' reports have it.
  std::vector<std::string> report(std::string name, std::string version, const Os& os, std::string type = "deb") {
    Inventory inventory;
    inventory.systems = {os};
    Occurrence one;
    one.package.type = std::move(type);
    one.package.name = std::move(name);
    one.package.version = std::move(version);
    inventory.packages = {one};
    inventory.had_package_database = true;
    const auto result = advisories.with([&](store::AdvisoryStore& store) {
      return match::match_image(inventory, store, match::MatchOptions{.now = kNow}, Cancel{});
    });
    REQUIRE(result);
    std::vector<std::string> out;
    for (const Finding& finding : result->findings) {
      const report::FeatureVulnerability shown = report::feature_vulnerability(finding);
      out.push_back(shown.name + " " + (shown.fixed_by.empty() ? "-" : shown.fixed_by) + " " + std::string(eclair::name(shown.severity)) + " " +
                    shown.description + " " + shown.link + (shown.metadata.empty() ? "" : " " + shown.metadata));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  std::vector<std::string> report(std::string name, std::string version) {
    Os os;
    os.id = "debian";
    os.version = "12";
    return report(std::move(name), std::move(version), os);
  }

  Vulnerability get(std::string_view name_space, std::string_view name) {
    const auto found = all->get(name_space, name);
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }
  bool has(std::string_view name_space, std::string_view name) {
    const auto found = all->get(name_space, name);
    REQUIRE(found);
    return found->has_value();
  }
  std::vector<std::string> names(std::string_view name_space, std::string_view after = "", std::size_t limit = 100) {
    const auto found = all->list(name_space, after, limit);
    REQUIRE(found);
    REQUIRE(*found);
    std::vector<std::string> out;
    for (const Vulnerability& one : **found) {
      out.push_back(one.name);
      // A list shows what get() shows, without fixes.
      Vulnerability whole = get(name_space, one.name);
      CHECK(one.description == whole.description);
      CHECK(one.link == whole.link);
      CHECK(one.severity == whole.severity);
      CHECK(one.severity_word == whole.severity_word);
      CHECK(one.metadata == whole.metadata);
      CHECK(one.fixes.empty());
    }
    return out;
  }
};

Vulnerability made(std::string name, std::string name_space, std::vector<Fix> fixes = {}) {
  Vulnerability out;
  out.name = std::move(name);
  out.name_space = std::move(name_space);
  out.description = "mine";
  out.link = "https://mine/";
  out.severity = Severity::low;
  out.fixes = std::move(fixes);
  return out;
}

using Lines = std::vector<std::string>;

TEST_CASE("stored vulnerabilities: what feeds say, in Clair's shape") {
  Service service;
  CHECK(*service.all->namespaces() == Lines{"debian:11", "debian:12"});
  const Vulnerability one = service.get("debian:12", "CVE-2024-1");
  CHECK(one.description == "of glibc");
  CHECK(one.link == "https://security-tracker.debian.org/tracker/CVE-2024-1");
  CHECK(one.severity == Severity::high);
  CHECK(one.fixes == std::vector<Fix>{{"glibc", "2.36-9"}, {"zlib", ""}});
  CHECK(one.metadata.empty());
  const Vulnerability two = service.get("debian:12", "CVE-2024-2");
  CHECK(two.description == "nvd's");
  CHECK(two.severity == Severity::high);
  CHECK(two.metadata.find("\"Vectors\":\"AV:N/AC:L/Au:N/C:P/I:P/A:P\",\"Score\":7.5") != std::string::npos);
  CHECK_FALSE(service.has("debian:12", "CVE-2024-3"));  // affects nothing
  CHECK_FALSE(service.has("debian:12", "CVE-2024-4"));  // nobody knows yet
  CHECK_FALSE(service.has("debian:13", "CVE-2024-1"));
  CHECK_FALSE(service.has("cve", "CVE-2024-2"));
  CHECK(service.names("debian:12") == Lines{"CVE-2024-1", "CVE-2024-2"});
  CHECK(service.names("debian:12", "CVE-2024-1") == Lines{"CVE-2024-2"});
  CHECK(service.names("debian:12", "", 1) == Lines{"CVE-2024-1"});
  CHECK(service.names("debian:12", "CVE-2024-2").empty());
  CHECK_FALSE(service.all->list("debian:13", "", 9)->has_value());
  CHECK_FALSE(service.all->list("cve", "", 9)->has_value());
  const auto everywhere = service.all->everywhere("CVE-2024-1");
  REQUIRE(everywhere);
  REQUIRE(everywhere->size() == 2);
  CHECK(everywhere->front().name_space == "debian:11");
}

TEST_CASE("stored vulnerabilities: a client's own is reported as it was given") {
  Service service;
  Vulnerability value = made("CVE-MINE", "debian:12", {{"glibc", "3.0"}, {"zlib", ""}});
  value.severity = Severity::critical;
  value.severity_word = "Defcon1";
  value.metadata = R"({"mine":{"a":1}})";
  REQUIRE(service.all->put(value));
  const Vulnerability got = service.get("debian:12", "CVE-MINE");
  CHECK(got.description == "mine");
  CHECK(got.severity_word == "Defcon1");
  CHECK(got.metadata == value.metadata);
  CHECK(got.fixes == value.fixes);
  CHECK(service.report("glibc", "2.99") == Lines{R"(CVE-MINE 3.0 critical mine https://mine/ {"mine":{"a":1}})"});
  CHECK(service.report("glibc", "3.0").empty());
  CHECK(service.names("debian:12") == Lines{"CVE-2024-1", "CVE-2024-2", "CVE-MINE"});

  // Fixes given later are added or changed, the others stay; the rest is as given last.
  REQUIRE(service.all->put(made("CVE-MINE", "debian:12", {{"glibc", "3.1"}, {"bash", "5"}})));
  const Vulnerability again = service.get("debian:12", "CVE-MINE");
  CHECK(again.fixes == std::vector<Fix>{{"bash", "5"}, {"glibc", "3.1"}, {"zlib", ""}});
  CHECK(again.severity == Severity::low);
  CHECK(again.severity_word.empty());
  CHECK(again.metadata.empty());
  CHECK(*service.all->put_fix("debian:12", "CVE-MINE", {"zlib", "9"}));
  CHECK(*service.all->remove_fix("debian:12", "CVE-MINE", "bash"));
  CHECK(*service.all->remove_fix("debian:12", "CVE-MINE", "never"));
  CHECK(service.get("debian:12", "CVE-MINE").fixes == std::vector<Fix>{{"glibc", "3.1"}, {"zlib", "9"}});
  CHECK(service.get("debian:12", "CVE-MINE").description == "mine");
  CHECK(service.report("zlib", "8").back() == "CVE-MINE 9 low mine https://mine/");
  // The last fix goes, the vulnerability stays.
  CHECK(*service.all->remove_fix("debian:12", "CVE-MINE", "glibc"));
  CHECK(*service.all->remove_fix("debian:12", "CVE-MINE", "zlib"));
  CHECK(service.get("debian:12", "CVE-MINE").fixes.empty());

  CHECK(*service.all->remove("debian:12", "CVE-MINE"));
  CHECK_FALSE(service.has("debian:12", "CVE-MINE"));
  CHECK_FALSE(*service.all->remove("debian:12", "CVE-MINE"));
  CHECK_FALSE(*service.all->put_fix("debian:12", "CVE-MINE", {"zlib", "9"}));
  CHECK_FALSE(*service.all->remove_fix("debian:12", "CVE-MINE", "zlib"));
  CHECK(service.names("debian:12") == Lines{"CVE-2024-1", "CVE-2024-2"});
}

TEST_CASE("stored vulnerabilities: the same name in two namespaces is two vulnerabilities") {
  Service service;
  Vulnerability one = made("CVE-MINE", "debian:12", {{"glibc", "3"}}), two = made("CVE-MINE", "centos:7", {{"glibc", "4"}});
  two.description = "other";
  REQUIRE(service.all->put(one));
  REQUIRE(service.all->put(two));
  CHECK(service.get("debian:12", "CVE-MINE").description == "mine");
  CHECK(service.get("centos:7", "CVE-MINE").description == "other");
  CHECK(service.get("centos:7", "CVE-MINE").name_space == "centos:7");
  CHECK(service.get("rhel:7", "CVE-MINE").name_space == "centos:7");
  CHECK(service.all->everywhere("CVE-MINE")->size() == 2);
  Os centos;
  centos.id = "centos";
  centos.version = "7";
  CHECK(service.report("glibc", "3-1", centos, "rpm") == Lines{"CVE-MINE 4 low other https://mine/"});
  CHECK(*service.all->remove("debian:12", "CVE-MINE"));
  CHECK(service.has("centos:7", "CVE-MINE"));
  CHECK(*service.all->namespaces() == Lines{"centos:7", "debian:11", "debian:12"});
}

TEST_CASE("stored vulnerabilities: a client changes what a feed says, and the feed's next word on other packages counts") {
  Service service;
  REQUIRE(service.all->put(made("CVE-2024-1", "debian:12")));
  const Vulnerability got = service.get("debian:12", "CVE-2024-1");
  CHECK(got.severity == Severity::low);
  CHECK(got.link == "https://mine/");
  CHECK(got.fixes == std::vector<Fix>{{"glibc", "2.36-9"}, {"zlib", ""}});
  CHECK(service.report("glibc", "2.36-8") == Lines{"CVE-2024-1 2.36-9 low mine https://mine/"});
  CHECK(service.names("debian:12") == Lines{"CVE-2024-1", "CVE-2024-2"});
  CHECK(*service.all->put_fix("debian:12", "CVE-2024-1", {"glibc", "2.40"}));
  CHECK(service.report("glibc", "2.36-9") == Lines{"CVE-2024-1 2.40 low mine https://mine/"});
  service.import("debian", [](store::AdvisoryStore::Import& to) {
    for (const char* package : {"glibc", "zlib", "bash"}) {
      Advisory one;
      one.vulnerability = "CVE-2024-1";
      one.status = Status::fixed;
      one.fixed_in = "99";
      one.ranges = {Range{.upper = "99"}};
      REQUIRE(to.advisory("debian:12", package, one));
    }
  });
  CHECK(service.get("debian:12", "CVE-2024-1").fixes == std::vector<Fix>{{"bash", "99"}, {"glibc", "2.40"}, {"zlib", "99"}});
  // Taken away: the feed still says it, the client's word stands.
  CHECK(*service.all->remove_fix("debian:12", "CVE-2024-1", "glibc"));
  CHECK(service.get("debian:12", "CVE-2024-1").fixes == std::vector<Fix>{{"bash", "99"}, {"zlib", "99"}});
  CHECK(service.report("glibc", "1").empty());
}

TEST_CASE("stored vulnerabilities: one that a feed tells is deleted, and brought back") {
  Service service;
  CHECK(service.report("glibc", "1").size() == 1);
  CHECK(*service.all->remove("debian:12", "CVE-2024-1"));
  CHECK_FALSE(service.has("debian:12", "CVE-2024-1"));
  CHECK(service.has("debian:11", "CVE-2024-1"));
  CHECK(service.report("glibc", "1").empty());
  CHECK(service.report("zlib", "1").size() == 1);  // the other one
  CHECK(service.names("debian:12") == Lines{"CVE-2024-2"});
  CHECK_FALSE(*service.all->remove("debian:12", "CVE-2024-1"));

  REQUIRE(service.all->put(made("CVE-2024-1", "debian:12", {{"glibc", "7"}})));
  CHECK(service.get("debian:12", "CVE-2024-1").fixes == std::vector<Fix>{{"glibc", "7"}});
  CHECK(service.report("glibc", "6") == Lines{"CVE-2024-1 7 low mine https://mine/"});
  CHECK(service.report("zlib", "1").size() == 1);

  // Without fixes: what the feed says.
  CHECK(*service.all->remove("debian:12", "CVE-2024-1"));
  REQUIRE(service.all->put(made("CVE-2024-1", "debian:12")));
  CHECK(service.get("debian:12", "CVE-2024-1").fixes == std::vector<Fix>{{"glibc", "2.36-9"}, {"zlib", ""}});
  CHECK(service.report("zlib", "1").size() == 2);
}

TEST_CASE("stored vulnerabilities: fixes of a feed's vulnerability change without the rest") {
  Service service;
  CHECK(*service.all->put_fix("debian:12", "CVE-2024-2", {"bash", "5"}));
  const Vulnerability got = service.get("debian:12", "CVE-2024-2");
  CHECK(got.fixes == std::vector<Fix>{{"bash", "5"}, {"zlib", ""}});
  CHECK(got.description == "nvd's");
  CHECK(*service.all->remove_fix("debian:12", "CVE-2024-2", "bash"));
  CHECK(*service.all->remove_fix("debian:12", "CVE-2024-2", "zlib"));
  CHECK(service.get("debian:12", "CVE-2024-2").fixes.empty());
  CHECK(service.get("debian:12", "CVE-2024-2").description == "nvd's");
  CHECK(service.report("zlib", "1") == Lines{"CVE-2024-1 - low of glibc https://security-tracker.debian.org/tracker/CVE-2024-1"});
}

TEST_CASE("stored vulnerabilities: a fix that a client changes leaves the feed's text and severity") {
  Service service;
  const Vulnerability before = service.get("debian:12", "CVE-2024-1");
  CHECK(*service.all->put_fix("debian:12", "CVE-2024-1", {"glibc", "9"}));
  Vulnerability after = service.get("debian:12", "CVE-2024-1");
  CHECK(after.fixes == std::vector<Fix>{{"glibc", "9"}, {"zlib", ""}});
  CHECK(after.description == before.description);
  CHECK(after.link == before.link);
  CHECK(after.severity == before.severity);
  CHECK(service.names("debian:12") == Lines{"CVE-2024-1", "CVE-2024-2"});
  // The feed takes this version for fixed, the client does not.
  CHECK(service.report("glibc", "3") == Lines{"CVE-2024-1 9 unknown of glibc https://nvd.nist.gov/vuln/detail/CVE-2024-1"});
}

TEST_CASE("stored vulnerabilities: two nodes that change different fixes at once both succeed") {
  Service service;
  const auto other = make_vulnerabilities(service.advisories, [] { return kNow + 1; });
  REQUIRE(service.all->put(made("CVE-MINE", "debian:12", {{"a", "1"}})));
  std::vector<std::thread> nodes;
  for (Vulnerabilities* node : {service.all.get(), other.get()}) {
    nodes.emplace_back([node, first = node == other.get()] {
      for (int i = 0; i < 10; ++i) (void)node->put_fix("debian:12", "CVE-MINE", {(first ? "x" : "y") + std::to_string(i), "1"});
    });
  }
  for (std::thread& node : nodes) node.join();
  CHECK(service.get("debian:12", "CVE-MINE").fixes.size() == 21);
}

TEST_CASE("stored vulnerabilities: a namespace of a client's own") {
  Service service;
  REQUIRE(service.all->put(made("MY-1", "scientific:7", {{"bash", "4.2-20.el7"}})));
  REQUIRE(service.all->put(made("MY-2", "cve", {{"bash", "1"}})));
  CHECK(service.get("scientific:7", "MY-1").fixes == std::vector<Fix>{{"bash", "4.2-20.el7"}});
  CHECK(service.names("scientific:7") == Lines{"MY-1"});
  CHECK(service.names("cve") == Lines{"MY-2"});
  CHECK(*service.all->namespaces() == Lines{"cve", "debian:11", "debian:12", "scientific:7"});
  Os own;
  own.id = "scientific";
  own.version = "7";
  CHECK(service.report("bash", "4.2-19.el7", own, "rpm") == Lines{"MY-1 4.2-20.el7 low mine https://mine/"});
  CHECK(service.report("bash", "4.2-20.el7", own, "rpm").empty());
}

}  // namespace eclair::service::stored_vulnerabilities_test_detail
