// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/report_output.h"
#include "cli/settings.h"
#include "report/report.h"

namespace eclair::cli {
namespace command_sbom_detail {

/// Where all went to files, there is nothing to see: a bill on a terminal is no report beside them.
Result<std::vector<Output>> outputs_of(const Settings& settings) {
  ECLAIR_TRY(std::vector<Output> out, plan_report_outputs(settings, "cyclonedx spdx-json spdx json jsonl"));
  bool asked = false, all_to_files = true;
  for (const char* const option : {"format", "output"}) {
    for (const Settings::Word& word : settings.words(option)) {
      asked = true;
      all_to_files = all_to_files && word.text.find('=') != std::string::npos;
    }
  }
  if (asked && all_to_files) std::erase_if(out, [](const Output& one) { return one.file.empty(); });
  return out;
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, outputs_of(call.settings));
  ECLAIR_TRY(const std::vector<std::string> targets, targets_of(call));
  ECLAIR_TRY(const image::OpenOptions open, open_options(call));
  ECLAIR_TRY(const std::optional<Image> base, given_base(call, open));
  const auto known = open_known_layers(call);

  report::Document document;
  for (const std::string& target : targets) {
    auto read = read_image(call, target, open, known.get());
    if (read) {
      document.reports.push_back(list_image(call, *std::move(read)));
      ECLAIR_CHECK_OK(find_base(call, known.get(), base, document.reports.back()));
      continue;
    }
    if (targets.size() == 1 || read.error().code == Errc::cancelled) return fail(std::move(read).error());
    call.console.error(read.error());
    document.failures.push_back({target, read.error().text});
  }
  ECLAIR_CHECK_OK(write_reports(call, outputs, view_of(call), document));
  return document.failures.empty() ? int{kOk} : int{kError};
}

}  // namespace command_sbom_detail

namespace command {
const Command& sbom() {
  static constexpr Command kOne = {
      .name = "sbom",
      .aliases = "",
      .section = Section::scan,
      .purpose = "Writes a bill of materials of an image: CycloneDX or SPDX.",
      .usage = "TARGET... [options]",
      .examples = "eclair sbom alpine:3.19 -o bom.json              # CycloneDX 1.6\n"
                  "eclair sbom IMAGE -f spdx-json=bom.spdx.json -f cyclonedx=bom.cdx.json\n"
                  "eclair sbom IMAGE -f cyclonedx@1.5               # for readers that take no newer version\n"
                  "eclair sbom IMAGE | eclair scan -                # judged later, perhaps elsewhere",
      .notes = "Vulnerabilities are not looked for, so no advisories are needed. With them: eclair scan IMAGE -f cyclonedx.\n"
               "A TARGET is what eclair scan takes, an SBOM too: it comes out in another form.",
      .run = &command_sbom_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
