// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What `eclair serve` would do with these settings.
#include "cli/command.h"
#include "cli/server_settings.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_config_check_detail {

std::string value_of(const Settings& settings, const Option& option) {
  if (option.name == "store") return without_password(settings.text(option.name));
  if (option.secret && settings.is_set(option.name)) return "***";
  if (option.name == "key") return std::to_string(settings.list(option.name).size()) + " rules";
  const bool many = option.kind == Kind::list || option.kind == Kind::rules;
  return many && settings.is_set(option.name) ? text::join(settings.list(option.name), ", ") : settings.text(option.name);
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const ServerSettings server, server_settings(call.settings));
  std::string out;
  for (const Option& option : options()) {
    const bool set = call.settings.origin(option.name) != Origin::fallback;
    if (!applies(option, "serve") || (!set && (option.hidden || option.config.empty()))) continue;
    const std::string key = option.config.empty() ? "--" + std::string(option.name) : std::string(text::words(option.config).front());
    out += key + ": " + text::clean(value_of(call.settings, option)) + "  # " + (set ? text::clean(call.settings.where(option.name)) : "default") + "\n";
  }
  const std::string address = server.address == "*" ? "every address" : server.address;
  out += "# listens on " + address + ", port " + std::to_string(server.port) + (server.tls.certificate.empty() ? " (http)" : " (https)") + ", health on port " +
         std::to_string(server.health_port) + "; store: " + text::clean(without_password(server.service.store_url)) + "\n";
  for (const service::AccessRule& rule : server.rules) {
    constexpr std::string_view kRoles[] = {"none", "read", "write", "admin"};
    out += "# key of " + text::quoted(rule.who.name) + ": " + std::string(kRoles[static_cast<std::size_t>(rule.who.role)]);
    if (!rule.who.prefixes.empty()) out += ", only " + text::clean(text::join(rule.who.prefixes, " "));
    out += "\n";
  }
  ECLAIR_CHECK_OK(call.console.print(out));
  for (const std::string& one : server.warnings) call.console.warning(one);
  return int{kOk};
}

}  // namespace command_config_check_detail

namespace command {
const Command& config_check() {
  static constexpr Command kOne = {
      .name = "config check",
      .aliases = "",
      .section = Section::settings,
      .purpose = "Checks the settings of the service, and prints them with where each comes from.",
      .usage = "[--config FILE] [options of eclair serve]",
      .examples = "eclair config check\neclair config check --config /etc/clair/config.yaml    # the original's file works as it is\n"
                  "eclair config check -c serve.yaml --listen '*'\neclair config check -config=/etc/clair/config.yaml -log-level=debug",
      .notes = "Passwords and keys are not printed. Exit 1 when something is wrong, with file and line.",
      .run = &command_config_check_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
