// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/advisory.h"

namespace eclair {

/// Why we say so: enough to check the judgement by hand.
struct Judgement {
  std::string feed, name_space, record;
  std::string package_name;       ///< the name that was looked up
  std::string installed_version;  ///< the version that was compared
  std::string scheme;             ///< "dpkg"
  std::string rule;               ///< "1.2-3 < 1.2-4 (dpkg order): affected below the fixed version"
};

/// Occurrence × advisory.
struct Finding {
  std::string id;               ///< stable across rebuilds: hash of vulnerability, purl without qualifiers, path
  std::string vulnerability;
  std::vector<std::string> aliases, references;
  std::uint32_t package = 0;    ///< index into Inventory::packages
  Severity severity = Severity::unknown;
  std::string severity_source;  ///< feed; "" when unknown
  Status status = Status::unknown;
  std::string fixed_in;         ///< "" = no fix
  std::uint32_t layer = 0;
  VulnerabilityText text;
  std::vector<Judgement> evidence;  ///< the first one decided
};

/// Whether and how an occurrence could be judged at all (DESIGN: never silently wrong).
struct Coverage {
  std::string code;     ///< "unknown_distribution", "no_data", "stale", "end_of_life", "fixes_only", "unreadable", ...
  std::string message;  ///< for people
  std::uint32_t packages = 0;  ///< how many it concerns
  bool incomplete = false;     ///< counts for --fail-on incomplete
};

}  // namespace eclair
