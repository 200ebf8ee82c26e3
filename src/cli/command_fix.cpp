// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/whole_reports.h"
#include "report/fix.h"

namespace eclair::cli {
namespace command_fix_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  ECLAIR_TRY(const std::vector<std::string> targets, targets_of(call));
  if (targets.size() != 1) return fail(Errc::invalid_input, "fix takes one image, not " + std::to_string(targets.size()));
  ECLAIR_TRY(WholeReports reports, WholeReports::open(call));
  ECLAIR_TRY(const report::Report report, reports.of(targets[0]));
  for (const Output& output : outputs) {
    const report::View view = output.file.empty() ? view_of(call) : file_view(call, view_of(call));
    const std::string text = output.format == "json" ? report::render_fix_json(report, view) : report::render_fix_table(report, view);
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return int{kOk};
}

}  // namespace command_fix_detail

namespace command {
const Command& fix() {
  static constexpr Command kOne = {
      .name = "fix",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Tells which upgrades remove the findings of an image, and where to make them.",
      .usage = "TARGET|REPORT.json [options]",
      .examples = "eclair fix registry.example.com/shop/api:1.4\n"
                  "eclair fix image.tar --base debian:12-slim        # tells base layers from own ones\n"
                  "eclair fix report.json                            # of a scan that was saved\n"
                  "eclair fix image.tar -f json",
      .notes = "",
      .run = &command_fix_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
