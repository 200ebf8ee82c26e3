// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/clair_updates.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "model/clair_names.h"
#include "feeds/gzip_writer.h"
#include "support/folder.h"
#include "support/pieces.h"
#include "util/text.h"

using namespace eclair;
using namespace eclair::feeds;

namespace clair_updates_test_detail {

/// With a store in it.
struct Folder : test::Folder {
  Folder() {
    auto opened = store::open_advisories(path);
    REQUIRE(opened);
    store = *std::move(opened);
  }
  std::unique_ptr<store::AdvisoryStore> store;
};

struct Told {
  std::string name_space, package;
  Advisory row;
};

void fill(store::AdvisoryStore& store, std::string_view feed, const std::vector<Told>& rows, const std::vector<VulnerabilityText>& texts = {}, UnixTime at = 1'700'000'000) {
  auto import = store.begin_import(feed, "test", at);
  REQUIRE(import);
  for (const Told& one : rows) {
    (*import)->complete(one.name_space);
    REQUIRE((*import)->advisory(one.name_space, one.package, one.row));
  }
  for (const VulnerabilityText& text : texts) REQUIRE((*import)->vulnerability(text));
  REQUIRE((*import)->commit(true));
}

Advisory fixed(std::string cve, std::string version, NameKind kind = NameKind::source) {
  Advisory out;
  out.vulnerability = std::move(cve);
  out.status = version.empty() ? Status::affected : Status::fixed;
  out.name_kind = kind;
  out.severity = Severity::high;
  out.severity_word = "High";
  out.fixed_in = version;
  if (!version.empty()) out.ranges = {Range{.upper = version}};
  return out;
}

struct Exported {
  std::string bytes;
  ClairSummary summary;
};
Exported exported(store::AdvisoryStore& store, const std::vector<std::string>& feeds = {}, Compression packed = Compression::none) {
  Exported out;
  auto done = export_clair(store, feeds, packed, [&](std::string_view piece) -> Result<> {
    out.bytes += piece;
    return {};
  }, Cancel{});
  INFO((done ? std::string() : done.error().text));
  REQUIRE(done);
  out.summary = *std::move(done);
  CHECK(out.summary.bytes == out.bytes.size());
  return out;
}

auto imported(store::AdvisoryStore& store, std::string file, bool allow_older = false, UnixTime at = 1'800'000'000, const Limits& limits = {}) {
  return import_clair(store, std::make_unique<test::Pieces>(std::move(file), 97), {.origin = "a file", .at = at, .allow_shrink = true, .allow_older = allow_older}, limits, Cancel{});
}

/// Of everything taken; for cases that must succeed.
ClairImport taken(store::AdvisoryStore& store, std::string file, bool allow_older = false) {
  auto done = imported(store, std::move(file), allow_older);
  INFO((done ? std::string() : done.error().text));
  REQUIRE(done);
  return *std::move(done);
}

std::vector<Advisory> rows(store::AdvisoryStore& store, const std::string& name_space, const std::string& package) {
  const auto found = store.rows(name_space, package);
  REQUIRE(found);
  std::vector<Advisory> out;
  for (const auto& one : *found) out.push_back(one.advisory);
  return out;
}

std::string line(std::string_view updater, std::string_view ref, std::string_view vuln, std::string_view date = "2026-07-01T00:00:00Z") {
  return R"j({"Updater":")j" + std::string(updater) + R"j(","Fingerprint":"x","Date":")j" + std::string(date) + R"j(","Kind":"vulnerability","Ref":")j" + std::string(ref) +
         R"j(","Vuln":)j" + std::string(vuln) + "}\n";
}

constexpr std::string_view kBookworm =
    R"j("distribution":{"id":"","did":"debian","name":"Debian GNU/Linux","version":"12 (bookworm)","version_code_name":"bookworm","version_id":"12","arch":"","cpe":"","pretty_name":"Debian GNU/Linux 12 (bookworm)"})j";

