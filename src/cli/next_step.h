// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "cli/command.h"
#include "report/report.h"

namespace eclair::cli {

/// So often somebody new is told what else there is.
inline constexpr std::uint64_t kMostSuggestions = 3;

/// One command to go on with, and what it is for: "eclair explain CVE-2024-37371 alpine:3.19   # why, from which layer, and what fixes it".
/// made: how many were suggested before; each time it is another. target: as it was typed. "" = nothing fits. Pure.
std::string next_step(const report::Report& report, const std::string& target, std::uint64_t made);

/// After a scan of one target on a terminal: says it as a note and counts it. Nothing with --quiet, --no-progress, CI, or after the third time.
void suggest_next_step(const Invocation& call, const report::Document& document);

}  // namespace eclair::cli
