// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "match/families.h"
#include "match/match.h"
#include "util/text.h"

namespace eclair::match {
namespace purl_detail {

/// As the specification asks: a colon is never encoded, whatever it stands for; what else is no letter, digit or "-._~", always is.
std::string encoded(std::string_view part) { return text::percent_encode(part, ":"); }

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
    out += encoded(piece);
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

/// Appends those that have a value, to be called in alphabetical order of the keys.
class Qualifiers {
 public:
  explicit Qualifiers(std::string& out) : out_(out) {}
  void add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    out_ += lead_ + std::string(key) + '=' + encoded(value);
    lead_ = '&';
  }

 private:
  std::string& out_;
  char lead_ = '?';
};

std::string system(const PackageVersion& package, const Os& os) {
  std::string_view version = package.version;
  std::string_view epoch;
  std::string name = package.type == "rpm" ? package.name : text::lower(package.name);
  if (package.type == "rpm" && version.find(':') != std::string_view::npos) {
    const auto parts = text::cut(version, ':');
    epoch = parts.first;
    version = parts.second;
  }
  std::string out = "pkg:" + encoded(package.type) + '/';
  if (os) out += encoded(text::lower(vendor_of(os.id))) + '/';
  out += encoded(name);
  if (!version.empty()) out += '@' + encoded(version);
  Qualifiers qualifiers(out);
  qualifiers.add("arch", package.arch);
  qualifiers.add("distro", distro(os));
  qualifiers.add("epoch", epoch);
  return out;
}

std::string language(const PackageVersion& package) {
  std::string name = package.name;
  if (package.type == "maven") {  // "group:artifact"
    if (const std::size_t colon = name.find(':'); colon != std::string::npos) name[colon] = '/';
  }
  if (package.type == "pypi") name = python_name(name);
  if (package.type == "composer" || package.type == "hex") name = text::lower(name);
  std::string out = "pkg:" + encoded(package.type) + '/' + path(name);
  if (!package.version.empty()) out += '@' + encoded(package.version);
  return out;
}

}  // namespace purl_detail

std::string oci_purl(const Image& image) {
  if (image.digest.empty()) return {};
  const ImageName name = name_parts(image);
  const std::string last = text::lower(std::string_view(name.path).substr(name.path.rfind('/') + 1));
  if (last.empty()) return {};
  std::string out = "pkg:oci/" + purl_detail::encoded(last) + '@' + purl_detail::encoded(image.digest.text);
  purl_detail::Qualifiers qualifiers(out);
  qualifiers.add("arch", image.platform.architecture);
  if (!name.domain.empty()) qualifiers.add("repository_url", name.repository());
  qualifiers.add("tag", name.tag);
  return out;
}

std::string purl(const PackageVersion& package, const Os& os) {
  return is_system_type(package.type) ? purl_detail::system(package, os) : purl_detail::language(package);
}

}  // namespace eclair::match
