// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// From the settings to what of a report is shown.
#include "cli/analysis.h"

#include <cstdlib>

#include "cli/values.h"
#include "util/text.h"

namespace eclair::cli {
namespace view_detail {

/// The statuses of --ignore-status, with Grype's words for them.
std::vector<Status> hidden_statuses(const std::vector<std::string>& words) {
  std::vector<Status> out;
  for (const std::string& word : words) {
    Status one{};
    if (word == "not-fixed") {
      out.insert(out.end(), {Status::unknown, Status::affected, Status::fix_deferred, Status::will_not_fix, Status::end_of_life, Status::under_investigation});
    } else if (parse(word == "wont-fix" ? "will_not_fix" : word, one)) {
      out.push_back(one);
    }
  }
  return out;
}

/// Grype calls two keys otherwise.
std::string sort_key(const std::string& word) { return word == "threat" ? "epss" : word == "vulnerability" ? "id" : word; }

/// What GitHub Actions says of the run.
report::SourceState source_state() {
  const auto variable = [](const char* name) {
    const char* const value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  report::SourceState out{.commit = variable("GITHUB_SHA"), .ref = variable("GITHUB_REF"), .job = variable("GITHUB_RUN_ID"), .correlator = {}};
  out.correlator = variable("GITHUB_WORKFLOW");
  const std::string job = variable("GITHUB_JOB");
  if (!job.empty()) out.correlator += (out.correlator.empty() ? "" : "_") + job;
  return out;
}

}  // namespace view_detail

report::View view_of(const Invocation& call) {
  const Settings& settings = call.settings;
  report::View out;
  out.severities = settings.severities("severity");
  out.ignore_unfixed = settings.flag("ignore-unfixed");
  out.only_unfixed = settings.flag("only-unfixed");
  if (settings.flag("only-base")) out.layer.kind = report::LayerChoice::Kind::base;
  if (settings.flag("ignore-base")) out.layer.kind = report::LayerChoice::Kind::own;
  if (settings.is_set("layer")) out.layer = parse_layer(settings.text("layer")).value_or(report::LayerChoice{});
  out.hidden_statuses = view_detail::hidden_statuses(settings.list("ignore-status"));
  out.only_exploited = settings.flag("kev");
  out.min_epss = settings.decimal("min-epss").value_or(0);
  out.min_cvss = settings.decimal("min-cvss").value_or(0);
  out.packages = settings.list("pkg");
  out.ids = settings.list("id");
  out.show_suppressed = settings.flag("show-suppressed");
  out.show_packages = !settings.is_set("show-packages") || settings.flag("show-packages");
  out.list_packages = settings.is_set("show-packages") && settings.flag("show-packages");
  out.summary = settings.flag("summary");
  out.sort_by = view_detail::sort_key(settings.text("sort-by"));
  out.group_by = settings.text("group-by");
  out.columns = settings.list("columns");
  out.group = settings.flag("group");
  out.width = call.console.width();
  out.terminal = call.console.out_is_terminal();
  out.color = call.console.color();
  out.unicode = call.console.unicode();
  out.hyperlinks = call.console.hyperlinks();
  out.wide = settings.flag("wide");
  out.pretty = settings.is_set("pretty") ? settings.flag("pretty") : out.terminal;
  out.source = view_detail::source_state();
  return out;
}

report::View file_view(const Invocation& call, report::View view) {
  view.terminal = view.color = view.hyperlinks = false;
  view.width = call.console.file_width();
  if (!call.settings.is_set("pretty")) view.pretty = false;
  return view;
}

}  // namespace eclair::cli
