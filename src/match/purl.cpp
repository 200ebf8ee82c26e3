// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "match/families.h"
#include "match/match.h"
#include "util/text.h"

namespace eclair::match {
namespace purl_detail {

/// The vendor id that others use, where it is not the os-release ID.
std::string vendor_of(std::string_view os_id) {
  if (os_id == "rhel") return "redhat";
  if (os_id.substr(0, 8) == "opensuse") return "opensuse";
  if (os_id == "sles" || os_id == "sles_sap" || os_id.substr(0, 4) == "sle-" || os_id == "sl-micro") return "suse";
  return std::string(os_id);
}

/// "debian-12", "debian-forky", "alpine-3.19", "alpine-edge", "wolfi": what tells releases of one distribution apart.
std::string distro(const Os& os) {
  if (os.id.empty()) return {};
  std::string release = os.version.empty() ? os.codename : os.version;
  if (os.id == "alpine") {
    const std::string known = name_space(os);  // "alpine:v3.19"
    if (!known.empty()) release = known.substr(known.find(':') + (known == "alpine:edge" ? 1 : 2));
  }
  if (os.id == "wolfi" || os.id == "chainguard") release.clear();  // a build date there, not a release
  return release.empty() ? os.id : os.id + "-" + release;
}

/// Encodes each piece of a path; empty pieces would change its meaning and are dropped.
std::string path(std::string_view slashed) {
  std::string out;
  for (const std::string_view piece : text::split(slashed, '/')) {
    if (piece.empty()) continue;
    if (!out.empty()) out += '/';
    out += text::percent_encode(piece);
  }
  return out;
}

/// PEP 503, as the purl specification asks: lower case, runs of "-", "_" and "." are one "-".
std::string python_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator) out += text::lower(c);
    if (separator && (out.empty() || out.back() != '-')) out += '-';
  }
  return out;
}

std::string system(const PackageVersion& package, const Os& os) {
  std::string_view version = package.version;
  std::string_view epoch;
  std::string name = package.type == "rpm" ? package.name : text::lower(package.name);
  if (package.type == "rpm" && version.find(':') != std::string_view::npos) {
    const auto parts = text::cut(version, ':');
    epoch = parts.first;
    version = parts.second;
  }
  std::string out = "pkg:" + text::percent_encode(package.type) + '/';
  if (os) out += text::percent_encode(text::lower(vendor_of(os.id))) + '/';
  out += text::percent_encode(name);
  if (!version.empty()) out += '@' + text::percent_encode(version);
  char lead = '?';
  const auto qualifier = [&](std::string_view key, std::string_view value) {  // called in alphabetical order
    if (value.empty()) return;
    out += lead + std::string(key) + '=' + text::percent_encode(value);
    lead = '&';
  };
  qualifier("arch", package.arch);
  qualifier("distro", distro(os));
  qualifier("epoch", epoch);
  return out;
}

std::string language(const PackageVersion& package) {
  std::string name = package.name;
  if (package.type == "maven") {  // "group:artifact"
    if (const std::size_t colon = name.find(':'); colon != std::string::npos) name[colon] = '/';
  }
  if (package.type == "pypi") name = python_name(name);
  if (package.type == "composer" || package.type == "hex") name = text::lower(name);
  std::string out = "pkg:" + text::percent_encode(package.type) + '/' + path(name);
  if (!package.version.empty()) out += '@' + text::percent_encode(package.version);
  return out;
}

}  // namespace purl_detail

std::string purl(const PackageVersion& package, const Os& os) {
  return is_system_type(package.type) ? purl_detail::system(package, os) : purl_detail::language(package);
}

}  // namespace eclair::match
