// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/policy_file.h"
#include "cli/whole_reports.h"
#include "report/diff.h"
#include "report/policy.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_diff_detail {

std::string rendered(const std::string& format, const report::Report& before, const report::Report& now, const report::Difference& difference,
                     const report::View& view) {
  if (format == "json") return report::render_diff_json(before, now, difference, view);
  return format == "markdown" ? report::render_diff_markdown(before, now, difference, view) : report::render_diff_table(before, now, difference, view);
}

/// Rules look at what is new, and at nothing else.
int weigh(const Invocation& call, const std::vector<report::Rule>& rules, const report::Report& fresh, std::uint64_t exit_code) {
  int out = kOk;
  const std::vector<report::RuleResult> results = report::evaluate(rules, fresh);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].passed) continue;
    call.console.verdict("policy failed by what is new: " + report::failure_line(results[i], fresh));
    if (!report::is_reservation(rules[i])) out = static_cast<int>(exit_code);
    else if (out == kOk) out = kReservations;
  }
  return out;
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<report::Rule> rules, rules_of(call.settings));
  if (const auto olds = report::olds_of(rules); !olds.empty()) {
    return fail(Error{Errc::invalid_input, "a rule new:...@" + text::clean(olds[0], 100) + " within diff, which looks at nothing but what is new", "leave new: and @ out"});
  }
  if (const auto files = report::files_of(rules); !files.empty()) {
    return fail(Error{Errc::invalid_input, "a rule about the file " + text::quoted(files[0], 100) + " within diff, which looks at findings alone", "eclair scan answers it"});
  }
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json", "markdown"}));
  const std::uint64_t exit_code = call.settings.number("exit-code").value_or(kPolicyFailed);
  if (exit_code > 255) return fail(Errc::invalid_input, "exit code " + std::to_string(exit_code) + ": exit codes end at 255");
  const bool two_days = call.arguments.size() == 1 && call.settings.is_set("old-as-of");
  if (call.arguments.size() != 2 && !two_days) {
    return fail(Error{Errc::invalid_input, "diff takes what was and what is, not " + std::to_string(call.arguments.size()) + (call.arguments.size() == 1 ? " target" : " targets"),
                      "eclair diff OLD NEW, or eclair diff IMAGE --old-as-of DAY"});
  }
  ECLAIR_TRY(WholeReports reports, WholeReports::open(call));
  ECLAIR_TRY(const report::Report before, reports.of(call.arguments[0], {.as_of = "old-as-of"}));
  ECLAIR_TRY(const report::Report now, reports.of(call.arguments.back()));
  const report::Difference difference = report::compare(before, now);
  for (const Output& output : outputs) {
    const report::View view = output.file.empty() ? view_of(call) : file_view(call, view_of(call));
    const std::string text = rendered(output.format, before, now, difference, view);
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return weigh(call, rules, report::with_only(now, difference.findings_added), exit_code);
}

}  // namespace command_diff_detail

namespace command {
const Command& diff() {
  static constexpr Command kOne = {
      .name = "diff",
      .aliases = "compare",
      .section = Section::inspect,
      .purpose = "Tells in what packages and findings two images, reports or days differ.",
      .usage = "OLD NEW [options]",
      .examples = "eclair diff shop:1.3 shop:1.4\n"
                  "eclair diff last.json shop:1.4 --fail-on high     # exit 2 when there is a new one\n"
                  "eclair diff shop:1.4 --old-as-of 2026-11-01       # what became known since\n"
                  "eclair diff a.tar b.tar -f markdown=diff.md",
      .notes = "OLD and NEW are images, or reports that eclair scan -f json wrote. Findings are the same when vulnerability, package and path\n"
               "are; versions may differ. --fail-on looks at findings that NEW has and OLD has not.",
      .run = &command_diff_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
