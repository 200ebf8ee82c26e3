// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/advisory.h"
#include "version/scheme.h"

namespace eclair::feeds {

/// What an OSV ecosystem is to us.
struct OsvEcosystem {
  std::string base;                   ///< without release, lower case: "debian", "pypi"; "" = not for packages of an image
  std::string name_space;             ///< "debian:12", "pypi"
  NameKind name_kind = NameKind::both;
  const version::Scheme* scheme = nullptr;  ///< none: not known to us (yet)
  bool distribution = false;
};

/// "Debian:12", "Ubuntu:22.04:LTS", "PyPI". A channel of its own (Ubuntu:Pro, SUSE products) stays a namespace of its own.
/// source: ossf/osv-schema: docs/schema.md, "defined ecosystems" (1.7)
OsvEcosystem osv_ecosystem(std::string_view name);

/// A package's name as both sides spell it: PEP 503 for PyPI; lower case where the ecosystem does not tell cases apart.
std::string osv_package_name(const OsvEcosystem& ecosystem, std::string_view name);

}  // namespace eclair::feeds
