// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sbom/builder.h"
#include "util/result.h"

namespace eclair::sbom {

/// A package of SPDX, in any of its forms.
struct SpdxPackage {
  std::string id, name, version;
  std::string purpose;             ///< in upper case: "OPERATING-SYSTEM", "CONTAINER", ...; "" = not said
  std::string purl, source_info, supplier, summary;
  std::vector<std::string> lines;  ///< attribution texts and comments of annotations
};

/// "NOASSERTION" and "NONE" are nothing.
std::string asserted(std::string_view text);
/// A package, the distribution, what the document is about, or nothing that concerns us.
/// is_root: the document describes it.
Result<> add_package(SpdxPackage package, bool is_root, Builder& into);

}  // namespace eclair::sbom
