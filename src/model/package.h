// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "util/bytes.h"

namespace eclair {

/// What a package database says a package is; these eight fields are the interning key.
/// Namespace, paths, owner and layer belong to its occurrence in an image (model/inventory.h).
struct PackageVersion {
  std::string type;            ///< purl type: "deb", "rpm", "apk", "opkg", later "pypi", "npm", ...
  std::string name;            ///< of the binary package
  std::string version;         ///< verbatim; rpm: [epoch:]version-release
  std::string arch;            ///< verbatim ("amd64", "x86_64", "noarch"); "" = none
  std::string source_name;     ///< "" = the same as name
  std::string source_version;  ///< "" = the same as version
  std::string module;          ///< rpm module "name:stream"; "" = none
  std::string vendor;          ///< who built it: "debian", "ubuntu", "redhat", "fedora", "docker", ...; "" = unknown

  std::string_view source() const { return source_name.empty() ? name : source_name; }
  std::string_view source_ver() const { return source_version.empty() ? version : source_version; }
  auto operator<=>(const PackageVersion&) const = default;
};

/// Stored form: docs/design/encodings.md, "package version". decode(encode(p)) == p; equal packages give equal bytes.
void encode(const PackageVersion& package, Encoder& out);
PackageVersion decode_package(Decoder& in);

}  // namespace eclair
