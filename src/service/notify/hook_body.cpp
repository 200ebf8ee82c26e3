// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/hook_body.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "service/classic/api_v0_handlers.h"
#include "service/classic/classic_model.h"
#include "service/classic/classic_versions.h"
#include "service/classic/go_json.h"
#include "report/classic/v1_vulnerabilities.h"

namespace eclair::service {
namespace hook_body_detail {

using Side = Notifications::Side;
using Layers = std::map<std::int64_t, std::string>;  ///< by index

constexpr std::size_t kAtOnce = 10'000;
constexpr std::size_t kMostLayers = 1'000'000;  // of one list: the receiver has to hold it

Result<Layers> layers_of(Notifications& notifications, const Notification& notification, Side side) {
  Layers out;
  for (std::int64_t after = 0; out.size() < kMostLayers;) {
    ECLAIR_TRY(auto page, notifications.layers(notification, side, after, kAtOnce));
    for (auto& one : page) {
      after = one.index;
      out.emplace(one.index, std::move(one.name));
    }
    if (page.size() < kAtOnce) break;
  }
  return out;
}

std::string list_of(const Layers& layers, const Layers* without) {
  std::string out = "[";
  for (const auto& [index, name] : layers) {
    if (without != nullptr && without->count(index) != 0) continue;
    if (out.size() > 1) out += ',';
    go_json::append_string(out, name);
  }
  return out + "]";
}

/// The fixes of one side that the other does not have, as packages of generation 0; "null" where there are none.
std::string packages_of(const std::optional<Vulnerability>& side, const std::optional<Vulnerability>& other) {
  std::string out = "[";
  for (const Fix& fix : side ? side->fixes : std::vector<Fix>{}) {
    if (other && std::find(other->fixes.begin(), other->fixes.end(), fix) != other->fixes.end()) continue;
    if (out.size() > 1) out += ',';
    go_json::Object package(out);
    package.string("OS", side->name_space).string("Name", fix.feature).boolean("AllVersions", fix.version.empty());
    package.string("BeforeVersion", classic::v0_version(fix.version)).end();
  }
  return out.size() == 1 ? "null" : out + "]";
}

/// Writes the content, and puts it into its envelope.
template <class Write>
std::string body(std::string_view name, std::string_view type, const std::string& vulnerability, Write&& write) {
  std::string out;
  go_json::Object object(out);
  object.string("Name", name).string("Type", type);
  go_json::Object content(object.key("Content"));
  content.raw("Vulnerability", vulnerability);
  write(content);
  content.end();
  object.end();
  return out;
}

int rank(const std::optional<Vulnerability>& one) { return one ? classic::rank(one->severity, one->severity_word) : 0; }

Result<std::vector<std::string>> all_of(const Notification& notification, Notifications& notifications, Vulnerabilities& vulnerabilities) {
  std::vector<std::string> out;
  if (!notification.before && !notification.after) return out;
  const std::string& name = notification.after ? notification.after->name : notification.before->name;
  ECLAIR_TRY(std::vector<Vulnerability> now, vulnerabilities.everywhere(name));
  if (now.empty() && !notification.after) return out;  // it went
  if (now.empty()) now.push_back(*notification.after);
  const std::string told = v0::encode_vulnerability(now);
  ECLAIR_TRY(const Layers after, layers_of(notifications, notification, Side::after));
  if (!notification.before) {
    out.push_back(body(name, "NewVulnerabilityNotification", told, [&](go_json::Object& content) { content.raw("IntroducingLayersIDs", list_of(after, nullptr)); }));
    return out;
  }
  if (notification.after && rank(notification.after) > rank(notification.before)) {
    out.push_back(body(name, "VulnerabilityPriorityIncreasedNotification", told, [&](go_json::Object& content) {
      content.string("OldPriority", report::classic_severity(notification.before->severity, notification.before->severity_word));
      content.string("NewPriority", report::classic_severity(notification.after->severity, notification.after->severity_word));
      content.raw("IntroducingLayersIDs", list_of(after, nullptr));
    }));
  }
  const std::string added = packages_of(notification.after, notification.before), removed = packages_of(notification.before, notification.after);
  if (added == "null" && removed == "null") return out;
  ECLAIR_TRY(const Layers before, layers_of(notifications, notification, Side::before));
  out.push_back(body(name, "VulnerabilityPackageChangedNotification", told, [&](go_json::Object& content) {
    content.raw("AddedAffectedPackages", added).raw("RemovedAffectedPackages", removed);
    content.raw("NewIntroducingLayersIDs", list_of(after, &before));
    content.raw("FormerIntroducingLayerIDs", list_of(before, &after));  // that is how it was spelled
  }));
  return out;
}

}  // namespace hook_body_detail

Result<std::vector<std::string>> hook_bodies(HookFormat format, std::string_view name, Notifications& notifications, Vulnerabilities& vulnerabilities) {
  if (format == HookFormat::v1) {
    std::string out;
    go_json::Object object(out);
    go_json::Object(object.key("Notification")).string("Name", name).end();
    object.end();
    return std::vector<std::string>{std::move(out)};
  }
  ECLAIR_TRY(const std::optional<Notification> notification, notifications.get(name));
  if (!notification) return std::vector<std::string>{};
  return hook_body_detail::all_of(*notification, notifications, vulnerabilities);
}

}  // namespace eclair::service
