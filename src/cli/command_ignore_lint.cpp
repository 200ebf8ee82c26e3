// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/ignore_places.h"
#include "cli/saved_report.h"
#include "suppress/apply.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_ignore_lint_detail {

std::string place(const suppress::Statement& one) { return text::clean(one.by.file, 200) + ":" + std::to_string(one.by.line) + ": " + text::clean(one.by.rule, 100) + ": "; }

/// Whether a finding of some report, set aside there or not, is what an entry speaks of.
bool is_used(const suppress::Statement& one, const std::vector<report::Report>& reports) {
  for (const report::Report& report : reports) {
    for (const Finding& finding : report.findings) {
      if (suppress::holds(one, report, finding)) return true;
    }
    for (const report::Suppressed& aside : report.suppressed) {
      if (suppress::holds(one, report, aside.finding)) return true;
    }
  }
  return false;
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<PlacedIgnores> files, placed_ignores(call));
  std::vector<report::Report> reports;
  for (const std::string& one : call.arguments) {
    ECLAIR_TRY(report::SavedReports saved, read_saved_reports(call, one));
    for (report::Report& report : saved.document.reports) reports.push_back(std::move(report));
  }
  const UnixTime today = now();
  std::string out;
  std::map<std::string, std::string> seen;
  for (const PlacedIgnores& file : files) {
    for (const suppress::Statement& one : file.read.source.statements) {
      if (one.expires == 0) out += place(one) + "has no end\n";
      else if (today >= one.expires) out += place(one) + "ended on " + text::clean(one.by.expires, 40) + "\n";
      else if (one.expires - today <= UnixTime{suppress::kNoticeDays} * 86400) out += place(one) + "ends on " + text::clean(one.by.expires, 40) + "\n";
      const bool whole = one.packages.empty() && one.names.empty() && one.paths.empty() && one.images.empty() && one.layer.kind == report::LayerChoice::Kind::all;
      if (whole) {
        const auto [at, fresh] = seen.try_emplace(one.ids[0], text::clean(one.by.file, 200) + ":" + std::to_string(one.by.line));
        if (!fresh) out += place(one) + "is set aside by " + at->second + " already\n";
      }
      if (!call.arguments.empty() && !is_used(one, reports)) out += place(one) + "is no finding of these reports\n";
    }
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  return out.empty() ? int{kOk} : int{kPolicyFailed};
}

}  // namespace command_ignore_lint_detail

namespace command {
const Command& ignore_lint() {
  static constexpr Command kOne = {
      .name = "ignore lint",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Says which entries have ended, have no end, are there twice or are of no use.",
      .usage = "[REPORT.json...] [options]",
      .examples = "eclair ignore lint\n"
                  "eclair ignore lint report.json                    # also what is no finding of that report\n"
                  "eclair ignore lint --ignorefile team.yaml\n"
                  "eclair ignore lint && echo clean                  # exit 2 when there is something to say",
      .notes = "",
      .run = &command_ignore_lint_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
