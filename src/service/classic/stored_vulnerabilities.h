// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "service/layers/advisories.h"
#include "service/classic/vulnerabilities.h"
#include "util/time.h"

namespace eclair::service {

/// Vulnerabilities of the store of advisories. What clients write is the feed kGivenFeed:
///
/// - a row of the package kGivenPackage, with a text, says that a client made or changed a vulnerability of that namespace;
/// - a row of a package says its fix, or that it is not affected, which is how a fix or a whole vulnerability of a feed is taken away.
///
/// Packages that no client spoke of stay as the feeds tell them, now and later. A vulnerability that was deleted is gone for the packages that
/// feeds named then. One that is written again without fixes has those of the feeds back.
/// advisories: must outlive it. clock: of imports.
std::unique_ptr<Vulnerabilities> make_vulnerabilities(Advisories& advisories, std::function<UnixTime()> clock);

}  // namespace eclair::service
