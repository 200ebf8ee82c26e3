// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/command.h"
#include "cli/login_file.h"
#include "image/credential_file.h"
#include "image/registry_session.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_logout_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::string registry, registry_of(call));
  ECLAIR_TRY(const std::string path, image::credential_file(&image::process_environment));
  ECLAIR_TRY(const std::string before, read_login_file(path));
  bool had = false;
  auto after = image::without_login(before, registry, had);
  if (!after) return fail(std::move(after).error().within(text::clean(path, 300)));
  if (!had) {
    call.console.note("not logged in to " + registry + ": there is no entry in " + text::clean(path, 300));
    return int{kOk};
  }
  ECLAIR_CHECK_OK(write_login_file(path, *after));
  ECLAIR_CHECK_OK(call.console.print("logged out of " + registry + "\n"));
  return int{kOk};
}

}  // namespace command_logout_detail

namespace command {
const Command& logout() {
  static constexpr Command kOne = {
      .name = "logout",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Forgets what login kept for a registry.",
      .usage = "[REGISTRY]",
      .examples = "eclair logout ghcr.io\n"
                  "eclair logout                                    # Docker Hub\n"
                  "eclair logout localhost:5000 -q                  # says nothing\n"
                  "DOCKER_CONFIG=/tmp/once eclair logout ghcr.io    # in a file of its own",
      .notes = "",
      .run = &command_logout_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
