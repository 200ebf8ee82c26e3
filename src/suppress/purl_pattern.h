// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/report.h"
#include "util/result.h"

/// Package URLs as ignore files and VEX documents write them: a version or a qualifier that is left out holds for any.
namespace eclair::suppress {

/// A package URL taken apart and decoded. source: package-url/purl-spec, "How to parse a purl"
struct PurlPattern {
  std::string type;        ///< lower case: "deb"
  std::string name_space;  ///< "debian", "github.com/acme"; "" = none was written
  std::string name;
  std::string version;     ///< "" = every version
  std::vector<std::pair<std::string, std::string>> qualifiers;  ///< keys in lower case
  std::string_view qualifier(std::string_view key) const;       ///< "" = not there
};

inline constexpr std::size_t kMaxPurlBytes = 4096;

/// errors: invalid_input (no package URL, or a longer one).
Result<PurlPattern> parse_purl(std::string_view text);

/// Whether it names this package. Name, namespace and version may hold "*"; a version needs to be the package's own where one is written,
/// and so do the qualifiers arch, distro and epoch; others are passed over. "arch=source" (and "src") means the source package by its
/// name and version, and with it all that was built from it.
bool names_package(const PurlPattern& pattern, const Occurrence& package, const Os& os);

/// Whether it names this image: pkg:oci/NAME@DIGEST?repository_url=PLACE&tag=TAG; the digest that of the manifest. Also pkg:docker/PATH@TAG.
bool names_image(const PurlPattern& pattern, const report::Report& report);

}  // namespace eclair::suppress
