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
  std::string name{}, place{};         ///< of a rule of a policy file: its name, "policy.yaml:4"; else ""
};

/// The image that another one was built on: its layers are the lowest of that one.
struct BaseImage {
  std::string name;          ///< "debian:12-slim"; "" = only the number of layers is known
  std::string digest;        ///< of its manifest; "" = not known
  std::uint32_t layers = 0;  ///< layers 1 to this one are its own
  std::string known_by;      ///< how we know: "option", "label", "store"
  bool operator==(const BaseImage&) const = default;
};

/// Who said that a finding does not count, and why. Texts as they were written; "" = not said.
struct Suppression {
  std::string kind;          ///< "ignore" (an ignore file), "vex" (a VEX document), "preset" (--ignore-kernel and its like)
  std::string file;          ///< where it was said
  std::uint32_t line = 0;    ///< in that file; 0 = not known
  std::string rule;          ///< the entry, in a word: the id that it names
  std::string status;        ///< "accepted", or an OpenVEX word: "not_affected", "fixed"
  std::string justification; ///< an OpenVEX word
  std::string reason, owner, ticket;
  std::string expires;       ///< "2026-12-31", that day included
  bool operator==(const Suppression&) const = default;
};

/// A finding that is told on demand and counted apart; no rule looks at it.
struct Suppressed {
  Finding finding;
  Suppression by;
};

/// What somebody says of a finding that stays one: a VEX document's "affected" or "under_investigation".
struct Remark {
  std::uint32_t finding = 0;  ///< index into Report::findings
  Suppression said;
};

/// All that is to be told about one target. Reports are functions of this and of nothing else.
struct Report {
  std::string tool_version;
  UnixTime generated_at = 0;
  UnixTime judged_at = 0;               ///< by what was known then (--as-of); 0: generated_at
  UnixTime reference_time() const { return judged_at > 0 ? judged_at : generated_at; }
  Image image;
  Inventory inventory;
  std::optional<BaseImage> base;        ///< where one is known
  std::vector<Finding> findings;
  std::vector<Suppressed> suppressed;   ///< in the order of findings
  std::vector<Remark> remarks;          ///< in the order of findings
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

/// Layers by their origin, as --layer names them.
struct LayerChoice {
  enum class Kind : std::uint8_t { all, base, own, one };
  Kind kind = Kind::all;
  std::uint32_t index = 0;   ///< of `one`, by number
  std::string digest;        ///< of `one`, by digest: "sha256:..." of the blob or the uncompressed layer, or the beginning of one
};

/// The sources that an image was built from, as a CI server tells them; "" = not known.
struct SourceState {
  std::string commit;       ///< 40 hex digits
  std::string ref;          ///< "refs/heads/main"
  std::string job;          ///< of the run
  std::string correlator;   ///< the same for all runs of one job: a newer snapshot takes the place of an older one
};

/// What to show. Never decides what fails.
struct View {
  std::vector<Severity> severities;   ///< empty = the format's default
  bool ignore_unfixed = false;        ///< only what has a fix
  bool only_unfixed = false;          ///< only what has none
  std::vector<Status> hidden_statuses;
  LayerChoice layer;
  bool only_exploited = false;        ///< listed as known to be exploited
  double min_epss = 0, min_cvss = 0;  ///< 0 = any
  std::vector<std::string> packages;  ///< binary or source names; empty = any
  std::vector<std::string> ids;       ///< also aliases; empty = any
  bool show_packages = true;          ///< JSON: list packages
  bool list_packages = false;         ///< table: rows for packages without findings too
  bool show_suppressed = false;       ///< table and its like: rows for what is suppressed too
  bool summary = false;               ///< counts alone
  std::string sort_by;                ///< risk severity package layer id epss kev fix; "" = severity
  std::string group_by;               ///< none layer package target; "" = none
  std::vector<std::string> columns;   ///< of a table, as written: "path", "+epss", "-layer" (report/finding_columns.h); empty = the default
  bool group = true;                  ///< table: may collapse rows on a terminal
  unsigned width = 120;               ///< table: columns
  bool terminal = false;              ///< stdout is one
  bool color = false;
  bool unicode = false;
  bool hyperlinks = false;            ///< the terminal is known to follow OSC 8
  bool wide = false;                  ///< never shorten
  bool pretty = true;                 ///< JSON: indented, a line for each member
  std::string format_version;         ///< what followed "@" in --format cyclonedx@1.5
  std::string template_file, template_text;  ///< of the format "template"
  SourceState source;                 ///< of the format "github-snapshot"
};

/// Whether a layer (by index, from 1) is one of the base image. false where none is known.
bool in_base(const Report& report, std::uint32_t layer);
/// Whether a layer (by index, from 1; 0 = not known) is one of those chosen.
bool is_chosen(const Report& report, std::uint32_t layer, const LayerChoice& choice);
/// Whether a finding, or one that is suppressed, is shown under a view.
bool shown(const Report& report, const Finding& finding, const View& view);
/// Indexes into Report::findings of those that are shown, in the order of view.sort_by. Every format goes by it.
std::vector<std::uint32_t> shown_findings(const Report& report, const View& view);

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
  std::string_view id;       ///< "table", "json": the word of --format
  std::string_view title;    ///< one line for help and docs
  /// Equal arguments give equal bytes; ends with a line end. One report and no failure is the plain form, else all in one document.
  /// errors: only those of the sink.
  Result<> (*render)(const Document& document, const View& view, const Sink& out);
  std::string_view aliases = {};   ///< further words, by blanks: "cyclonedx-json"
  std::string_view versions = {};  ///< what may follow "@", by blanks, the default first; "" = nothing may
  /// Where readers of the format take only so much: what of these reports it does not hold, one line each, for a warning. nullptr: it holds all.
  std::vector<std::string> (*left_out)(const Document& document, const View& view) = nullptr;
};

/// All formats of reports.def.
std::span<const Format* const> formats();
/// By its id or one of its other words.
const Format* find_format(std::string_view word);

}  // namespace eclair::report
