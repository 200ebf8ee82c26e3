// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/whole_reports.h"
#include "report/graph.h"

namespace eclair::cli {
namespace command_graph_detail {

std::string rendered(const std::string& format, const report::Report& report, const report::View& view) {
  if (format == "json") return report::render_graph_json(report, view);
  return format == "mermaid" ? report::render_graph_mermaid(report, view) : report::render_graph_dot(report, view);
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"dot", "json", "mermaid"}));
  ECLAIR_TRY(const std::vector<std::string> targets, targets_of(call));
  if (targets.size() != 1) return fail(Errc::invalid_input, "graph takes one image, not " + std::to_string(targets.size()));
  ECLAIR_TRY(WholeReports reports, WholeReports::open(call));
  ECLAIR_TRY(const report::Report report, reports.of(targets[0], {.deltas = true}));
  for (const Output& output : outputs) {
    const report::View view = output.file.empty() ? view_of(call) : file_view(call, view_of(call));
    const std::string text = rendered(output.format, report, view);
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return int{kOk};
}

}  // namespace command_graph_detail

namespace command {
const Command& graph() {
  static constexpr Command kOne = {
      .name = "graph",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Draws layers, packages, vulnerabilities and fixes of an image.",
      .usage = "TARGET|REPORT.json [options]",
      .examples = "eclair graph image.tar --severity '>=high' | dot -Tsvg > graph.svg\n"
                  "eclair graph image.tar -f mermaid                 # for Markdown\n"
                  "eclair graph image.tar --show-packages            # with packages that nothing threatens\n"
                  "eclair graph image.tar -f json",
      .notes = "Of a saved report it does not show what layers upgraded and removed.",
      .run = &command_graph_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
