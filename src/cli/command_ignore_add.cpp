// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/ignore_places.h"
#include "cli/output.h"
#include "suppress/ignore_edit.h"
#include "util/byte_source.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_ignore_add_detail {

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "no vulnerability named", "eclair ignore add CVE-2024-3094 --reason \"why it does not matter\""});
  const std::string file = file_for_entries(call);
  std::string document;
  if (const auto opened = FileSource::open(file)) {
    ECLAIR_TRY(document, read_all(**opened, suppress::kMaxIgnoreBytes));
  } else if (opened.error().code != Errc::not_found) {
    return fail(opened.error());
  }
  const Settings& settings = call.settings;
  for (const std::string& id : call.arguments) {
    suppress::NewEntry entry;
    entry.id = id;
    entry.reason = settings.text("reason");
    entry.expires = settings.text("expires");
    entry.justification = settings.text("not-affected");
    entry.owner = settings.text("owner");
    entry.ticket = settings.text("ticket");
    entry.packages = settings.list("pkg");
    entry.paths = settings.list("path");
    entry.images = settings.list("image");
    auto changed = suppress::with_entry(document, file, entry);
    if (!changed) {
      Error error = std::move(changed).error();
      if (entry.reason.empty() && error.text.find("has no reason") != std::string::npos) error = {Errc::invalid_input, "an entry needs a reason", "--reason \"why it does not matter\""};
      return fail(std::move(error));
    }
    document = *std::move(changed);
  }
  ECLAIR_CHECK_OK(write_file(file, document));
  if (settings.text("expires").empty()) call.console.note("no end is set: it holds for ever", "--expires 2026-12-31");
  for (const std::string& id : call.arguments) ECLAIR_CHECK_OK(call.console.print(text::clean(id, 100) + " is set aside in " + text::clean(file, 300) + "\n"));
  return int{kOk};
}

}  // namespace command_ignore_add_detail

namespace command {
const Command& ignore_add() {
  static constexpr Command kOne = {
      .name = "ignore add",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Sets a vulnerability aside: adds an entry to .eclairignore.yaml.",
      .usage = "ID... --reason TEXT [options]",
      .examples = "eclair ignore add CVE-2023-45853 --reason \"minizip is not built\" --expires 2026-12-31\n"
                  "eclair ignore add CVE-2023-45853 --reason \"no minizip\" --not-affected vulnerable_code_not_present\n"
                  "eclair ignore add CVE-2024-37371 --reason \"no server\" --pkg pkg:deb/debian/libkrb5-3 --image 'shop/*'\n"
                  "eclair ignore add CVE-2024-37371 --reason \"fix is planned\" --owner platform --ticket OPS-4711",
      .notes = "Comments and everything else in the file stay. --ignorefile names another file.",
      .run = &command_ignore_add_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
