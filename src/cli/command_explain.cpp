// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis.h"
#include "cli/base_layers.h"
#include "cli/command.h"
#include "cli/fetching.h"
#include "cli/output.h"
#include "cli/suppressions.h"
#include "report/explain.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_explain_detail {

/// "cve-2024-1" is meant as CVE-2024-1; other names are looked up as they are.
std::string spelled(std::string_view id) {
  std::string out(id);
  if (text::lower(id.substr(0, 4)) == "cve-") {
    for (std::size_t i = 0; i < 3; ++i) out[i] = "CVE"[i];
  }
  return out;
}

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "no vulnerability named", "eclair explain CVE-2024-37371 IMAGE"});
  const std::string id = spelled(call.arguments[0]);
  const std::vector<std::string> rest(call.arguments.begin() + 1, call.arguments.end());
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"text", "json"}));
  ECLAIR_TRY(const std::vector<std::string> targets, targets_of({call.settings, rest, call.console, call.stop, call.version}));
  if (targets.size() != 1) return fail(Errc::invalid_input, "explain takes one image, not " + std::to_string(targets.size()));
  ECLAIR_TRY(Suppressions suppressions, Suppressions::load(call));
  ECLAIR_TRY(const image::OpenOptions open, open_options(call));
  ECLAIR_TRY(const std::optional<Image> base, given_base(call, open));
  ECLAIR_TRY(const auto advisories, open_known_advisories(call));
  const auto known = open_known_layers(call);

  NeededAdvisories needed(call, *advisories);
  ECLAIR_TRY(index::IndexedImage read, read_image(call, targets[0], open, known.get(), false, needed.foreseer()));
  needed.fetch(read.inventory);
  ECLAIR_TRY(report::Report report, judge_image(call, std::move(read), advisories));
  ECLAIR_CHECK_OK(find_base(call, known.get(), base, report));
  ECLAIR_CHECK_OK(suppressions.apply(call, targets[0], report));
  ECLAIR_TRY(const std::vector<store::AdvisoryRow> rows, advisories->search({.id = id}));
  const report::Explanation explanation = report::explain(report, id, rows);

  for (const Output& output : outputs) {
    const std::string text = output.format == "json" ? report::render_explanation_json(report, explanation)
                                                     : report::render_explanation(report, explanation, view_of(call));
    ECLAIR_CHECK_OK(output.file.empty() ? call.console.print(text) : write_file(output.file, text));
  }
  return int{kOk};
}

}  // namespace command_explain_detail

namespace command {
const Command& explain() {
  static constexpr Command kOne = {
      .name = "explain",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Tells why an image is affected by a vulnerability, or is not.",
      .usage = "ID TARGET [options]",
      .examples = "eclair explain CVE-2024-37371 debian:12\n"
                  "eclair explain CVE-2024-3094 image.tar           # also when it is not affected\n"
                  "eclair explain DSA-5724-1 oci-dir:build/image    # by the name of a notice\n"
                  "eclair explain CVE-2024-37371 debian:12 -f json",
      .notes = "",
      .run = &command_explain_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
