// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/command.h"
#include "cli/output.h"
#include "report/layers.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_layers_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  ECLAIR_TRY(const std::vector<std::string> targets, targets_of(call));
  if (targets.size() != 1) return fail(Errc::invalid_input, "layers takes one image, not " + std::to_string(targets.size()));
  ECLAIR_TRY(const image::OpenOptions open, open_options(call));
  ECLAIR_TRY(const std::optional<Image> base, given_base(call, open));
  const auto known = open_known_layers(call);
  ECLAIR_TRY(index::IndexedImage read, read_image(call, targets[0], open, known.get(), true));

  report::Report report;
  report.tool_version = call.version;
  report.generated_at = now();
  report.image = std::move(read.image);
  report.inventory = std::move(read.inventory);
  ECLAIR_CHECK_OK(find_base(call, known.get(), base, report));
  for (const Output& output : outputs) {
    report::View view = view_of(call);
    if (!output.file.empty()) view.terminal = view.color = false;
    const std::string text = output.format == "json" ? report::render_layers_json(report) : report::render_layers_table(report, view);
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return int{kOk};
}

}  // namespace command_layers_detail

namespace command {
const Command& layers() {
  static constexpr Command kOne = {
      .name = "layers",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Tells what each layer of an image added and removed.",
      .usage = "TARGET [options]",
      .examples = "eclair layers alpine:3.19\n"
                  "eclair layers image.tar --show-packages          # with the packages of each layer\n"
                  "eclair layers image.tar --facts '**/id_rsa'      # which layer brought a file\n"
                  "eclair layers oci-dir:build/image -f json",
      .notes = "",
      .run = &command_layers_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
