// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
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
#include "util/result.h"
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
  UnixTime judged_at = 0;               ///< by what was known then (--as-of); 0: generated_at
  UnixTime reference_time() const { return judged_at > 0 ? judged_at : generated_at; }
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

/// A target of which there is no report, and why.
struct Failure {
  std::string target, message;
};

/// What one call of the program reports.
struct Document {
  std::vector<Report> reports;
  std::vector<Failure> failures;
};

/// What to show. Never decides what fails.
struct View {
  std::vector<Severity> severities;   ///< empty = the format's default
  bool ignore_unfixed = false;
  bool show_packages = true;          ///< JSON: list packages
  bool list_packages = false;         ///< table: rows for packages without findings too
  bool group = true;                  ///< table: may collapse rows on a terminal
  unsigned width = 120;               ///< table: columns
  bool terminal = false;              ///< stdout is one
  bool color = false;
  bool unicode = false;
  bool wide = false;                  ///< never shorten
};

/// Whether a finding is shown under a view.
bool shown(const Finding& finding, const View& view);

/// How many findings there are, shown or not.
struct Counts {
  std::uint64_t by_severity[6] = {};  ///< by Severity's number
  std::uint64_t total = 0, fixable = 0;
  bool operator==(const Counts&) const = default;
};
Counts count(const Report& report);

/// A feed whose data is older than the report's limit: judged by what the source says of its age, else by the last import.
bool is_stale(const store::FeedState& feed, const Report& report);
/// Of the oldest feed that was used; 0 = none was.
UnixTime data_time(const Report& report);
/// Whether a coverage says that its packages were not judged at all (and not only with a reservation).
bool means_not_judged(const Coverage& coverage);

/// Takes a report piece by piece: one of many packages is larger than what it was made from.
using Sink = std::function<Result<>(std::string_view piece)>;

/// One output format.
struct Format {
  std::string_view id;     ///< "table", "json": the word of --format
  std::string_view title;
  /// Equal arguments give equal bytes; ends with a line end. One report and no failure is the plain form, else all in one document.
  /// errors: only those of the sink.
  Result<> (*render)(const Document& document, const View& view, const Sink& out);
};

/// All formats of reports.def.
std::span<const Format* const> formats();
const Format* find_format(std::string_view id);

}  // namespace eclair::report
