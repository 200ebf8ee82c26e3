// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sbom/builder.h"
#include "util/result.h"

namespace eclair::sbom {

/// A component of CycloneDX, in JSON or XML.
struct CycloneComponent {
  std::string type;  ///< "library", "operating-system", ...
  std::string group, name, version, purl, description, publisher;
  std::vector<std::pair<std::string, std::string>> properties;
  std::vector<std::string> paths;  ///< where it was seen (evidence)
};

/// A package, the distribution, or nothing that concerns us.
Result<> add_component(CycloneComponent component, Builder& into);
/// What the whole document is about (metadata.component).
void add_subject(const CycloneComponent& component, Builder& into);

}  // namespace eclair::sbom
