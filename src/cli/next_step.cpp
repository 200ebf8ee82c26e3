// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/next_step.h"

#include "cli/recent.h"
#include "util/text.h"

namespace eclair::cli {
namespace next_step_detail {

/// Fit to be pasted into a shell as it stands.
bool is_plain(std::string_view word) {
  for (const char c : word) {
    if (!text::is_alpha(c) && !text::is_digit(c) && std::string_view("-_.:/@+,%=").find(c) == std::string_view::npos) return false;
  }
  return !word.empty() && word[0] != '-' && word.size() <= 120;
}

}  // namespace next_step_detail

std::string next_step(const report::Report& report, const std::string& target, std::uint64_t made) {
  if (!next_step_detail::is_plain(target) || made >= kMostSuggestions) return {};
  if (report.findings.empty()) {
    return made == 0 ? "eclair layers " + target + "   # which step brought what" : made == 1 ? "eclair scan " + target + " --fail-on high,fixable   # an exit code for a pipeline" : "";
  }
  if (made == 0) {
    const std::string& worst = report.findings[0].vulnerability;
    if (!next_step_detail::is_plain(worst)) return {};
    return "eclair explain " + worst + " " + target + "   # why, from which layer, and what fixes it";
  }
  if (made == 1) return "eclair scan " + target + " --fail-on high,fixable   # an exit code for a pipeline";
  return "eclair scan " + target + " -f json=report.json   # a file for programs, beside the table";
}

void suggest_next_step(const Invocation& call, const report::Document& document) {
  const bool watched = call.console.shows_progress() && call.console.out_is_terminal();
  if (!watched || document.reports.size() != 1 || call.arguments.size() != 1) return;
  const auto folder = data_folder(call.settings);
  if (!folder) return;
  const std::string step = next_step(document.reports[0], call.arguments[0], suggestions_made(*folder));
  if (step.empty()) return;
  call.console.note("next: " + step);
  count_suggestion(*folder);
}

}  // namespace eclair::cli
