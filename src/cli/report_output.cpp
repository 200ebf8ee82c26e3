// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/report_output.h"

#include <string>
#include <string_view>
#include <utility>

#include "cli/analysis.h"
#include "util/text.h"

namespace eclair::cli {

Result<std::vector<Output>> plan_report_outputs(const Settings& settings, std::string_view only) {
  std::vector<FormatWord> formats;
  const auto add = [&](const report::Format& format) { formats.emplace_back(format.id, format.aliases, format.versions); };
  for (const std::string_view word : text::words(only)) {
    if (const report::Format* const format = report::find_format(word); format != nullptr) add(*format);
  }
  if (only.empty()) {
    for (const report::Format* const format : report::formats()) add(*format);
  }
  return plan_outputs(settings, formats);
}

Result<> write_reports(const Invocation& call, const std::vector<Output>& outputs, const report::View& view, const report::Document& document) {
  for (const Output& output : outputs) {
    const report::Format& format = *report::find_format(output.format);
    report::View how = output.file.empty() ? view : file_view(call, view);
    how.format_version = output.version;
    if (format.left_out != nullptr) {
      for (const std::string& one : format.left_out(document, how)) call.console.warning(one);
    }
    if (output.file.empty()) {
      ECLAIR_CHECK_OK(format.render(document, how, [&](std::string_view piece) { return call.console.print(piece); }));
      continue;
    }
    ECLAIR_TRY(NewFile file, NewFile::create(output.file));
    ECLAIR_CHECK_OK(format.render(document, how, [&](std::string_view piece) { return file.write(piece); }));
    ECLAIR_CHECK_OK(file.commit());
    call.console.detail("wrote " + output.file);
  }
  return {};
}

}  // namespace eclair::cli
