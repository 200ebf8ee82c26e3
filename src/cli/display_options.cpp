// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/display_options.h"

#include "report/finding_columns.h"

namespace eclair::cli {
namespace display_options_detail {

constexpr std::string_view kShow = "scan,convert";  // commands that show findings
constexpr std::string_view kFilter = "scan,convert,diff,graph";  // and those that show part of them in another way

// clang-format off
constexpr Option kOptions[] = {
  // ---- filter
  {.name = "severity", .letters = "s", .synonyms = "only-severity", .kind = Kind::severities, .value = "LIST", .fallback = "", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.severity",
   .help = "show only these: high,critical or '>=high' or all; decides nothing"},
  {.name = "ignore-unfixed", .letters = "", .synonyms = "only-fixed", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.ignore-unfixed",
   .help = "show only what has a fix"},
  {.name = "only-unfixed", .letters = "", .synonyms = "only-notfixed", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.only-unfixed",
   .help = "show only what has none"},
  {.name = "ignore-status", .letters = "", .synonyms = "ignore-states", .kind = Kind::choices, .value = "LIST", .fallback = "",
   .choices = "unknown not_affected affected fixed under_investigation will_not_fix fix_deferred end_of_life wont-fix not-fixed",
   .group = Group::filter, .commands = kFilter, .config = "output.ignore-status",
   .help = "do not show what has one of these statuses: affected, fixed, will_not_fix, fix_deferred, end_of_life, under_investigation, unknown"},
  {.name = "kev", .letters = "", .synonyms = "only-cisa-kev", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.kev",
   .help = "show only what is known to be exploited"},
  {.name = "min-epss", .letters = "", .synonyms = "epss-score", .kind = Kind::decimal, .value = "P", .fallback = "", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.min-epss",
   .help = "show only what is exploited within 30 days with this probability or more, 0 to 1", .most = 1},
  {.name = "min-cvss", .letters = "", .synonyms = "", .kind = Kind::decimal, .value = "SCORE", .fallback = "", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.min-cvss",
   .help = "show only what has this CVSS score or more, 0 to 10", .most = 10},
  {.name = "pkg", .letters = "", .synonyms = "only-package", .kind = Kind::list, .value = "NAME", .fallback = "", .choices = "",
   .group = Group::filter, .commands = "scan,convert,diff,graph,ignore add", .config = "",
   .help = "show only findings in this package, by its own name or its source's; repeatable. Of ignore add: only there, also a package URL", .environment = false},
  {.name = "id", .letters = "", .synonyms = "only-cve-id", .kind = Kind::list, .value = "CVE", .fallback = "", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "",
   .help = "show only this vulnerability, by any of its names; repeatable", .environment = false},
  {.name = "layer", .letters = "", .synonyms = "", .kind = Kind::layer, .value = "WHICH", .fallback = "", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "output.layer",
   .help = "show only what came with base layers, own layers, or with one: base, own, 3, or the beginning of a digest"},
  {.name = "ignore-base", .letters = "", .synonyms = "exclude-base-image-vulns", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "",
   .help = "the same as --layer own", .hidden = true, .environment = false},
  {.name = "only-base", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::filter, .commands = kFilter, .config = "",
   .help = "the same as --layer base", .hidden = true, .environment = false},
  // ---- output
  {.name = "sort-by", .letters = "", .synonyms = "", .kind = Kind::choice, .value = "KEY", .fallback = "severity",
   .choices = "risk severity package layer id epss kev fix threat vulnerability",
   .group = Group::output, .commands = kShow, .config = "output.sort-by",
   .help = "order of findings: severity, risk (exploited ones first, then how bad times how likely), package, layer, id, epss, kev or fix"},
  {.name = "group-by", .letters = "", .synonyms = "", .kind = Kind::choice, .value = "KEY", .fallback = "none", .choices = "none layer package target",
   .group = Group::output, .commands = kShow, .config = "output.group-by",
   .help = "table: a part for each layer (with the command that made it), source package or target"},
  {.name = "columns", .letters = "", .synonyms = "", .kind = Kind::columns, .value = "LIST", .fallback = "", .choices = report::kFindingColumns,
   .group = Group::output, .commands = kShow, .config = "output.columns",
   .help = "table: these columns, or +NAME to add one and -NAME to leave one out: severity, vulnerability, package, installed, fixed-in, layer, "
           "status, type, epss, cvss, kev, path, title"},
  {.name = "summary", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "false", .choices = "",
   .group = Group::output, .commands = kShow, .config = "output.summary",
   .help = "table: counts alone"},
  {.name = "group", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "true", .choices = "",
   .group = Group::output, .commands = kShow, .config = "output.group",
   .help = "a row for each finding, even where many on a terminal would share one", .shown = "--no-group"},
  {.name = "pretty", .letters = "", .synonyms = "", .kind = Kind::flag, .value = "", .fallback = "", .choices = "",
   .group = Group::output, .commands = "scan,convert,fix,diff,graph", .config = "output.pretty",
   .help = "JSON with a line for each member, or in one line; default: as --pretty on a terminal alone", .shown = "--pretty, --compact"},
};
// clang-format on

}  // namespace display_options_detail

std::span<const Option> display_options() { return display_options_detail::kOptions; }

}  // namespace eclair::cli
