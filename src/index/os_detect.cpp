// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "index/os_detect.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "index/index.h"
#include "model/codenames.h"
#include "util/text.h"

namespace eclair::index {
namespace os_detect_detail {

using Facts = std::map<std::string, std::map<std::string, std::string>>;

std::string_view fact(const Facts& facts, const std::string& path, const std::string& key) {
  const auto file = facts.find(path);
  if (file == facts.end()) return {};
  const auto value = file->second.find(key);
  return value == file->second.end() ? std::string_view{} : std::string_view(value->second);
}

/// The digits and dots at the start of `s`, with at most `parts` numbers; "" when it does not start with a digit.
std::string numbers(std::string_view s, int parts = 9) {
  std::size_t at = 0;
  std::size_t good = 0;
  for (int part = 0; part < parts; ++part) {
    const std::size_t begin = at;
    while (at < s.size() && text::is_digit(s[at])) ++at;
    if (at == begin) break;
    good = at;
    if (at >= s.size() || s[at] != '.') break;
    ++at;
  }
  return std::string(s.substr(0, good));
}

/// An id is used in keys and names everywhere: a letter or digit, then also ".", "_", "-". Anything else is no id.
std::string clean_id(std::string_view id) {
  const std::string lower = text::lower(text::trim(id));
  const bool plain = std::all_of(lower.begin(), lower.end(), [](char c) { return text::is_alpha(c) || text::is_digit(c) || c == '.' || c == '_' || c == '-'; });
  return plain && lower.size() <= 64 ? lower : std::string();
}

// -- os-release and lsb-release -------------------------------------------------------------------------------------------

/// The code name in VERSION: "9 (stretch)", "14.04.5 LTS, Trusty Tahr".
std::string codename_in_version(std::string_view version) {
  const std::size_t open = version.find('('), close = version.find(')');
  if (open != std::string_view::npos && close != std::string_view::npos && close > open) {
    const std::string name = text::lower(text::trim(version.substr(open + 1, close - open - 1)));
    return name.find(' ') == std::string::npos ? name : std::string();
  }
  const auto [number, name] = text::cut(version, ',');
  const std::vector<std::string_view> words = text::words(name);
  return words.empty() ? std::string() : text::lower(words.front());
}

Os from_os_release(const Facts& facts, const std::string& path) {
  const auto get = [&](const char* key) { return fact(facts, path, std::string("os-release.") + key); };
  Os os;
  os.id = clean_id(get("ID"));
  if (os.id.empty()) return {};
  os.version = text::trim(get("VERSION_ID"));
  os.codename = text::lower(text::trim(get("VERSION_CODENAME")));
  if (os.codename.empty()) os.codename = text::lower(text::trim(get("UBUNTU_CODENAME")));
  if (os.codename.empty() && (os.id == "debian" || os.id == "ubuntu")) os.codename = codename_in_version(get("VERSION"));
  os.id_like = text::lower(get("ID_LIKE"));
  os.cpe = get("CPE_NAME");
  os.pretty = get("PRETTY_NAME").empty() ? get("NAME") : get("PRETTY_NAME");
  return os;
}

Os from_lsb_release(const Facts& facts, const std::string& path) {
  const auto get = [&](const char* key) { return fact(facts, path, std::string("lsb-release.DISTRIB_") + key); };
  Os os;
  os.id = clean_id(get("ID"));
  if (os.id == "amazonami") os.id = "amzn";
  if (os.id == "oracleserver" || os.id == "oraclelinux") os.id = "ol";
  if (os.id == "redhatenterpriseserver" || os.id == "redhatenterprise") os.id = "rhel";
  if (os.id == "rockylinux") os.id = "rocky";
  if (os.id.empty()) return {};
  os.version = text::trim(get("RELEASE"));
  os.codename = text::lower(text::trim(get("CODENAME")));
  if (os.id == "debian" && numbers(os.version).empty()) os.version.clear();  // "testing", "unstable"
  os.pretty = get("DESCRIPTION");
  return os;
}

// -- one-line files -------------------------------------------------------------------------------------------------------

struct Brand {
  std::string_view start, id;
  int parts;  // numbers of the version that os-release would give
};
// Longer names before those they begin with.
constexpr Brand kBrands[] = {
    {"CentOS", "centos", 1},
    {"Red Hat Enterprise Linux CoreOS", "rhcos", 2},
    {"Red Hat Enterprise Linux", "rhel", 2},
    {"Red Hat Linux", "rhl", 2},
    {"Oracle Linux", "ol", 2},
    {"Enterprise Linux Enterprise Linux", "ol", 2},  // Oracle's, 5 and before
    {"Rocky Linux", "rocky", 2},
    {"AlmaLinux", "almalinux", 2},
    {"Scientific Linux", "scientific", 2},
    {"CloudLinux", "cloudlinux", 2},
    {"Virtuozzo", "virtuozzo", 2},
    {"EuroLinux", "eurolinux", 2},
    {"Fedora", "fedora", 1},
    {"Amazon Linux AMI", "amzn", 2},
    {"Amazon Linux", "amzn", 1},
    {"VMware Photon", "photon", 2},
    {"CBL-Mariner", "mariner", 2},
    {"Mariner", "mariner", 2},
    {"Microsoft Azure Linux", "azurelinux", 2},
    {"Azure Linux", "azurelinux", 2},
    {"SUSE Linux Enterprise Server", "sles", 2},
    {"SUSE Linux Enterprise Desktop", "sled", 2},
    {"openSUSE Tumbleweed", "opensuse-tumbleweed", 0},
    {"openSUSE Leap", "opensuse-leap", 2},
    {"openSUSE", "opensuse", 2},
    {"openEuler", "openeuler", 2},
    {"Anolis OS", "anolis", 2},
    {"EulerOS", "euleros", 2},
};

/// "CentOS Linux release 7.9.2009 (Core)" and the like: a known brand, then the first word that begins with a digit.
Os from_line(std::string_view line) {
  const Brand* brand = std::find_if(std::begin(kBrands), std::end(kBrands), [&](const Brand& b) { return text::iequals(line.substr(0, b.start.size()), b.start); });
  if (brand == std::end(kBrands)) return {};
  Os os;
  os.id = brand->id;
  os.pretty = line;
  for (const std::string_view word : text::words(line.substr(brand->start.size()))) {
    os.version = numbers(word, brand->parts);
    if (!os.version.empty()) break;
  }
  return os;
}

Os from_suse_release(const Facts& facts) {
  Os os = from_line(fact(facts, "etc/SuSE-release", "release.line"));
  const std::string_view version = fact(facts, "etc/SuSE-release", "release.VERSION"), pack = fact(facts, "etc/SuSE-release", "release.PATCHLEVEL");
  if (os && !version.empty()) os.version = std::string(version);
  if (os && !pack.empty() && pack != "0" && os.version.find('.') == std::string::npos) os.version += "." + std::string(pack);
  if (os.id == "opensuse" && os.version.starts_with("42")) os.id = "opensuse-leap";
  return os;
}

Os from_alpine_release(const Facts& facts) {
  const std::string_view line = fact(facts, "etc/alpine-release", "release.line");
  if (numbers(line).empty()) return {};
  Os os;
  os.id = "alpine";
  os.version = text::words(line).front();
  os.pretty = "Alpine Linux " + os.version;
  return os;
}

/// cpe:/o:centos:linux:6:GA, cpe:2.3:o:amazon:amazon_linux:2023
Os from_cpe(std::string_view cpe) {
  struct Maker {
    std::string_view vendor, id;
    int parts;
  };
  constexpr Maker kMakers[] = {{"centos", "centos", 1}, {"redhat", "rhel", 2},   {"fedoraproject", "fedora", 1}, {"oracle", "ol", 2},
                               {"amazon", "amzn", 2},   {"rocky", "rocky", 2}, {"almalinux", "almalinux", 2}, {"scientificlinux", "scientific", 2}};
  std::vector<std::string_view> parts = text::split(cpe, ':');
  const std::size_t first = cpe.starts_with("cpe:/o:") ? 2 : cpe.starts_with("cpe:2.3:o:") ? 3 : 0;
  if (first == 0 || parts.size() < first + 3) return {};
  const Maker* maker = std::find_if(std::begin(kMakers), std::end(kMakers), [&](const Maker& m) { return m.vendor == parts[first]; });
  if (maker == std::end(kMakers)) return {};
  Os os;
  os.id = maker->id;
  os.version = numbers(parts[first + 2], maker->parts);
  if (os.id == "amzn" && os.version.size() > 4 && os.version >= "2022") os.version.resize(4);
  os.cpe = cpe;
  os.pretty = os.id + " " + os.version;
  return os;
}

// -- apt's sources --------------------------------------------------------------------------------------------------------

/// Suites named by apt's sources, without pockets: "bookworm-security" and "stretch/updates" are "bookworm" and "stretch".
std::set<std::string> apt_suites(const Facts& facts) {
  std::set<std::string> suites;
  for (const auto& [path, values] : facts) {
    const bool is_source = path == "etc/apt/sources.list" || (path.starts_with("etc/apt/sources.list.d/") && path.find('/', 23) == std::string::npos);
    const auto found = values.find("apt.suites");
    if (!is_source || found == values.end()) continue;
    for (std::string_view suite : text::words(found->second)) {
      suite = suite.substr(0, suite.find('/'));
      for (const std::string_view pocket : {"-security", "-updates", "-proposed-updates", "-proposed", "-backports-sloppy", "-backports"}) {
        if (suite.ends_with(pocket)) suite.remove_suffix(pocket.size());
      }
      suites.insert(text::lower(suite));
    }
  }
  return suites;
}

/// sid or unstable, and no release beside it: a single line of sid beside a release is there for pinning.
bool is_sid(const std::set<std::string>& suites) {
  bool sid = false;
  for (const std::string& suite : suites) {
    if (suite == "sid" || suite == "unstable") sid = true;
    else if (suite != "experimental" && (suite == "testing" || suite == "stable" || suite == "oldstable" || !release_of_codename("debian", suite).empty())) return false;
  }
  return sid;
}

Os ubuntu_by(std::string_view codename) {
  Os os;
  os.id = "ubuntu";
  os.codename = codename;
  os.version = release_of_codename("ubuntu", codename);
  os.pretty = "Ubuntu " + os.version;
  return os;
}

/// The one release that apt's sources name; nothing when they name several or only moving ones such as "stable".
Os from_apt_sources(const std::set<std::string>& suites) {
  std::vector<Os> found;
  for (const std::string& suite : suites) {
    if (!release_of_codename("ubuntu", suite).empty()) found.push_back(ubuntu_by(suite));
    if (release_of_codename("debian", suite).empty()) continue;
    Os os;
    os.id = "debian";
    os.codename = suite;
    os.version = release_of_codename("debian", suite);
    os.pretty = "Debian GNU/Linux " + os.version + " (" + suite + ")";
    found.push_back(std::move(os));
  }
  if (found.size() == 1) return found.front();
  if (!found.empty() || !is_sid(suites)) return {};
  Os os;
  os.id = "debian";
  os.codename = "sid";
  os.pretty = "Debian GNU/Linux sid";
  return os;
}

/// "12.5", "trixie/sid", "kali-rolling". All derivatives keep the file; Ubuntu is told by its sources.
Os from_debian_version(const Facts& facts, const std::set<std::string>& suites) {
  const std::string_view line = fact(facts, "etc/debian_version", "release.line");
  if (line.empty()) return {};
  for (const std::string& suite : suites) {
    if (!release_of_codename("ubuntu", suite).empty()) return ubuntu_by(suite);
  }
  Os os;
  const std::string first = text::lower(text::cut(text::words(line).empty() ? line : text::words(line).front(), '/').first);
  if (first.starts_with("kali")) {
    os.id = "kali";
    os.pretty = line;
    return os;
  }
  os.id = "debian";
  os.pretty = "Debian GNU/Linux " + std::string(line);
  os.version = numbers(first, 1);
  if (os.version == "3") os.version = numbers(first, 2);
  if (!os.version.empty()) return os;
  if (!release_of_codename("debian", first).empty() || line.ends_with("/sid")) {
    os.codename = first;
    return os;
  }
  return {};
}

// -- what several files say together ---------------------------------------------------------------------------------------

void complete_debian(Os& os, const std::set<std::string>& suites) {
  const std::string major = numbers(os.version, os.version.starts_with("3.") ? 2 : 1);
  if (os.codename.empty()) os.codename = codename_of_release("debian", major);
  if (!os.version.empty()) return;
  const std::string pretty = text::lower(os.pretty);
  if (os.codename.empty()) {  // 10 and before: PRETTY_NAME "Debian GNU/Linux buster/sid" and nothing else
    const std::size_t slash = pretty.find("/sid");
    const std::size_t begin = slash == std::string::npos ? slash : pretty.find_last_of(" (", slash);
    if (begin != std::string::npos) os.codename = pretty.substr(begin + 1, slash - begin - 1);
  }
  if (is_sid(suites) || pretty.ends_with(" sid") || pretty.ends_with("(sid)")) os.codename = "sid";
}

void complete_alpine(Os& os, const Facts& facts) {
  std::set<std::string> releases;
  for (const std::string_view branch : text::words(fact(facts, "etc/apk/repositories", "apk.branches"))) {
    const auto [release, repository] = text::cut(branch, '/');
    if (repository == "main" && (release == "edge" || release.starts_with("v"))) releases.insert(std::string(release));
  }
  const bool says_edge = os.version.find("_alpha") != std::string::npos || os.pretty.find("edge") != std::string::npos;
  if (says_edge) os.codename = "edge";
  if (releases.size() == 1 && *releases.begin() != "v" + numbers(os.version, 2)) os.codename = *releases.begin();
}

}  // namespace os_detect_detail

Os detect_os(const std::map<std::string, std::map<std::string, std::string>>& facts) {
  using namespace os_detect_detail;
  const std::set<std::string> suites = apt_suites(facts);
  Os os;
  for (const char* path : {"etc/os-release", "usr/lib/os-release", "x86_64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release",
                           "aarch64-bottlerocket-linux-gnu/sys-root/usr/lib/os-release"}) {
    if (!os) os = from_os_release(facts, path);
  }
  if (!os) os = from_lsb_release(facts, "etc/lsb-release");
  // Clones keep redhat-release, with the original's text: the file of their own name comes first.
  for (const char* name : {"oracle-release", "rocky-release", "almalinux-release", "centos-release", "fedora-release", "photon-release", "mariner-release",
                           "azurelinux-release", "redhat-release", "system-release"}) {
    for (const char* folder : {"etc/", "usr/lib/"}) {
      if (!os) os = from_line(fact(facts, std::string(folder) + name, "release.line"));
    }
  }
  if (!os) os = from_suse_release(facts);
  if (!os) os = from_alpine_release(facts);
  if (!os) os = from_debian_version(facts, suites);
  const std::string_view cpe = fact(facts, "etc/system-release-cpe", "release.cpe").empty() ? fact(facts, "usr/lib/system-release-cpe", "release.cpe")
                                                                                             : fact(facts, "etc/system-release-cpe", "release.cpe");
  if (!os) os = from_cpe(cpe);
  if (!os) os = from_apt_sources(suites);
  if (!os) return os;

  if (os.cpe.empty() && cpe.starts_with("cpe:")) os.cpe = cpe;
  if (os.id == "debian") complete_debian(os, suites);
  if (os.id == "alpine") complete_alpine(os, facts);
  if (os.id == "ubuntu") {
    if (os.version.empty()) os.version = release_of_codename("ubuntu", os.codename);
    if (os.codename.empty()) os.codename = codename_of_release("ubuntu", numbers(os.version, 2));
  }
  return os;
}

Os os_of(const LayerRecord& record) {
  std::map<std::string, std::map<std::string, std::string>> facts;
  bool says = false;
  for (const Evidence& e : record.evidence) {
    if (e.extractor != kOsRelease && e.extractor != kOsSources) continue;
    facts[e.path] = e.facts;
    says = says || e.extractor == kOsRelease;
  }
  // A layer that only adds a source of packages, perhaps somebody else's, does not say what it is put upon.
  return says ? detect_os(facts) : Os{};
}

}  // namespace eclair::index
