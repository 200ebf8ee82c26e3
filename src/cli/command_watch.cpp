// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// A server's notifications as they are made, a line each.
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

#include "cli/command.h"
#include "cli/event_reader.h"
#include "cli/remote_images.h"
#include "cli/server_settings.h"
#include "net/client.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::cli {
namespace command_watch_detail {

constexpr std::string_view kHere = "http://127.0.0.1:6060";
constexpr unsigned kSilenceSeconds = 60;      // a server says something every 15 seconds
constexpr unsigned kLongestPauseSeconds = 30;

std::string fixes_of(json::Value side) {
  std::string out;
  side["fixes"].each([&](json::Value fix) {
    const std::string_view version = fix["version"].string();
    out += (out.empty() ? "" : ", ") + text::clean(fix["package"].string(), 100) + (version.empty() ? " has no fix" : " fixed in " + text::clean(version, 100));
    return true;
  });
  return out.empty() ? "no packages" : out;
}

std::string severity_of(json::Value side) { return text::lower(text::clean(side["severity"].string(), 20)); }

/// "debian:12 CVE-2024-1 new: high, zlib fixed in 1.2"
Result<std::string> line_of(std::string_view data) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(data, 16));
  const json::Value before = root["before"], after = root["after"];
  std::string out = text::clean(root["created"].string(), 30) + " " + text::clean(root["namespace"].string(), 100) + " " + text::clean(root["vulnerability"].string(), 100);
  if (!after.is_object()) return out + " gone\n";
  if (!before.is_object()) return out + " new: " + severity_of(after) + ", " + fixes_of(after) + "\n";
  const auto change = [](const std::string& was, const std::string& is) { return was == is ? is : was + " => " + is; };
  return out + " changed: " + change(severity_of(before), severity_of(after)) + "; " + change(fixes_of(before), fixes_of(after)) + "\n";
}

net::Options network(const Invocation& call) {
  net::Options out;
  out.insecure = call.settings.flag("insecure");
  out.ca_file = call.settings.text("cacert");
  out.stall_seconds = kSilenceSeconds;
  out.retries = 0;
  out.stop = &call.stop;
  return out;
}

/// Shows events until the connection ends. errors: those of the network; cancelled; what the server said where it did not let us in.
Result<> listen(const Invocation& call, const net::Client& client, net::Request request, EventReader& events, bool& heard) {
  if (!events.last_id().empty()) request.headers.push_back({"Last-Event-ID", events.last_id()});
  ECLAIR_TRY(const auto body, client.open(request));
  if (body->head().status != 200) return fail(net::status_error(body->head()));
  if (body->head().header("Content-Type").substr(0, 17) != "text/event-stream") return fail(Errc::unsupported, "that is no stream of notifications: is it an eclair server?");
  while (true) {
    ECLAIR_TRY(const std::string_view piece, body->next());
    if (piece.empty()) return {};
    heard = true;
    ECLAIR_CHECK_OK(events.take(piece, [&](std::string_view kind, std::string_view data) -> Result<> {
      if (kind != "notification") return {};
      if (call.settings.flag("json")) return call.console.print(std::string(data) + "\n");
      ECLAIR_TRY(const std::string line, line_of(data));
      return call.console.print(line);
    }));
  }
}

bool rest(const Invocation& call, unsigned seconds) {
  for (const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds); std::chrono::steady_clock::now() < until;) {
    if (call.stop.requested()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return !call.stop.requested();
}

Result<int> run(const Invocation& call) {
  if (!call.arguments.empty()) return fail(Errc::invalid_input, "watch takes no argument");
  ECLAIR_TRY(std::string server, server_of(call));
  if (server.empty()) server = kHere;
  ECLAIR_TRY(const std::string token, secret_of(call.settings, "token"));
  net::Request request;
  request.url = server + "/notifications/stream";
  request.headers = {{"Accept", "text/event-stream"}};
  request.what = "listening";
  if (!token.empty()) request.authorization = "Bearer " + token;
  const net::Client client(network(call));
  EventReader events;
  unsigned pause = 1;
  bool ever = false;
  while (true) {
    bool heard = false;
    const auto ended = listen(call, client, request, events, heard);
    if (heard) pause = 1;
    ever = ever || heard;
    if (!ended && ended.error().code == Errc::cancelled) return fail(ended.error());
    // A server that was never there is a mistake, one that goes away comes back.
    if (!ended && (!ever || ended.error().code != Errc::unavailable)) return fail(ended.error());
    call.console.note("the connection ended" + (ended ? std::string() : ": " + ended.error().text) + "; connecting again");
    if (!rest(call, pause)) return fail(Errc::cancelled, "interrupted");
    pause = std::min(2 * pause, kLongestPauseSeconds);
  }
}

}  // namespace command_watch_detail

namespace command {
const Command& watch() {
  static constexpr Command kOne = {
      .name = "watch",
      .aliases = "",
      .section = Section::serve,
      .purpose = "Shows what a server learns of vulnerabilities, as it does.",
      .usage = "[--server URL] [--json]",
      .examples = "eclair watch                                     # of this machine, port 6060\n"
                  "eclair watch --server https://eclair:6060 --token-file key\n"
                  "eclair watch | grep ' debian:12 '\n"
                  "eclair watch --json | jq -r 'select(.after.severity == \"Critical\") | .vulnerability'",
      .notes = "A line for each notification, from now on. A connection that ends is made again, and goes on where it was. An interrupt ends it.",
      .run = &command_watch_detail::run,
  };
  return kOne;
}
}  // namespace command
}  // namespace eclair::cli