std::string vuln(std::string_view name, std::string_view package, std::string_view fixed_in, std::string_view distribution = kBookworm, std::string_view kind = "source",
                 std::string_view more = "") {
  return R"j({"id":"1","name":")j" + std::string(name) + R"j(","description":"words","issued":"0001-01-01T00:00:00Z","links":"https://a.example/1 https://a.example/2","severity":"high","normalized_severity":"High","package":{"id":"","name":")j" +
         std::string(package) + R"j(","version":"","kind":")j" + std::string(kind) + R"j(","normalized_version":"","cpe":""},)j" + std::string(distribution) +
         R"j(,"repository":{"cpe":""},"fixed_in_version":")j" + std::string(fixed_in) + "\"" + std::string(more) + "}";
}

std::string alpine_dist(std::string_view members) { return R"j("distribution":{"did":"alpine",)j" + std::string(members) + "}"; }

bool has(const std::vector<std::string>& notes, std::string_view part) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& one) { return one.find(part) != std::string::npos; });
}

}  // namespace clair_updates_test_detail
using namespace clair_updates_test_detail;

TEST_CASE("clair updates: rows of the feeds come back as they were") {
  Folder here, there;
  fill(*here.store, "debian", {{"debian:12", "curl", fixed("CVE-2024-1", "7.88.1-10+deb12u9")}, {"debian:11", "curl", fixed("CVE-2024-1", "")}, {"debian:unstable", "curl", fixed("CVE-2024-1", "8.1-1")}},
       {{.id = "CVE-2024-1", .description = "a <b> & \"c\"", .urls = {"https://bugs.debian.org/1", "https://x.example/a b"}, .published = 1'600'000'000}});
  fill(*here.store, "ubuntu", {{"ubuntu:22.04", "curl", fixed("CVE-2024-2", "7.81.0-1ubuntu1.15")}});
  fill(*here.store, "alpine", {{"alpine:v3.19", "musl", fixed("CVE-2024-3", "1.2.4-r5")}, {"alpine:edge", "musl", fixed("CVE-2024-3", "1.2.5-r0")}});
  Advisory amazon = fixed("CVE-2024-4", "1:2.0-1.amzn2", NameKind::binary);
  amazon.record = "ALAS2-2024-1";
  amazon.references = {"ALAS2-2024-1"};
  amazon.arches = {"aarch64", "x86_64"};
  fill(*here.store, "amazon", {{"amzn:2", "bind", amazon}, {"amzn:1", "bind", amazon}, {"amzn:2023", "bind", amazon}});
  Advisory oracle = amazon;
  oracle.record = "ELSA-2024-12";
  oracle.references = {"ELSA-2024-12"};
  oracle.arches = {"x86_64"};
  oracle.module = "nodejs:18";
  fill(*here.store, "oracle", {{"ol:9", "nodejs", oracle}});
  fill(*here.store, "photon", {{"photon:5.0", "zlib", fixed("CVE-2024-5", "1.3-1.ph5", NameKind::both)}});
  fill(*here.store, "suse", {{"opensuse-leap:15.6", "zlib", fixed("CVE-2024-6", "1.3-1", NameKind::binary)}, {"sles:15.6", "zlib", fixed("CVE-2024-6", "1.3-2", NameKind::binary)}});
  Advisory redhat = fixed("CVE-2024-7", "", NameKind::both);
  redhat.cpes = {"cpe:/a:redhat:enterprise_linux:9::appstream", "cpe:/a:redhat:rhel_eus:9.4::appstream", "cpe:/o:redhat:enterprise_linux:9"};
  redhat.status = Status::affected;
  Advisory built = fixed("CVE-2024-7", "1:3.0.7-27.el9", NameKind::binary);
  built.arches = {"x86_64"};
  built.cpes = {"cpe:/o:redhat:enterprise_linux:9"};
  fill(*here.store, "redhat-vex", {{"rhel:9", "openssl", redhat}, {"rhel:9", "openssl-libs", built}});
  Advisory python = fixed("CVE-2024-8", "3.1", NameKind::both);
  python.severity_word.clear();
  python.record = "GHSA-aaaa-bbbb-cccc";
  python.aliases = {"GHSA-aaaa-bbbb-cccc"};
  python.ranges = {Range{.upper = "2.0+x"}, Range{.introduced = "3.0", .upper = "3.1"}};
  Advisory go = fixed("CVE-2024-9", "1.21.5", NameKind::both);
  go.severity_word.clear();
  go.ranges = {Range{.introduced = "", .upper = "1.20.12", .semver = true}, Range{.introduced = "1.21.0", .upper = "1.21.5", .semver = true}};
  Advisory npm = fixed("CVE-2024-10", "", NameKind::both);
  npm.severity_word.clear();
  npm.ranges = {Range{.introduced = "1.2.0", .upper = "1.4.7", .upper_inclusive = true, .semver = true}};
  Advisory ruby = fixed("CVE-2024-11", "", NameKind::both);
  ruby.severity_word.clear();
  ruby.ranges = {Range{.introduced = "1.0", .upper = "2.0", .upper_inclusive = true}};
  fill(*here.store, "osv", {{"pypi", "x", python}, {"go", "stdlib", go}, {"npm", "y", npm}, {"rubygems", "z", ruby}},
       {{.id = "CVE-2024-8", .cvss = {{"3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5}}}});

  const Exported file = exported(*here.store);
  CHECK(exported(*here.store).bytes == file.bytes);
  CHECK(file.summary.notes.empty());
  CHECK(file.summary.operations == 16);
  CHECK(is_clair_updates(file.bytes.substr(0, kClairHeadBytes)));
  const ClairImport done = taken(*there.store, file.bytes);
  CHECK(done.notes.empty());
  CHECK(done.feeds.size() == 9);
  for (const auto& place : std::vector<std::pair<std::string, std::string>>{
           {"debian:12", "curl"}, {"debian:11", "curl"}, {"debian:unstable", "curl"}, {"ubuntu:22.04", "curl"}, {"alpine:v3.19", "musl"}, {"alpine:edge", "musl"},
           {"amzn:1", "bind"}, {"amzn:2", "bind"}, {"amzn:2023", "bind"}, {"ol:9", "nodejs"}, {"photon:5.0", "zlib"}, {"opensuse-leap:15.6", "zlib"}, {"sles:15.6", "zlib"},
           {"rhel:9", "openssl"}, {"rhel:9", "openssl-libs"}, {"pypi", "x"}, {"go", "stdlib"}, {"npm", "y"}, {"rubygems", "z"}}) {
    const std::string &space = place.first, &package = place.second;
    CAPTURE(space);
    CAPTURE(package);
    REQUIRE(rows(*here.store, space, package).size() == 1);
    CHECK(rows(*there.store, space, package) == rows(*here.store, space, package));
  }
  const auto text = there.store->text("debian", "CVE-2024-1");
  REQUIRE(text);
  REQUIRE(*text);
  CHECK((*text)->description == "a <b> & \"c\"");
  CHECK((*text)->urls == std::vector<std::string>{"https://bugs.debian.org/1", "https://x.example/a%20b"});
  CHECK((*text)->published == 1'600'000'000);
  CHECK((*there.store->text("osv", "CVE-2024-8"))->cvss == (*here.store->text("osv", "CVE-2024-8"))->cvss);
  CHECK(there.store->feeds()->front().fetched_at == 1'700'000'000);
  CHECK(exported(*there.store).bytes == file.bytes);
  const ClairImport again = taken(*there.store, file.bytes);
  for (const auto& one : again.feeds) CHECK_MESSAGE(one.second.unchanged, one.first);
  for (const Compression packed : {Compression::gzip, Compression::zstd}) {
    Folder third;
    const Exported small = exported(*here.store, {}, packed);
    CHECK(small.bytes.size() < file.bytes.size() / 3);
    CHECK(exported(*here.store, {}, packed).bytes == small.bytes);
    taken(*third.store, small.bytes);
    CHECK(exported(*third.store).bytes == file.bytes);
  }
}

TEST_CASE("clair updates: a line as clairctl reads it") {
  Folder here;
  fill(*here.store, "debian", {{"debian:12", "curl", fixed("CVE-2024-1", "7.88.1-10")}}, {{.id = "CVE-2024-1", .description = "words", .urls = {"https://a.example"}}});
  // golden: quay/claircore's types, with the values of its distributions; reference and fingerprint: Python's hashlib
  CHECK(exported(*here.store).bytes ==
        R"j({"Updater":"debian/updater","Fingerprint":"eclair-695322438e98bb915abef7156d6fef4ccf65f03045c830baebfb1b7c0269dc82","Date":"2023-11-14T22:13:20Z","Ref":"69532243-8e98-8bb9-815a-bef7156d6fef","Vuln":{"id":"","updater":"debian/updater","name":"CVE-2024-1","description":"words","issued":"0001-01-01T00:00:00Z","links":"https://a.example","severity":"High","normalized_severity":"High","package":{"id":"","name":"curl","version":"","kind":"source","normalized_version":"","cpe":""},"distribution":{"id":"","did":"debian","name":"Debian GNU/Linux","version":"12 (bookworm)","version_code_name":"bookworm","version_id":"12","arch":"","cpe":"","pretty_name":"Debian GNU/Linux 12 (bookworm)"},"repository":{"cpe":""},"fixed_in_version":"7.88.1-10"},"Kind":"vulnerability"})j"
        "\n");
}

TEST_CASE("clair updates: what the form cannot say is left out and told") {
  Folder here;
  Advisory never = fixed("CVE-2024-1", "");
  never.status = Status::not_affected;
  Advisory open = never;
  open.status = Status::under_investigation;
  Advisory begins = fixed("CVE-2024-2", "2.0");
  begins.ranges = {Range{.introduced = "1.0", .upper = "2.0"}};
  fill(*here.store, "debian", {{"debian:12", "a", never}, {"debian:12", "b", open}, {"debian:12", "c", begins}, {"debian:12", "d", fixed("CVE-2024-3", "1")}, {"debian:sometime", "d", fixed("CVE-2024-3", "1")}},
       {{.id = "CVE-2024-4", .description = "x"}});
  fill(*here.store, "ubuntu", {{"ubuntu:22.04:esm-apps", "a", fixed("CVE-2024-3", "1")}, {"ubuntu:22.04", "a", fixed("CVE-2024-3", "1")}});
  fill(*here.store, "arch", {{"arch", "a", fixed("CVE-2024-3", "1-1")}});
  fill(*here.store, "alpine", {{"alpine:v3.19", "a", fixed("CVE-2024-5", "1-r0")}}, {{.id = "CVE-2024-5", .description = std::string(1u << 20, 'x')}});
  const Exported file = exported(*here.store);
  CHECK(file.summary.records == 2);
  const auto& notes = file.summary.notes;
  CHECK(has(notes, "left out: 1 record of debian that say that a package is not affected"));
  CHECK(has(notes, "left out: 1 record of debian that are under investigation"));
  CHECK(has(notes, "left out: 1 record of debian that have versions that the form cannot say"));
  CHECK(has(notes, "left out: 1 record of debian that are of releases"));
  CHECK(has(notes, "left out: 1 record of ubuntu that are of releases"));
  CHECK(has(notes, "left out: 1 record of alpine that are larger than 1 MiB"));
  CHECK(has(notes, "left out: arch (1 record), of which no updater of Clair's speaks"));
  CHECK(notes.size() == 7);
  const auto nothing = export_clair(*here.store, {"arch"}, Compression::none, [](std::string_view) -> Result<> { return {}; }, Cancel{});
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code == Errc::not_found);
  CHECK_FALSE(export_clair(*here.store, {"photon"}, Compression::none, [](std::string_view) -> Result<> { return {}; }, Cancel{}));
}

TEST_CASE("clair updates: enrichments") {
  Folder here, there;
  const std::vector<VulnerabilityText> nvd = {{.id = "CVE-2024-0001", .description = "words", .cvss = {{"4.0", "CVSS:4.0/AV:N", 9}, {"3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5}}},
                                              {.id = "CVE-2024-0002", .cvss = {{"2.0", "AV:N/AC:L/Au:N/C:N/I:N/A:P", 5}}}};
  const auto row = [](const std::string& cve) { return Told{"cve", "CVE-2024-0xxx", fixed(cve, "", NameKind::both)}; };
  fill(*here.store, "nvd", {row("CVE-2024-0001"), row("CVE-2024-0002")}, nvd);
  fill(*here.store, "epss", {row("CVE-2024-0001")}, {{.id = "CVE-2024-0001", .epss = Epss{0.25, 0.5, 1'700'000'000}}});
  fill(*here.store, "kev", {row("CVE-2024-0001")}, {{.id = "CVE-2024-0001", .title = "t", .description = "d", .exploited = Exploited{1'704'067'200, 1'704'153'600, true}}});
  const Exported file = exported(*here.store);
  CHECK(file.summary.records == 3);
  CHECK(has(file.summary.notes, "left out: 1 record of nvd that have no CVSS score of version 3"));
  CHECK(file.bytes.find(R"j({"Tags":["CVE-2024-0001"],"Enrichment":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H","baseScore":7.5,"baseSeverity":"HIGH"}},"Kind":"enrichment")j") !=
        std::string::npos);
  taken(*there.store, file.bytes);
  const auto score = *there.store->text("nvd", "CVE-2024-0001");
  REQUIRE(score);
  CHECK(score->cvss.size() == 1);
  CHECK(score->cvss.front().score == 7.5);
  CHECK(score->severity == Severity::high);
  CHECK((*there.store->text("epss", "CVE-2024-0001"))->epss == Epss{0.25, 0.5, 1'700'000'000});
  CHECK((*there.store->text("kev", "CVE-2024-0001"))->exploited == Exploited{1'704'067'200, 1'704'153'600, true});
  // Where NVD is known whole, its words stay.
  taken(*here.store, file.bytes);
  CHECK((*here.store->text("nvd", "CVE-2024-0001"))->description == "words");
  CHECK((*here.store->text("nvd", "CVE-2024-0001"))->cvss.size() == 2);
  CHECK(*here.store->text("nvd", "CVE-2024-0002"));
  // As CISA spells it.
  taken(*there.store, R"j({"Updater":"clair.kev","Date":"2026-07-02T00:00:00Z","Kind":"enrichment","Ref":"r","Enrichment":{"Tags":["CVE-2024-0003"],"Enrichment":{"cveID":"CVE-2024-0003","dateAdded":"2024-01-01","knownRansomwareCampaignUse":"Unknown"}}})j"
                      "\n");
  CHECK((*there.store->text("kev", "CVE-2024-0003"))->exploited == Exploited{1'704'067'200, 0, false});
}

TEST_CASE("clair updates: the spellings of distributions") {
  const auto space = [](std::string did, std::string version, std::string codename, std::string version_id, std::string pretty) {
    return namespace_of_clair({std::move(did), "", std::move(version), std::move(codename), std::move(version_id), "", std::move(pretty)});
  };
  CHECK(space("alpine", "3.19", "", "", "Alpine Linux v3.19") == "alpine:v3.19");
  CHECK(space("alpine", "", "", "3.19", "") == "alpine:v3.19");
  CHECK(space("alpine", "", "", "3.19.1", "") == "alpine:v3.19");
  CHECK(space("alpine", "", "", "", "Alpine Linux v3.9") == "alpine:v3.9");
  CHECK(space("alpine", "edge", "", "", "Alpine Linux edge") == "alpine:edge");
  CHECK(space("debian", "12 (bookworm)", "bookworm", "12", "") == "debian:12");
  CHECK(space("debian", "", "bookworm", "", "") == "debian:12");
  CHECK(space("ubuntu", "22.04 (Jammy)j", "jammy", "", "") == "ubuntu:22.04");
  CHECK(space("amzn", "2018.03", "", "2018.03", "") == "amzn:1");
  CHECK(space("ol", "8", "Oracle Linux 8", "8", "") == "ol:8");
  CHECK(space("opensuse", "42.3", "", "42.3", "") == "opensuse-leap:42.3");
  CHECK(space("sles", "15", "", "15", "") == "");
  CHECK(space("plan9", "4", "", "4", "") == "");
  CHECK(space("debian", "a/b", "", "../x", "") == "");
  for (const std::string_view name : {"debian:12", "debian:unstable", "ubuntu:24.04", "alpine:v3.20", "alpine:edge", "rhel:9", "amzn:1", "amzn:2", "amzn:2023", "ol:9", "photon:5.0", "sles:15.5", "opensuse-leap:15.6"}) {
    CHECK_MESSAGE(namespace_of_clair(clair_distribution(name)) == name, name);
  }
  for (const std::string_view cpe : {"cpe:/o:redhat:enterprise_linux:9", "cpe:/a:redhat:rhel_eus:9.4::appstream", "cpe:/a:redhat:openshift_pipelines:1.14::el8", "cpe:/a:redhat:a%2bb:1"}) {
    CHECK_MESSAGE(cpe_uri(cpe_formatted(cpe)) == cpe, cpe);
  }
  CHECK(cpe_formatted("cpe:/a:redhat:rhel_eus:9.4::appstream") == "cpe:2.3:a:redhat:rhel_eus:9.4:*:appstream:*:*:*:*:*");
  CHECK(cpe_uri("no cpe").empty());
}

TEST_CASE("clair updates: what updaters of Clair's write") {
  Folder here;
  const std::string alpine = alpine_dist(R"j("name":"Alpine Linux","version_id":"3.19","pretty_name":"Alpine Linux v3.19")j");
  const std::string amazon = R"j("distribution":{"did":"amzn","name":"Amazon Linux","version":"2","version_id":"2"})j";
  const std::string file =
      line("debian/updater", "a", vuln("CVE-2024-1", "curl", "7.0-1")) +
      line("debian/updater", "a", vuln("CVE-2024-1", "libcurl4", "7.0-1", kBookworm, "binary")) +       // told again by binary names
      line("debian/updater", "a", vuln("CVE-2024-2", "curl", "0")) +                                    // never was affected
      line("debian/updater", "a", vuln("CVE-2024-3", "curl", "", kBookworm, "source", R"j(,"Self":{"Space":{},"Name":""},"Aliases":[{"Space":{},"Name":""},null],"Invert":false)j")) +
      line("alpine-main-v3.19-updater", "b", vuln("CVE-2024-4", "musl", "1.2-r1", alpine)) +
      line("alpine-community-v3.19-updater", "c", vuln("CVE-2024-4", "php", "8-r1", alpine)) +
      line("aws-linux2-updater", "d", vuln("ALAS2-2024-9", "bind", "2.0-1", amazon, "binary", R"j(,"links_":"")j")) +
      line("rhel-vex", "e", R"j({"name":"CVE-2024-5","package":{"name":"openssl","kind":"binary","arch":"aarch64|x86_64","module":"m:1"},"repository":{"name":"cpe:2.3:o:redhat:enterprise_linux:9:*:*:*:*:*:*:*","key":"rhel-cpe-repository","cpe":"cpe:2.3:o:redhat:enterprise_linux:9:*:*:*:*:*:*:*"},"fixed_in_version":"0:3.0-1.el9","arch_op":"pattern match","normalized_severity":"Low"})j") +
      line("rhel-vex", "e", R"j({"name":"CVE-2024-5","package":{"name":"openshift/x","kind":"binary"},"repository":{"name":"c","key":"rhcc-container-repository"},"fixed_in_version":"1"})j") +
      line("osv/npm", "f", R"j({"name":"GHSA-1","severity":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H","normalized_severity":"High","package":{"name":"y","kind":"binary"},"repository":{"name":"npm","uri":"https://www.npmjs.com/"},"fixed_in_version":"1.2.3-rc1","range":{"[":"semver:0.1.0.0.0.0.0.0.0.0",")":"semver:0.1.2.3.0.0.0.0.0.0"},"Aliases":[{"space":"CVE","name":"2024-0006"}]})j") +
      line("osv/pypi", "g", R"j({"name":"PYSEC-1","package":{"name":"A_b","kind":"binary"},"repository":{"name":"pypi"},"fixed_in_version":"introduced=2.0&lastAffected=2.1%2Bx"})j") +
      line("suse-updater-suse.linux.enterprise.server.15", "h", vuln("CVE-2024-7", "zlib", "1-1", R"j("distribution":{"did":"sles","version":"15","version_id":"15"})j", "binary")) +
      line("oracle-2024-updater", "i", R"j({"name":"ELSA-2024-1: bind security update (IMPORTANT)","links":"https://linux.oracle.com/errata/ELSA-2024-1.html https://linux.oracle.com/cve/CVE-2024-0008.html https://linux.oracle.com/cve/CVE-2024-0009.html","package":{"name":"bind","kind":"binary"},"distribution":{"did":"ol","version_id":"9"},"fixed_in_version":"32:9-1.el9"})j") +
      line("somebody/else", "j", "{}") + line("somebody/else", "j", "{}");
  const ClairImport done = taken(*here.store, file);
  const auto curl = rows(*here.store, "debian:12", "curl");
  REQUIRE(curl.size() == 3);
  CHECK(curl[0].fixed_in == "7.0-1");
  CHECK(curl[0].name_kind == NameKind::source);
  CHECK(curl[0].severity == Severity::high);
  CHECK(curl[1].status == Status::not_affected);
  CHECK(curl[2].status == Status::affected);
  CHECK(rows(*here.store, "debian:12", "libcurl4").empty());
  CHECK(rows(*here.store, "alpine:v3.19", "musl").size() == 1);
  CHECK(rows(*here.store, "alpine:v3.19", "php").size() == 1);
  CHECK(rows(*here.store, "amzn:2", "bind").front().vulnerability == "ALAS2-2024-9");
  const Advisory redhat = rows(*here.store, "rhel:9", "openssl").front();
  CHECK(redhat.fixed_in == "3.0-1.el9");
  CHECK(redhat.arches == std::vector<std::string>{"aarch64", "x86_64"});
  CHECK(redhat.cpes == std::vector<std::string>{"cpe:/o:redhat:enterprise_linux:9"});
  CHECK(redhat.module == "m:1");
  const Advisory npm = rows(*here.store, "npm", "y").front();
  CHECK(npm.vulnerability == "CVE-2024-0006");
  CHECK(npm.aliases == std::vector<std::string>{"GHSA-1"});
  CHECK(npm.ranges == std::vector<Range>{Range{.introduced = "1.0.0", .upper = "1.2.3-rc1", .semver = true}});
  CHECK(npm.severity == Severity::high);
  CHECK((*here.store->text("osv", "CVE-2024-0006"))->cvss.front().score == 7.5);
  const Advisory python = rows(*here.store, "pypi", "a-b").front();
  CHECK(python.ranges == std::vector<Range>{Range{.introduced = "2.0", .upper = "2.1+x", .upper_inclusive = true}});
  const auto bind = rows(*here.store, "ol:9", "bind");
  REQUIRE(bind.size() == 2);
  CHECK(bind[0].vulnerability == "CVE-2024-0008");
  CHECK(bind[1].references == std::vector<std::string>{"ELSA-2024-1"});
  CHECK(has(done.notes, "passed over 2 records of somebody/else, an updater that is not known"));
  CHECK(has(done.notes, "passed over 1 record that are of Red Hat's container images"));
  CHECK(has(done.notes, "passed over 1 record that are of all service packs"));
  CHECK(has(done.notes, "passed over 1 record that repeat"));
  CHECK(done.notes.size() == 4);
}

TEST_CASE("clair updates: a fix of Ubuntu Pro is none for everybody") {
  Folder here, there;
  Advisory paid = fixed("CVE-2024-1", "");
  paid.status = Status::will_not_fix;
  paid.ranges = {Range{.upper = "1.0-1+esm2"}};
  paid.reason = "fixed for Ubuntu Pro in 1.0-1+esm2";
  fill(*here.store, "ubuntu", {{"ubuntu:14.04", "a", paid}});
  taken(*there.store, exported(*here.store).bytes);
  CHECK(rows(*there.store, "ubuntu:14.04", "a") == std::vector<Advisory>{paid});
}

TEST_CASE("clair updates: a bad line loses itself alone") {
  Folder here;
  const std::string good = line("debian/updater", "a", vuln("CVE-2024-1", "curl", "7.0-1"));
  const std::string file = "nonsense\n" + good + "{\"Updater\":\n" + "[]\n\n" + line("debian/updater", "a", "7") + line("debian/updater", "a", vuln("CVE-2024-2", "curl", "not a version")) +
                           line("debian/updater", "a", vuln("CVE-2024-3", "curl", "1", R"j("distribution":{"did":"beos"})j")) +
                           line("debian/updater", "a", vuln("CVE-2024-4", "curl", "1", R"j("distribution":{"did":"ubuntu","version_id":"22.04"})j")) +
                           line("debian/updater", "a", vuln("CVE-2024-5", "curl", "8.0-1"));
  const ClairImport done = taken(*here.store, file);
  CHECK(rows(*here.store, "debian:12", "curl").size() == 2);
  CHECK(has(done.notes, "dropped line 1: json"));
  CHECK(done.feeds.front().second.bad_records == 6);
  CHECK(done.feeds.front().second.bad.front().substr(0, 7) == "line 3:");
  // One that is too long; the end that is missing.
  Folder other;
  Limits tight;
  tight.feed_member_bytes = 2000;
  const auto cut = imported(*other.store, good + std::string(5000, 'x') + "\n" + line("debian/updater", "a", vuln("CVE-2024-5", "curl", "8.0-1")), false, 1'800'000'000, tight);
  REQUIRE(cut);
  CHECK(rows(*other.store, "debian:12", "curl").size() == 2);
  CHECK(cut->feeds.front().second.bad.front() == "line 2: longer than feed_member_bytes (2000)");
  const auto error_of = [&](const std::string& bytes) {
    const auto refused = imported(*here.store, bytes);
    REQUIRE_FALSE(refused);
    return refused.error().text;
  };
  CHECK(error_of(good + good.substr(0, 100)) == "Clair's updates end within line 2");
  CHECK(error_of("") == "not Clair's updates: no line of them names an updater");
  CHECK(error_of("{}\n") == "not Clair's updates: no line of them names an updater");
  CHECK(error_of(good + line("debian/updater", "b", vuln("CVE-2024-9", "curl", "1"))).find("debian/updater has two operations") != std::string::npos);
  CHECK(taken(*here.store, good.substr(0, good.size() - 1)).feeds.size() == 1);  // whole without its last end of line
}

TEST_CASE("clair updates: one operation replaces what it speaks for, and time does not go back unless told") {
  Folder here;
  fill(*here.store, "debian", {{"debian:12", "curl", fixed("CVE-2023-1", "1")}, {"debian:11", "curl", fixed("CVE-2023-1", "1")}}, {}, 1'782'000'000);  // 2026-06-21
  fill(*here.store, "alpine", {{"alpine:v3.19", "musl", fixed("CVE-2023-1", "1-r0")}}, {}, 1'790'000'000);
  const std::string alpine = alpine_dist(R"j("version_id":"3.19")j");
  const std::string file = line("alpine-main-v3.19-updater", "b", vuln("CVE-2024-4", "musl", "1.2-r1", alpine)) + line("debian/updater", "a", vuln("CVE-2024-1", "curl", "7.0-1"));
  const ClairImport done = taken(*here.store, file);
  CHECK(done.feeds.size() == 1);
  CHECK(has(done.notes, "passed over alpine: what is here is of 2026-09-21T"));
  CHECK(rows(*here.store, "debian:12", "curl").size() == 1);
  CHECK(rows(*here.store, "debian:12", "curl").front().vulnerability == "CVE-2024-1");
  CHECK(rows(*here.store, "debian:11", "curl").front().vulnerability == "CVE-2023-1");
  CHECK(rows(*here.store, "alpine:v3.19", "musl").front().vulnerability == "CVE-2023-1");
  const auto alone = imported(*here.store, line("alpine-main-v3.19-updater", "b", vuln("CVE-2024-4", "musl", "1.2-r1", alpine)));
  REQUIRE_FALSE(alone);
  CHECK(alone.error().code == Errc::conflict);
  const ClairImport older = taken(*here.store, file, true);
  CHECK(older.feeds.size() == 2);
  CHECK(has(older.notes, "alpine:v3.19: main and community are not both in the file"));
  CHECK(rows(*here.store, "alpine:v3.19", "musl").size() == 2);
  // A date in the future is none, and one that is missing is old.
  Folder other;
  taken(*other.store, line("debian/updater", "a", vuln("CVE-2024-1", "curl", "7.0-1"), "2999-01-01T00:00:00Z"));
  CHECK(other.store->feeds()->front().fetched_at == 1'800'000'000);
  CHECK_FALSE(imported(*other.store, line("debian/updater", "c", vuln("CVE-2024-1", "curl", "7.0-1"), "")));
}

TEST_CASE("clair updates: what is one") {
  CHECK(is_clair_updates(line("debian/updater", "a", "{}")));
  CHECK(is_clair_updates(R"j({"Updater":"osv/pypi","Fingerprint":"long","Date":"2026-07-01T00:00:00Z","Ref":"x","Vuln":{"id":)j"));
  CHECK_FALSE(is_clair_updates(""));
  CHECK_FALSE(is_clair_updates("{}\n{\"Updater\":\"x\",\"Kind\":\"y\"}"));
  CHECK_FALSE(is_clair_updates(R"j({"id":"PYSEC-2024-1"})j"));
}
