// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <iterator>
#include <string>
#include <vector>

#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/command.h"
#include "cli/report_output.h"
#include "cli/saved_report.h"
#include "cli/template_file.h"

namespace eclair::cli {
namespace command_convert_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_report_outputs(call.settings));
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "no report named", "eclair convert report.json -f FORMAT"});
  report::View view = view_of(call);
  ECLAIR_CHECK_OK(read_template(call.settings, outputs, view));
  report::Document all;
  for (const std::string& one : call.arguments) {
    ECLAIR_TRY(report::SavedReports saved, read_saved_reports(call, one));
    std::move(saved.document.reports.begin(), saved.document.reports.end(), std::back_inserter(all.reports));
    std::move(saved.document.failures.begin(), saved.document.failures.end(), std::back_inserter(all.failures));
  }
  for (const report::Report& one : all.reports) warn_of_unknown_base(call, one);
  ECLAIR_CHECK_OK(write_reports(call, outputs, view, all));
  return int{kOk};
}

}  // namespace command_convert_detail

namespace command {
const Command& convert() {
  static constexpr Command kOne = {
      .name = "convert",
      .aliases = "",
      .section = Section::scan,
      .purpose = "Writes a saved report in other formats.",
      .usage = "REPORT.json... [options]",
      .examples = "eclair convert report.json                        # the table of an older scan\n"
                  "eclair convert report.json --severity '>=high'    # the same, only the grave\n"
                  "eclair convert a.json b.json -f json=both.json    # several in one\n"
                  "eclair scan IMAGE -f json | eclair convert -      # from a pipe",
      .notes = "Reads what eclair scan -f json wrote. Nothing is looked up: the report stays that of its day.",
      .run = &command_convert_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
