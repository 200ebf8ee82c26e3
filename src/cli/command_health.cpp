// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Whether a server is well, for people and for container health checks.
#include "cli/command.h"
#include "cli/db_words.h"
#include "cli/progress.h"
#include "cli/remote_images.h"
#include "util/json.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace command_health_detail {

constexpr std::string_view kHere = "http://127.0.0.1:6060";

/// "1 image", "1,200 images"
std::string many(json::Value value, const std::string& one) { return counted(static_cast<std::uint64_t>(value.integer().value_or(0)), one, one + "s"); }

Result<int> run(const Invocation& call) {
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "health takes no argument");
  ECLAIR_TRY(std::string server, server_of(call));
  if (server.empty()) server = kHere;
  ECLAIR_TRY(const ServerHealth health, server_health(call, server));
  json::Document parsed;
  ECLAIR_TRY(const json::Value root, parsed.parse(health.document, 32));
  const json::Value store = root["store"];
  std::string out = text::clean(server, 200) + ": " + (health.well ? "well" : "failing") + ", version " + text::clean(root["version"].string(), 60) + "\n";
  out += store["works"].boolean() ? "store: " + many(store["layers"], "layer") + ", " + many(store["images"], "image") + ", " +
                                        many(store["notifications_pending"], "notification") + " to be told\n"
                                  : std::string("store: does not answer\n");
  if (!root["advisories"]["works"].boolean()) out += "advisories: do not answer\n";
  root["advisories"]["feeds"].each([&](json::Value feed) {
    const UnixTime age = feed["age_seconds"].integer().value_or(0);
    out += "feed " + text::clean(feed["name"].string(), 60) + ": " + many(feed["records"], "record") + ", " + ago(0, age) + " old\n";
    return true;
  });
  ECLAIR_CHECK_OK(call.console.print(out));
  return int{health.well ? kOk : kError};
}

}  // namespace command_health_detail

namespace command {
const Command& health() {
  static constexpr Command kOne = {
      .name = "health",
      .aliases = "",
      .section = Section::serve,
      .purpose = "Asks a server whether it is well: exit 0 or 1.",
      .usage = "[--server URL]",
      .examples = "eclair health                                    # on this machine, port 6060\n"
                  "eclair health --server https://eclair:6060 --cacert ca.pem\n"
                  "eclair health -q || systemctl restart eclair\n"
                  "ECLAIR_SERVER=http://127.0.0.1:6060 eclair health    # HEALTHCHECK of a container",
      .notes = "",
      .run = &command_health_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
