// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/ignore_places.h"
#include "report/columns.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_ignore_list_detail {

/// What narrows an entry: "zlib1g, images shop/*".
std::string scope_of(const suppress::Statement& one) {
  std::vector<std::string> parts = one.names;
  for (const auto& purl : one.packages) parts.push_back(purl.name + (purl.version.empty() ? "" : "@" + purl.version));
  if (!one.paths.empty()) parts.push_back("paths " + text::join(one.paths, " "));
  if (!one.images.empty()) parts.push_back("images " + text::join(one.images, " "));
  using Kind = report::LayerChoice::Kind;
  if (one.layer.kind != Kind::all) parts.push_back(one.layer.kind == Kind::base ? "base layers" : one.layer.kind == Kind::own ? "own layers" : "layer " + one.layer.digest.substr(0, 19));
  return parts.empty() ? "everywhere" : text::clean(text::join(parts, ", "), 300);
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<PlacedIgnores> files, placed_ignores(call));
  const UnixTime today = now();
  std::vector<std::vector<report::Cell>> rows;
  for (const PlacedIgnores& file : files) {
    for (const suppress::Statement& one : file.read.source.statements) {
      const bool over = one.expires > 0 && today >= one.expires;
      rows.push_back({{text::clean(one.by.rule, 100)}, {one.by.expires.empty() ? "never" : text::clean(one.by.expires, 40) + (over ? " (over)" : "")}, {scope_of(one)},
                      {text::clean(one.by.owner.empty() ? "-" : one.by.owner, 100)}, {text::clean(one.by.file, 200) + ":" + std::to_string(one.by.line)},
                      {text::clean(one.by.reason.empty() ? "-" : one.by.reason, 300)}});
    }
  }
  if (rows.empty()) {
    ECLAIR_CHECK_OK(call.console.print("No entries.\n"));
    return int{kOk};
  }
  ECLAIR_CHECK_OK(call.console.print(report::lay_out({{"ID", 14}, {"ENDS"}, {"WHERE"}, {"OWNER"}, {"SAID IN"}, {"REASON"}}, rows, view_of(call))));
  return int{kOk};
}

}  // namespace command_ignore_list_detail

namespace command {
const Command& ignore_list() {
  static constexpr Command kOne = {
      .name = "ignore list",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Lists what is set aside, until when, where and why.",
      .usage = "[options]",
      .examples = "eclair ignore list\n"
                  "eclair ignore list --ignorefile team.yaml         # another file\n"
                  "eclair ignore list --ignorefile .trivyignore      # of another program\n"
                  "eclair ignore list | grep over                    # what has ended",
      .notes = "",
      .run = &command_ignore_list_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
