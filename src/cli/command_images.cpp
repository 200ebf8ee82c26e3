// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The images that are kept.
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/output.h"
#include "cli/remote_images.h"
#include "report/columns.h"
#include "report/json_parts.h"
#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_images_detail {

constexpr std::size_t kPage = 500;
using report::Cell;

Cell cell(std::string text) { return {std::move(text), report::Color::none}; }

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::vector<Output> outputs, plan_outputs(call.settings, {"table", "json"}));
  if (!call.arguments.empty()) return fail(Error{Errc::invalid_input, "images takes no argument", "eclair scan IMAGE reports on one"});
  ECLAIR_TRY(const KeptImages images, KeptImages::open(call));
  json::Writer w(true);
  w.begin_object().member("schema_version", report::kSchemaVersion).key("images").begin_array();
  std::vector<std::vector<Cell>> rows;
  std::string after;
  do {
    if (call.stop.requested()) return fail(Errc::cancelled, "interrupted");
    ECLAIR_TRY(const auto page, images->list(after, kPage, images.who()));
    for (const service::ImageView& one : page.items) {
      w.begin_object().member("id", one.id);
      write_or_null(w, "digest", one.image.digest.text);
      write_strings(w, "names", one.names);
      write_or_null(w, "platform", one.image.platform.os.empty() ? "" : one.image.platform.text());
      write_or_null(w, "distribution", one.os.pretty.empty() ? one.os.id : one.os.pretty);
      w.member("layers", std::int64_t{one.layers});
      write_or_null(w, "sender", one.sender);
      write_time(w, "created", one.created);
      write_time(w, "seen", one.seen);
      w.end_object();
      rows.push_back({cell(text::clean(one.names.empty() ? one.image.name : text::join(one.names, " "), 400)),
                      cell(std::string(Digest{one.id}.brief())), cell(text::clean(one.os ? one.os.id + " " + one.os.version : "unknown", 60)),
                      cell(text::clean(one.image.platform.os.empty() ? "-" : one.image.platform.text(), 60)), cell(std::to_string(one.layers)),
                      cell(rfc3339(one.seen).substr(0, 16))});
    }
    after = page.next;
  } while (!after.empty());
  w.end_array().end_object();
  const std::string table = rows.empty() ? "no images are kept\n"
                                         : report::lay_out({{"IMAGE", 0, true}, {"ID"}, {"DISTRIBUTION", 0, true}, {"PLATFORM", 0, false, true}, {"LAYERS"}, {"SEEN", 0, false, true}},
                                                           rows, view_of(call));
  ECLAIR_CHECK_OK(write_outputs(call, outputs, table, w.take() + "\n"));
  return int{kOk};
}

}  // namespace command_images_detail

namespace command {
const Command& images() {
  static constexpr Command kOne = {
      .name = "images",
      .aliases = "",
      .section = Section::inspect,
      .purpose = "Lists the images that a server, or the store of this machine, keeps.",
      .usage = "[--server URL]",
      .examples = "eclair images --server https://eclair:6060\n"
                  "eclair images --server https://eclair:6060 --token-file key\n"
                  "eclair images                                     # of this machine's own store\n"
                  "eclair images -f json",
      .notes = "",
      .run = &command_images_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
