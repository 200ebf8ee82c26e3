// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/os.h"
#include "model/package.h"
#include "util/result.h"

namespace eclair::match {

/// A package URL taken apart, its pieces decoded. How one is written: purl() in match.h.
struct PackageUrl {
  std::string type;        ///< lower case: "deb"
  std::string name_space;  ///< "debian", "org.apache.commons", "@angular", "github.com/gorilla"; "" = none
  std::string name, version;
  std::map<std::string, std::string, std::less<>> qualifiers;  ///< keys in lower case; none is empty
  std::string subpath;

  std::string_view qualifier(std::string_view key) const;  ///< "" = none
};

inline constexpr std::size_t kMaxPurlBytes = 64u << 10;

/// Reads a package URL, also one that is not canonical: "pkg://", slashes too many, "@" of a scope that is not encoded, types in upper case.
/// Names of types that ignore case come out in lower case (deb, apk, alpm, bitbucket, composer, github, hex, pypi; of pypi "_" is "-").
/// Go's modules keep their case, against the specification: "github.com/Azure/x" is another module than "github.com/azure/x".
/// errors: invalid_input (what is wrong with it), limit (kMaxPurlBytes).  source: package-url/purl-spec, "how to parse"
Result<PackageUrl> parse_purl(std::string_view text);

/// The package that a package URL names, as an image's own database would: an rpm's epoch before its version, "group:artifact" of maven,
/// "@scope/name" of npm. `upstream` tells the source package. Source names and versions that are the package's own are left out.
PackageVersion package_of(const PackageUrl& url);
/// The distribution that a package URL of a system package names, by `distro` ("debian-12", "bookworm", "12") and its namespace; an empty
/// Os for packages of languages, or without one.
Os distribution_of(const PackageUrl& url);
/// A distribution by the words that other scanners have for it ("redhat" 8.4, "alma" 9, "amazon" "2 (Karoo)", "suse linux enterprise
/// server" 15.5), in those of os-release. The code name is filled in where it is known.
Os distribution(std::string_view name, std::string_view version);

}  // namespace eclair::match
