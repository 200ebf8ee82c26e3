// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "cli/analysis.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/login_file.h"
#include "image/credential_file.h"
#include "image/registry_session.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_login_detail {

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const std::string registry, registry_of(call));
  ECLAIR_TRY(image::OpenOptions options, open_options(call));
  options.registry_token.clear();
  if (options.username.empty()) {
    ECLAIR_TRY(options.username, ask("user name for " + registry, false));
  }
  if (options.password.empty()) {
    ECLAIR_TRY(options.password, ask("password", true));
  }
  if (options.username.find(':') != std::string::npos) return fail(Errc::invalid_input, "user name " + text::quoted(options.username) + ": a user name has no colon");
  ECLAIR_CHECK_OK(image::try_login(registry, options));
  ECLAIR_TRY(const std::string path, image::credential_file(&image::process_environment));
  ECLAIR_TRY(const std::string before, read_login_file(path));
  auto after = image::with_login(before, registry, options.username, options.password);
  if (!after) return fail(std::move(after).error().within(text::clean(path, 300)));
  ECLAIR_CHECK_OK(write_login_file(path, *after));
  ECLAIR_CHECK_OK(call.console.print("logged in to " + registry + " as " + text::clean(options.username, 100) + ", kept in " + text::clean(path, 300) + "\n"));
  if (const auto helper = image::helper_of(before, registry); helper && !helper->empty()) {
    call.console.note("other tools ask the helper " + text::quoted(*helper) + " for " + registry + ", and not this file");
  }
  return int{kOk};
}

}  // namespace command_login_detail

namespace command {
const Command& login() {
  static constexpr Command kOne = {
      .name = "login",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Keeps a user name and password for a registry, where docker keeps them.",
      .usage = "[REGISTRY] [--username NAME] [--password-stdin]",
      .examples = "eclair login ghcr.io                             # asks for both, on a terminal\n"
                  "echo \"$TOKEN\" | eclair login ghcr.io --username ci --password-stdin\n"
                  "eclair login --username me                       # Docker Hub\n"
                  "DOCKER_CONFIG=/tmp/once eclair login registry.corp:5000 --cacert ca.pem",
      .notes = "The registry is asked first. The password is kept in $DOCKER_CONFIG/config.json or ~/.docker/config.json, as docker login does\n"
               "without a credential helper: readable by you alone, and not encrypted.",
      .run = &command_login_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
