// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "match/families.h"
#include "match/match.h"
#include "model/codenames.h"
#include "util/text.h"

namespace eclair::match {
namespace namespaces_detail {

/// The first `parts` dotted numbers of a version: ("3.19.1", 2) gives "3.19". "" unless it starts with that many of at most six digits,
/// and goes on with nothing, a dot, or one of `then`.
std::string_view numbers(std::string_view version, int parts, std::string_view then = "") {
  std::size_t at = 0;
  for (int part = 0; part < parts; ++part) {
    if (part > 0 && (at >= version.size() || version[at++] != '.')) return {};
    const std::size_t start = at;
    while (at < version.size() && text::is_digit(version[at])) ++at;
    if (at == start || at - start > 6) return {};
  }
  if (at < version.size() && version[at] != '.' && then.find(version[at]) == std::string_view::npos) return {};
  return version.substr(0, at);
}

/// "12" of a version or code name: testing has no VERSION_ID but the code name of the release that it becomes, and is judged by that
/// release's rows. "unstable" where the distribution says that it is sid itself. Testing and sid call themselves
/// "forky/sid" alike, and most images with that name are testing.
std::string_view debian_release(const Os& os) {
  if (const std::string_view major = numbers(os.version, 1); !major.empty()) return major;
  std::string_view last = text::trim(os.pretty);
  last = last.substr(std::min(last.size(), last.find_last_of(" (") + 1));
  if (!last.empty() && last.back() == ')') last.remove_suffix(1);
  if (os.codename == "sid" || last == "sid" || last == "unstable") return "unstable";
  const std::string_view name = os.codename.empty() ? text::cut(last, '/').first : std::string_view(os.codename);
  return name == "sid" ? "unstable" : release_of_codename("debian", name);
}

std::string_view ubuntu_release(const Os& os) {
  const std::string_view release = numbers(os.version, 2);
  return release.empty() ? release_of_codename("ubuntu", os.codename) : release;
}

std::string join(std::string_view id, std::string_view release) {
  return release.empty() ? std::string() : std::string(id) + ':' + std::string(release);
}

std::string alpine(const Os& os) {
  // "3.20_alpha20240329", "3.21.0_alpha20240807", "Alpine Linux edge"
  if (os.version.find("_alpha") != std::string::npos || os.pretty.find("edge") != std::string::npos) return "alpine:edge";
  const std::string_view release = numbers(os.version, 2, "_");
  return release.empty() ? std::string() : "alpine:v" + std::string(release);
}

std::string amazon(const Os& os) {
  const std::string_view major = numbers(os.version, 1);
  // Before Amazon Linux 2 releases were called after their month, 2011.09 to 2018.03; all of them are Amazon Linux 1.
  if (major.size() == 4 && major < "2019") return "amzn:1";
  return join("amzn", major);
}

/// "15.5"; the first release of a SUSE major has no service pack: "15".
std::string suse(std::string_view id, const Os& os) {
  const std::string_view with_pack = numbers(os.version, 2);
  return join(id, with_pack.empty() ? numbers(os.version, 1) : with_pack);
}

}  // namespace namespaces_detail

std::string name_space(const Os& os) {
  using namespace namespaces_detail;
  const std::string_view id = os.id;
  // Raspbian rebuilds Debian's packages release by release. Kali, Devuan, Parrot, Mint and others mix in their own: judging them as
  // their parent would be silently wrong, so they stay unknown.
  if (id == "debian" || id == "raspbian") return join("debian", debian_release(os));
  if (id == "ubuntu") return join(id, ubuntu_release(os));
  if (id == "alpine") return alpine(os);
  // CentOS is judged by Red Hat's advisories: its packages are theirs, built anew under the same versions.
  if (id == "centos") return join("rhel", numbers(os.version, 1));
  if (id == "amzn") return amazon(os);
  if (id == "sles" || id == "sles_sap") return suse("sles", os);
  if (id == "sle-micro" || id == "sl-micro" || id == "sle-micro-rancher") return suse("sle-micro", os);
  if (id == "opensuse-leap" || id == "opensuse") return join("opensuse-leap", numbers(os.version, 2));
  for (const std::string_view rolling : {"wolfi", "chainguard", "minimos", "arch", "opensuse-tumbleweed"}) {
    if (id == rolling) return std::string(rolling);
  }
  for (const std::string_view by_major : {"rhel", "rocky", "almalinux", "ol", "fedora"}) {
    if (id == by_major) return join(id, numbers(os.version, 1));
  }
  for (const std::string_view by_minor : {"photon", "mariner", "azurelinux"}) {
    if (id == by_minor) return join(id, numbers(os.version, 2));
  }
  return {};
}

std::string client_name_space(const Os& os) {
  return os.id.empty() || os.version.empty() ? std::string() : text::lower(os.id) + ":" + text::lower(os.version);
}

std::vector<std::string> channels_of(const Occurrence& occurrence, std::string_view name_space) {
  std::vector<std::string> out;
  if (occurrence.package.type != "deb" || name_space.substr(0, 7) != "ubuntu:") return out;
  for (const std::string& service : occurrence.repositories) {
    if (service == "esm-apps" || service == "esm-infra") out.push_back(std::string(name_space) + ":" + service);
  }
  return out;
}

bool is_centos_stream(const Os& os) { return os.id == "centos" && os.pretty.find("Stream") != std::string::npos; }

std::string name_space(const PackageVersion& package, const Os& os) {
  if (!has_family(package.type)) return {};
  const Family* ecosystem = find_ecosystem(package.type);
  return ecosystem == nullptr ? name_space(os) : std::string(ecosystem->id);
}

std::string_view scheme_of(std::string_view name_space) {
  if (name_space == "deb" || name_space == "opkg") return "dpkg";
  if (name_space == "rpm" || name_space == "apk") return name_space;
  if (name_space == "alpm") return "pacman";
  const Family* family = find_family(name_space);
  if (family == nullptr) family = find_ecosystem(name_space);
  return family == nullptr ? std::string_view{} : family->scheme;
}

}  // namespace eclair::match
