// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Tables of real files, run through the extractors that read them: what detect_os() gets in life.
#include "index/os_detect.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "extract/collector.h"
#include "extract/interest_index.h"

namespace eclair::index {
namespace os_detect_test_detail {

using Files = std::vector<std::pair<std::string, std::string>>;

Os detect(const Files& files) {
  std::map<std::string, std::map<std::string, std::string>> facts;
  const Limits limits;
  const Cancel stop;
  for (const auto& one : files) {
    const std::string path(one.first), content(one.second);
    std::vector<extract::InterestIndex::Hit> hits;
    extract::InterestIndex::standard().match(path, {}, hits);
    REQUIRE_MESSAGE(hits.size() == 1, path);
    const MemorySource source(content);
    extract::Collector sink(limits);
    const extract::EvidenceFile file{{path, content.size(), 0644}, source, {}};
    REQUIRE(extract::extractors()[hits[0].extractor]->extract(file, limits, stop, sink));
    facts[path] = sink.collected().facts;
  }
  return detect_os(facts);
}

struct Row {
  std::string what;
  Files files;
  std::string id, version, codename;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Os os = detect(row.files);
    CHECK(os.id == row.id);
    CHECK(os.version == row.version);
    CHECK(os.codename == row.codename);
    if (os) CHECK(!os.pretty.empty());
  }
}

std::string osr(const std::string& id, const std::string& version, const std::string& rest = "PRETTY_NAME=Some\n") {
  return "ID=" + id + "\n" + (version.empty() ? "" : "VERSION_ID=\"" + version + "\"\n") + rest;
}

const char kE[] = "etc/os-release";

TEST_CASE("os: every distribution of the table, by its os-release") {
  check({
      {"debian", {{kE, osr("debian", "12", "VERSION_CODENAME=bookworm\nPRETTY_NAME=x\n")}, {"etc/debian_version", "12.5\n"}}, "debian", "12", "bookworm"},
      {"debian 9, code name in VERSION", {{kE, osr("debian", "9", "VERSION=\"9 (stretch)\"\nNAME=Debian\n")}}, "debian", "9", "stretch"},
      {"debian without code name", {{kE, osr("debian", "11")}}, "debian", "11", "bullseye"},
      {"ubuntu", {{kE, osr("ubuntu", "22.04", "VERSION_CODENAME=jammy\nID_LIKE=debian\nNAME=Ubuntu\n")}, {"etc/debian_version", "bookworm/sid\n"}}, "ubuntu", "22.04", "jammy"},
      {"ubuntu 14.04", {{kE, osr("ubuntu", "14.04", "VERSION=\"14.04.5 LTS, Trusty Tahr\"\nNAME=Ubuntu\n")}}, "ubuntu", "14.04", "trusty"},
      {"ubuntu 16.04", {{kE, osr("ubuntu", "16.04", "UBUNTU_CODENAME=xenial\nNAME=Ubuntu\n")}}, "ubuntu", "16.04", "xenial"},
      {"alpine", {{kE, osr("alpine", "3.19.1")}, {"etc/alpine-release", "3.19.1\n"}}, "alpine", "3.19.1", ""},
      {"alpine edge", {{kE, osr("alpine", "3.20_alpha20240329", "PRETTY_NAME=\"Alpine Linux edge\"\n")}}, "alpine", "3.20_alpha20240329", "edge"},
      {"wolfi", {{kE, osr("wolfi", "20230201")}}, "wolfi", "20230201", ""},
      {"chainguard", {{kE, osr("chainguard", "20230214")}}, "chainguard", "20230214", ""},
      {"minimos", {{kE, osr("minimos", "")}}, "minimos", "", ""},
      {"rhel", {{kE, osr("\"rhel\"", "9.3")}, {"etc/redhat-release", "Red Hat Enterprise Linux release 9.3 (Plow)\n"}}, "rhel", "9.3", ""},
      {"centos 7", {{kE, osr("\"centos\"", "7")}, {"etc/centos-release", "CentOS Linux release 7.9.2009 (Core)\n"}}, "centos", "7", ""},
      {"centos stream", {{kE, osr("centos", "9", "NAME=\"CentOS Stream\"\n")}}, "centos", "9", ""},
      {"rocky", {{kE, osr("rocky", "9.3")}, {"etc/redhat-release", "Rocky Linux release 9.3 (Blue Onyx)\n"}}, "rocky", "9.3", ""},
      {"almalinux", {{kE, osr("almalinux", "9.3")}}, "almalinux", "9.3", ""},
      {"oracle", {{kE, osr("ol", "8.9")}, {"etc/redhat-release", "Red Hat Enterprise Linux release 8.9 (Ootpa)\n"}}, "ol", "8.9", ""},
      {"fedora", {{kE, osr("fedora", "39")}}, "fedora", "39", ""},
      {"amazon 2", {{kE, osr("amzn", "2", "ID_LIKE=\"centos rhel fedora\"\nNAME=x\n")}}, "amzn", "2", ""},
      {"amazon 2023", {{kE, osr("amzn", "2023")}}, "amzn", "2023", ""},
      {"amazon 1", {{kE, osr("amzn", "2018.03")}}, "amzn", "2018.03", ""},
      {"sles", {{kE, osr("sles", "15.5")}}, "sles", "15.5", ""},
      {"leap", {{kE, osr("opensuse-leap", "15.5")}}, "opensuse-leap", "15.5", ""},
      {"leap 42", {{kE, osr("opensuse", "42.3")}}, "opensuse", "42.3", ""},
      {"tumbleweed", {{kE, osr("opensuse-tumbleweed", "20240101")}}, "opensuse-tumbleweed", "20240101", ""},
      {"sle micro", {{kE, osr("sle-micro", "5.5")}}, "sle-micro", "5.5", ""},
      {"sl micro", {{kE, osr("sl-micro", "6.0")}}, "sl-micro", "6.0", ""},
      {"photon", {{kE, osr("photon", "5.0")}}, "photon", "5.0", ""},
      {"mariner", {{kE, osr("mariner", "2.0")}}, "mariner", "2.0", ""},
      {"azure linux", {{kE, osr("azurelinux", "3.0")}}, "azurelinux", "3.0", ""},
      {"arch", {{kE, osr("arch", "")}}, "arch", "", ""},
      {"gentoo", {{kE, osr("gentoo", "2.14")}}, "gentoo", "2.14", ""},
      {"bottlerocket", {{"x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release", osr("bottlerocket", "1.19.0")}}, "bottlerocket", "1.19.0", ""},
      {"cos", {{kE, osr("cos", "109")}}, "cos", "109", ""},
      {"flatcar", {{kE, osr("flatcar", "3815.2.0")}}, "flatcar", "3815.2.0", ""},
      {"raspbian keeps its id", {{kE, osr("raspbian", "12", "VERSION_CODENAME=bookworm\nNAME=x\n")}, {"etc/debian_version", "12.4\n"}}, "raspbian", "12", "bookworm"},
      {"mint keeps its id", {{kE, osr("linuxmint", "21.3", "VERSION_CODENAME=virginia\nUBUNTU_CODENAME=jammy\nNAME=x\n")}}, "linuxmint", "21.3", "virginia"},
      {"kali is not debian", {{kE, osr("kali", "2024.1", "VERSION_CODENAME=kali-rolling\nNAME=x\n")}, {"etc/debian_version", "kali-rolling\n"}}, "kali", "2024.1", "kali-rolling"},
  });
}

TEST_CASE("os: which file counts") {
  check({
      {"nothing", {}, "", "", ""},
      {"etc before usr/lib", {{kE, osr("debian", "12")}, {"usr/lib/os-release", osr("fedora", "39")}}, "debian", "12", "bookworm"},
      {"usr/lib when etc has none", {{"usr/lib/os-release", osr("fedora", "39")}}, "fedora", "39", ""},
      {"an empty etc/os-release is none", {{kE, "# nothing\n"}, {"usr/lib/os-release", osr("fedora", "39")}}, "fedora", "39", ""},
      {"one without ID is none", {{kE, "NAME=x\n"}, {"etc/alpine-release", "3.18.4\n"}}, "alpine", "3.18.4", ""},
      {"one without ID says nothing at all", {{kE, "NAME=x\nVERSION_ID=7\nVERSION_CODENAME=y\n"}}, "", "", ""},
      {"an ID that is no id is none", {{kE, "ID=\"a b\"\n"}, {"etc/alpine-release", "3.18.4\n"}}, "alpine", "3.18.4", ""},
      {"ID in capitals", {{kE, osr("Debian", "12")}}, "debian", "12", "bookworm"},
      {"lsb-release", {{"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=22.04\nDISTRIB_CODENAME=jammy\nDISTRIB_DESCRIPTION=\"Ubuntu 22.04.3 LTS\"\n"},
                       {"etc/debian_version", "bookworm/sid\n"}}, "ubuntu", "22.04", "jammy"},
      {"lsb-release of Debian", {{"etc/lsb-release", "DISTRIB_ID=Debian\nDISTRIB_RELEASE=12\nDISTRIB_DESCRIPTION=Debian\n"}}, "debian", "12", "bookworm"},
      {"lsb-release of a Debian whose release is of two numbers", {{"etc/lsb-release", "DISTRIB_ID=Debian\nDISTRIB_RELEASE=3.1.8\nDISTRIB_DESCRIPTION=Debian\n"}}, "debian", "3.1.8", "sarge"},
      {"lsb-release of Debian testing", {{"etc/lsb-release", "DISTRIB_ID=Debian\nDISTRIB_RELEASE=testing\nDISTRIB_CODENAME=forky\nDISTRIB_DESCRIPTION=Debian\n"}}, "debian", "", "forky"},
      {"lsb-release whose release is a word", {{"etc/lsb-release", "DISTRIB_ID=Acme\nDISTRIB_RELEASE=rolling\nDISTRIB_DESCRIPTION=Acme\n"}}, "acme", "rolling", ""},
      {"lsb-release of RHEL says nothing", {{"etc/lsb-release", "LSB_VERSION=core-4.1\n"}, {"etc/redhat-release", "CentOS release 6.10 (Final)\n"}}, "centos", "6", ""},
      {"files elsewhere mean nothing", {{"srv/chroot/etc/os-release", osr("fedora", "39")}, {"usr/share/x-os-release", osr("x", "1")}}, "", "", ""},
      {"alpine before debian_version", {{"etc/alpine-release", "3.17.0\n"}, {"etc/debian_version", "12.1\n"}}, "alpine", "3.17.0", ""},
      {"alpine edge by its file", {{"etc/alpine-release", "3.20_alpha20240329\n"}}, "alpine", "3.20_alpha20240329", "edge"},
      {"cpe alone", {{"etc/system-release-cpe", "cpe:/o:centos:linux:6:GA\n"}}, "centos", "6", ""},
      {"cpe 2.3", {{"etc/system-release-cpe", "cpe:2.3:o:amazon:amazon_linux:2023\n"}}, "amzn", "2023", ""},
      {"cpe of someone else", {{"etc/system-release-cpe", "cpe:/o:example:linux:6\n"}}, "", "", ""},
  });
}

TEST_CASE("os: lines of the redhat-release family") {
  const auto by = [](const char* name, const char* line) { return Files{{std::string("etc/") + name, std::string(line) + "\n"}}; };
  check({
      {"centos 7", by("redhat-release", "CentOS Linux release 7.9.2009 (Core)"), "centos", "7", ""},
      {"a version that ends with its dot", by("redhat-release", "Rocky Linux release 9. (Blue Onyx)"), "rocky", "9", ""},
      {"centos 6", by("centos-release", "CentOS release 6.10 (Final)"), "centos", "6", ""},
      {"centos stream", by("centos-release", "CentOS Stream release 9"), "centos", "9", ""},
      {"rhel 7", by("redhat-release", "Red Hat Enterprise Linux Server release 7.9 (Maipo)"), "rhel", "7.9", ""},
      {"rhel 9", by("redhat-release", "Red Hat Enterprise Linux release 9.3 (Plow)"), "rhel", "9.3", ""},
      {"rocky", by("redhat-release", "Rocky Linux release 9.3 (Blue Onyx)"), "rocky", "9.3", ""},
      {"alma", by("redhat-release", "AlmaLinux release 8.9 (Midnight Oncilla)"), "almalinux", "8.9", ""},
      {"oracle", by("oracle-release", "Oracle Linux Server release 8.9"), "ol", "8.9", ""},
      {"fedora", by("fedora-release", "Fedora release 39 (Thirty Nine)"), "fedora", "39", ""},
      {"fedora core", by("redhat-release", "Fedora Core release 6 (Zod)"), "fedora", "6", ""},
      {"amazon 2", by("system-release", "Amazon Linux release 2 (Karoo)"), "amzn", "2", ""},
      {"amazon 1", by("system-release", "Amazon Linux AMI release 2018.03"), "amzn", "2018.03", ""},
      {"amazon 2023", {{"usr/lib/system-release", "Amazon Linux release 2023.3.20240108 (Amazon Linux)\n"}}, "amzn", "2023", ""},
      {"photon", by("photon-release", "VMware Photon OS 4.0"), "photon", "4.0", ""},
      {"mariner", by("mariner-release", "CBL-Mariner 2.0.20231130"), "mariner", "2.0", ""},
      {"scientific", by("redhat-release", "Scientific Linux release 7.9 (Nitrogen)"), "scientific", "7.9", ""},
      {"sles 12", {{"etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 5\n"}}, "sles", "12.5", ""},
      {"sles 12 without pack", {{"etc/SuSE-release", "SUSE Linux Enterprise Server 12 (x86_64)\nVERSION = 12\nPATCHLEVEL = 0\n"}}, "sles", "12", ""},
      {"opensuse", {{"etc/SuSE-release", "openSUSE 13.2 (x86_64)\nVERSION = 13.2\n"}}, "opensuse", "13.2", ""},
      {"no version", by("redhat-release", "Red Hat Enterprise Linux"), "rhel", "", ""},
      {"unknown", by("redhat-release", "Frobnix release 3"), "", "", ""},
      {"a clone's own file wins", {{"etc/redhat-release", "Red Hat Enterprise Linux Server release 7.9 (Maipo)\n"}, {"etc/oracle-release", "Oracle Linux Server release 7.9\n"}}, "ol", "7.9", ""},
      {"os-release wins", {{"etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)\n"}, {kE, osr("fedora", "39")}}, "fedora", "39", ""},
  });
}

TEST_CASE("os: a line of a release gives as many numbers of the version as the distribution's os-release") {
  const struct {
    const char *brand, *id, *version;
  } table[] = {
      {"CentOS Linux", "centos", "1"},
      {"Red Hat Enterprise Linux CoreOS", "rhcos", "1.2"},
      {"Red Hat Enterprise Linux", "rhel", "1.2"},
      {"Red Hat Linux", "rhl", "1.2"},
      {"Oracle Linux Server", "ol", "1.2"},
      {"Enterprise Linux Enterprise Linux Server", "ol", "1.2"},
      {"Rocky Linux", "rocky", "1.2"},
      {"AlmaLinux", "almalinux", "1.2"},
      {"Scientific Linux", "scientific", "1.2"},
      {"CloudLinux", "cloudlinux", "1.2"},
      {"Virtuozzo", "virtuozzo", "1.2"},
      {"EuroLinux", "eurolinux", "1.2"},
      {"Fedora", "fedora", "1"},
      {"Amazon Linux AMI", "amzn", "1.2"},
      {"Amazon Linux", "amzn", "1"},
      {"VMware Photon OS", "photon", "1.2"},
      {"CBL-Mariner", "mariner", "1.2"},
      {"Mariner", "mariner", "1.2"},
      {"Microsoft Azure Linux", "azurelinux", "1.2"},
      {"Azure Linux", "azurelinux", "1.2"},
      {"SUSE Linux Enterprise Server", "sles", "1.2"},
      {"SUSE Linux Enterprise Desktop", "sled", "1.2"},
      {"openSUSE Tumbleweed", "opensuse-tumbleweed", ""},
      {"openSUSE Leap", "opensuse-leap", "1.2"},
      {"openSUSE", "opensuse", "1.2"},
      {"openEuler", "openeuler", "1.2"},
      {"Anolis OS", "anolis", "1.2"},
      {"EulerOS", "euleros", "1.2"},
  };
  for (const auto& row : table) {
    CAPTURE(row.brand);
    const Os os = detect({{"etc/system-release", std::string(row.brand) + " release 1.2.3.4 (Name)\n"}});
    CHECK(os.id == row.id);
    CHECK(os.version == row.version);
  }
}

TEST_CASE("os: Debian testing, sid and apt's sources") {
  const std::string testing = "ID=debian\nVERSION_CODENAME=forky\nPRETTY_NAME=\"Debian GNU/Linux forky/sid\"\n";
  const auto sources = [](const std::string& suites) { return "Types: deb\nURIs: http://x\nSuites: " + suites + "\nComponents: main\n"; };
  const std::string list = "etc/apt/sources.list", deb822 = "etc/apt/sources.list.d/debian.sources";
  check({
      {"testing", {{kE, testing}, {"etc/debian_version", "forky/sid\n"}}, "debian", "", "forky"},
      {"testing by its sources", {{kE, testing}, {deb822, sources("testing testing-updates")}}, "debian", "", "forky"},
      {"sid", {{kE, testing}, {deb822, sources("unstable")}}, "debian", "", "sid"},
      {"sid by its name", {{kE, testing}, {list, "deb http://x sid main\n"}}, "debian", "", "sid"},
      {"sid and experimental", {{kE, testing}, {list, "deb http://x sid main\ndeb http://x experimental main\n"}}, "debian", "", "sid"},
      {"a line of sid beside testing", {{kE, testing}, {deb822, sources("forky")}, {list, "deb http://x sid main\n"}}, "debian", "", "forky"},
      {"a line of sid beside a release", {{kE, osr("debian", "12")}, {list, "deb http://x sid main\n"}}, "debian", "12", "bookworm"},
      {"sources of others", {{kE, testing}, {list, "deb http://x nodistro main\ndeb http://x sid contrib\n"}}, "debian", "", "forky"},
      {"old testing", {{kE, "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux buster/sid\"\n"}}, "debian", "", "buster"},
      {"debian_version", {{"etc/debian_version", "12.5\n"}}, "debian", "12", "bookworm"},
      {"debian_version of testing", {{"etc/debian_version", "trixie/sid\n"}}, "debian", "", "trixie"},
      {"debian_version of sid", {{"etc/debian_version", "trixie/sid\n"}, {list, "deb http://x unstable main\n"}}, "debian", "", "sid"},
      {"debian_version of ubuntu", {{"etc/debian_version", "bookworm/sid\n"}, {list, "deb http://x jammy main\ndeb http://x jammy-updates main\n"}}, "ubuntu", "22.04", "jammy"},
      {"debian_version of kali", {{"etc/debian_version", "kali-rolling\n"}}, "kali", "", ""},
      {"debian_version of a code name alone", {{"etc/debian_version", "trixie\n"}}, "debian", "", "trixie"},
      {"debian_version of a testing whose name is not known yet", {{"etc/debian_version", "zurg/sid\n"}}, "debian", "", "zurg"},
      {"debian_version of nobody", {{"etc/debian_version", "hello\n"}}, "", "", ""},
      {"sources alone", {{list, "deb http://x bookworm main\ndeb http://x bookworm-security main\n"}}, "debian", "12", "bookworm"},
      {"sources alone, old pocket", {{list, "deb http://x stretch/updates main\n"}}, "debian", "9", "stretch"},
      {"sources alone, ubuntu", {{list, "deb http://x noble-security main\n"}}, "ubuntu", "24.04", "noble"},
      {"sources of two releases", {{list, "deb http://x bookworm main\ndeb http://x trixie main\n"}}, "", "", ""},
      {"sources that move", {{list, "deb http://x stable main\n"}}, "", "", ""},
      {"sources alone, a release and sid", {{list, "deb http://x bookworm main\ndeb http://x sid main\n"}}, "debian", "12", "bookworm"},
      {"sources alone, sid", {{list, "deb http://x sid main\n"}}, "debian", "", "sid"},
      {"an empty list of sources", {{kE, testing}, {list, "# none\n"}}, "debian", "", "forky"},
      {"ubuntu without version", {{kE, "ID=ubuntu\nVERSION_CODENAME=noble\nNAME=Ubuntu\n"}}, "ubuntu", "24.04", "noble"},
  });
}

TEST_CASE("os: Alpine's repositories may name another release") {
  const auto alpine = [](const std::string& repositories) { return Files{{kE, osr("alpine", "3.18.4")}, {"etc/apk/repositories", repositories}}; };
  check({
      {"the same", alpine("https://x/alpine/v3.18/main\nhttps://x/alpine/v3.18/community\n"), "alpine", "3.18.4", ""},
      {"a newer one", alpine("https://x/alpine/v3.19/main\nhttps://x/alpine/v3.19/community\n"), "alpine", "3.18.4", "v3.19"},
      {"edge", alpine("https://x/alpine/edge/main\n"), "alpine", "3.18.4", "edge"},
      {"only testing from edge", alpine("https://x/alpine/v3.18/main\nhttps://x/alpine/edge/testing\n"), "alpine", "3.18.4", ""},
      {"two", alpine("https://x/alpine/v3.18/main\nhttps://x/alpine/edge/main\n"), "alpine", "3.18.4", ""},
      {"tagged", alpine("https://x/alpine/v3.18/main\n@edge https://x/alpine/edge/main\n"), "alpine", "3.18.4", ""},
      {"someone's own", alpine("https://example.org/packages/main\n"), "alpine", "3.18.4", ""},
  });
}

TEST_CASE("os: apt's sources are those of the image itself") {
  std::map<std::string, std::map<std::string, std::string>> facts;
  for (const char* path : {"srv/chroot/etc/apt/sources.list", "etc/apt/sources.list.d/old/debian.sources", "etc/apt/sources.list.save"}) facts[path]["apt.suites"] = "bookworm";
  CHECK_FALSE(detect_os(facts));
  facts["etc/apt/sources.list"]["apt.suites"] = "trixie";
  CHECK(detect_os(facts).version == "13");
}

TEST_CASE("os: the other fields") {
  const Os rhel = detect({{kE, osr("rhel", "9.3", "ID_LIKE=\"fedora\"\nCPE_NAME=\"cpe:/o:redhat:enterprise_linux:9::baseos\"\nPRETTY_NAME=\"RHEL 9.3\"\n")},
                          {"etc/system-release-cpe", "cpe:/o:redhat:enterprise_linux:9::baseos\n"}});
  CHECK(rhel.cpe == "cpe:/o:redhat:enterprise_linux:9::baseos");
  CHECK(rhel.id_like == "fedora");
  CHECK(rhel.pretty == "RHEL 9.3");
  const Os centos = detect({{"etc/centos-release", "CentOS release 6.10 (Final)\n"}, {"etc/system-release-cpe", "cpe:/o:centos:linux:6:GA\n"}});
  CHECK(centos.cpe == "cpe:/o:centos:linux:6:GA");
  CHECK(centos.pretty == "CentOS release 6.10 (Final)");
}

}  // namespace os_detect_test_detail
}  // namespace eclair::index
