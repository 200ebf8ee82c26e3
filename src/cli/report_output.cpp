// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/report_output.h"

#include <string_view>
#include <utility>

#include "cli/analysis.h"

namespace eclair::cli {

Result<std::vector<Output>> plan_report_outputs(const Settings& settings) {
  std::vector<std::string_view> formats;
  for (const report::Format* const format : report::formats()) formats.push_back(format->id);
  return plan_outputs(settings, formats);
}

Result<> write_reports(const Invocation& call, const std::vector<Output>& outputs, const report::View& view, const report::Document& document) {
  for (const Output& output : outputs) {
    const report::Format& format = *report::find_format(output.format);
    if (output.file.empty()) {
      ECLAIR_CHECK_OK(format.render(document, view, [&](std::string_view piece) { return call.console.print(piece); }));
      continue;
    }
    const report::View of_file = file_view(call, view);
    ECLAIR_TRY(NewFile file, NewFile::create(output.file));
    ECLAIR_CHECK_OK(format.render(document, of_file, [&](std::string_view piece) { return file.write(piece); }));
    ECLAIR_CHECK_OK(file.commit());
    call.console.detail("wrote " + output.file);
  }
  return {};
}

}  // namespace eclair::cli
