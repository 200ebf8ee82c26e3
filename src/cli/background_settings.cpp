// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/background_settings.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "cli/analysis.h"
#include "cli/fetching.h"
#include "cli/server_settings.h"
#include "feeds/feed.h"
#include "net/url.h"
#include "util/text.h"

namespace eclair::cli {
namespace background_settings_detail {

Result<> take_targets(const Settings& settings, std::string_view option, service::HookFormat format, service::HookSettings& out) {
  for (const std::string& url : settings.list(option)) {
    // A configuration file of the original has the key with nothing in it: nobody is told.
    if (url.empty()) continue;
    if (!net::take_apart(url).ok) return fail(Errc::invalid_input, settings.where(option) + ": not an http or https address: " + text::quoted(net::host_of(url)));
    out.targets.push_back({url, format});
  }
  return {};
}

Result<> take_notifier(const Settings& settings, service::NotifierSettings& out) {
  service::HookSettings& hooks = out.hooks;
  ECLAIR_CHECK_OK(take_targets(settings, "notify-endpoint", service::HookFormat::v1, hooks));
  ECLAIR_CHECK_OK(take_targets(settings, "notify-endpoint-v0", service::HookFormat::v0, hooks));
  // One without the other means nothing, as in the original; server_settings() warns.
  if (!settings.text("notify-cert").empty() && !settings.text("notify-key").empty()) {
    hooks.certificate = settings.text("notify-cert");
    hooks.key = settings.text("notify-key");
  }
  hooks.ca_file = settings.text("notify-ca");
  hooks.server_name = settings.text("notify-server-name");
  hooks.proxy = settings.text("notify-proxy");
  ECLAIR_TRY(hooks.secret, secret_of(settings, "notify-secret"));
  out.delivery.attempts = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(settings.number("notify-attempts").value_or(out.delivery.attempts), 1, 1000));
  out.delivery.renotify_seconds = settings.number("renotify-interval").value_or(out.delivery.renotify_seconds);
  return {};
}

Result<> take_updater(const Settings& settings, service::UpdaterSettings& out) {
  out.interval_seconds = settings.number("update-interval").value_or(out.interval_seconds);
  out.lease_seconds = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(settings.number("update-lease").value_or(out.lease_seconds), 3, 86400));
  out.pause = std::min(out.pause, std::chrono::milliseconds(out.lease_seconds * 500));
  for (const std::string& name : settings.list("update-feed")) {
    const feeds::Feed* const feed = feeds::find_feed(name);
    if (feed == nullptr) {
      return fail(Error{Errc::invalid_input, settings.where("update-feed") + ": no feed named " + text::quoted(name), "one of: " + known_feeds()});
    }
    out.feeds.emplace_back(feed->id());
  }
  ECLAIR_TRY(out.mirrors, feed_mirrors(settings));
  out.network = feed_network(settings);
  out.keep_seconds = settings.number("keep-layers").value_or(0);
  return {};
}

}  // namespace background_settings_detail

Result<> take_background(const Settings& settings, service::ServiceSettings& out) {
  ECLAIR_CHECK_OK(background_settings_detail::take_notifier(settings, out.notifier));
  return background_settings_detail::take_updater(settings, out.updater);
}

}  // namespace eclair::cli
