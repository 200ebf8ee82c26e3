// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/advisory.h"
#include "version/scheme.h"

namespace eclair::feeds {

struct OsvEvent {
  Bound bound = Bound::introduced;
  std::string version;
};

/// Turns the events of one OSV range, in any order and with any number of pairs, into ranges that mean the same.
/// scheme: how to sort; nullptr where the ecosystem's order is not known to us: then loose_before().
/// Events that can have no effect (a fix before anything was introduced) vanish; so do empty ranges. Ranges are sorted, disjoint.
/// source: ossf/osv-schema: docs/schema.md, "evaluation"; google/osv.dev: tie order introduced, last_affected, fixed, limit
std::vector<Range> fold_osv_events(std::vector<OsvEvent> events, const version::Scheme* scheme, bool semver);

/// An order good enough to sort the events of one range by, in ecosystems whose own order we do not know: numbers by value, letters
/// before the end ("1.0rc1" < "1.0" < "1.0.post1" < "1.0.1"). Strict weak.
bool loose_before(std::string_view a, std::string_view b);

}  // namespace eclair::feeds
