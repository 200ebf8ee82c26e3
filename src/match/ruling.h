// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "version/scheme.h"

namespace eclair::match {

/// What one row's versions say of one version.
enum class Hit : unsigned char { no, yes, incomparable };

struct Ruling {
  Hit hit = Hit::no;
  std::string text;                 ///< yes: the comparison that decided, and what it means. incomparable: why
  bool installed_at_fault = false;  ///< incomparable because of the installed version, not of the row
};

/// Whether the row says that this package is not affected at all: its status, or "fixed in 0", as several sources write it.
bool says_not_affected(const Advisory& advisory);

/// Applies a row's ranges and versions. Introduced is inclusive ("" and "0": from the first version on), fixed exclusive.
/// A row that names neither speaks of every version; a fixed one, of the versions below its fix.
/// scheme: of the namespace. SEMVER ranges use the scheme "semver" whatever this one is; without it they are incomparable.
Ruling rule(const Advisory& advisory, std::string_view installed, const version::Scheme& scheme);

/// The versions a row offers as fixes: ends of its ranges and the one it shows. Any order, no empty ones. A row that says that there
/// will be no fix offers none: its ranges end where a build from elsewhere has one.
std::vector<std::string_view> offered_fixes(const Advisory& advisory);

}  // namespace eclair::match
