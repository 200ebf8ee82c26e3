// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Forgets images.
#include "cli/command.h"
#include "cli/remote_images.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_delete_image_detail {

Result<int> run(const Invocation& call) {
  if (call.arguments.empty()) return fail(Error{Errc::invalid_input, "no image named", "eclair images lists them"});
  ECLAIR_TRY(const KeptImages images, KeptImages::open(call));
  bool all = true;
  for (const std::string& name : call.arguments) {
    ECLAIR_TRY(const bool gone, images->remove(name, images.who()));
    if (gone) call.console.note("deleted " + text::quoted(name));
    else call.console.error({Errc::not_found, "no image " + text::quoted(name) + " is kept", "eclair images lists them"});
    all = all && gone;
  }
  return int{all ? kOk : kError};
}

}  // namespace command_delete_image_detail

namespace command {
const Command& delete_image() {
  static constexpr Command kOne = {
      .name = "delete",
      .aliases = "rm",
      .section = Section::inspect,
      .purpose = "Forgets images, by name or digest, with the layers that no other image has.",
      .usage = "IMAGE... [--server URL]",
      .examples = "eclair delete registry.example.com/shop:1.4 --server https://eclair:6060\n"
                  "eclair delete shop:1.3 shop:1.4                   # several; of this machine's own store\n"
                  "eclair delete sha256:9f2a...                      # by the digest of its manifest, or the id that eclair images -f json tells\n"
                  "eclair delete shop:1.4 --server https://eclair:6060 --token-file key",
      .notes = "Nothing in a registry is touched.",
      .run = &command_delete_image_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
