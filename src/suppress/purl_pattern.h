// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "match/package_url.h"
#include "model/inventory.h"
#include "model/os.h"
#include "report/report.h"

/// Package URLs as ignore files and VEX documents write them: a version or a qualifier that is left out holds for any.
namespace eclair::suppress {

using PurlPattern = match::PackageUrl;

/// Whether it names this package. Name, namespace and version may hold "*"; a version needs to be the package's own where one is written,
/// and so do the qualifiers arch, distro and epoch; others are passed over. "arch=source" (and "src") means the source package by its
/// name and version, and with it all that was built from it.
bool names_package(const PurlPattern& pattern, const Occurrence& package, const Os& os);

/// Whether it names this image: pkg:oci/NAME@DIGEST?repository_url=PLACE&tag=TAG; the digest that of the manifest. Also pkg:docker/PATH@TAG.
bool names_image(const PurlPattern& pattern, const report::Report& report);

}  // namespace eclair::suppress
