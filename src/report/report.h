// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "match/match.h"
#include "model/finding.h"
#include "model/image.h"
#include "model/inventory.h"
#include "store/interface.h"
#include "util/time.h"

namespace eclair::report {

struct RuleResult {
  std::string rule;                    ///< as written
  bool passed = true;
  std::vector<std::uint32_t> findings; ///< indexes into Report::findings
  std::string reason;                  ///< for rules that are not about findings: eol, stale, incomplete
};

/// All that is to be told about one target. Reports are functions of this and of nothing else.
struct Report {
  std::string tool_version;
  UnixTime generated_at = 0;
  Image image;
  Inventory inventory;
  std::vector<Finding> findings;
  std::vector<Coverage> coverage;
  std::optional<match::EndOfLife> eol;
  std::vector<store::FeedState> feeds;  ///< those that were used
  std::string snapshot;                 ///< of all of them together
  UnixTime max_age_seconds = 0;
  std::vector<RuleResult> policy;       ///< empty: none asked for
};

/// What to show. Never decides what fails.
struct View {
  std::vector<Severity> severities;   ///< empty = the format's default
  bool ignore_unfixed = false;
  bool show_packages = true;          ///< JSON: list packages
  unsigned width = 120;               ///< table: columns
  bool terminal = false;              ///< stdout is one
  bool color = false;
  bool unicode = false;
  bool wide = false;                  ///< never shorten
};

/// Whether a finding is shown under a view.
bool shown(const Finding& finding, const View& view);

/// One output format.
struct Format {
  std::string_view id;     ///< "table", "json": the word of --format
  std::string_view title;
  std::string (*render)(const Report& report, const View& view);
};

/// All formats of reports.def.
std::span<const Format* const> formats();
const Format* find_format(std::string_view id);

}  // namespace eclair::report
