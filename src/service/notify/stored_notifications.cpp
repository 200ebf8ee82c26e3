// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/stored_notifications.h"

#include <string>
#include <utility>

#include "service/layers/affected_layers.h"
#include "service/notify/changed_vulnerabilities.h"
#include "service/layers/lru.h"
#include "service/notify/notification_content.h"
#include "service/http/uuid.h"
#include "util/text.h"

namespace eclair::service {
namespace stored_notifications_detail {

constexpr std::uint64_t kCacheBytes = 4u << 20;  // of contents, stored size: whoever pages through layers asks for the same again

class StoredNotifications final : public Notifications {
 public:
  StoredNotifications(store::ServiceStore& store, Advisories& advisories) : store_(store), affected_(store, advisories), contents_(kCacheBytes) {}

  Result<std::optional<Notification>> get(std::string_view name) override {
    ECLAIR_TRY(const auto stored, store_.notification(name));
    if (!stored) return std::nullopt;
    ECLAIR_TRY(const auto content, read(*stored));
    Notification out;
    out.name = stored->name;
    out.created = stored->created;
    out.notified = stored->notified;
    out.read = stored->read;
    if (content->before) out.before = content->before->vulnerability;
    if (content->after) out.after = content->after->vulnerability;
    return out;
  }

  Result<std::vector<Layers::Introduced>> layers(const Notification& notification, Side side, std::int64_t after, std::size_t limit) override {
    std::vector<Layers::Introduced> out;
    auto content = contents_.find(notification.name);
    if (!content) {
      ECLAIR_TRY(const auto stored, store_.notification(notification.name));
      if (!stored) return out;
      ECLAIR_TRY(content, read(*stored));
    }
    const auto& which = side == Side::before ? content->before : content->after;
    if (!which) return out;
    ECLAIR_TRY(const AffectedLayers::Nodes nodes, affected_.by_rows(content->name_space, content->vulnerability, which->rows, after, limit));
    out.reserve(nodes.size());
    for (const auto& node : nodes) out.push_back({node.id, node.name});
    return out;
  }

  Result<bool> mark_read(std::string_view name, UnixTime at) override { return store_.mark_read(name, at); }

 private:
  Result<std::shared_ptr<const NotificationContent>> read(const store::StoredNotification& stored) {
    if (auto held = contents_.find(stored.name)) return held;
    ECLAIR_TRY(NotificationContent content, decode_notification(stored.content));
    auto out = std::make_shared<const NotificationContent>(std::move(content));
    contents_.put(stored.name, out, stored.content.size());
    return out;
  }

  store::ServiceStore& store_;
  AffectedLayers affected_;
  Lru<std::string, NotificationContent> contents_;
};

}  // namespace stored_notifications_detail

std::unique_ptr<Notifications> make_notifications(store::ServiceStore& store, Advisories& advisories) {
  return std::make_unique<stored_notifications_detail::StoredNotifications>(store, advisories);
}

Result<bool> has_news(store::ServiceStore& store, Advisories& advisories) {
  ECLAIR_TRY(const std::string cursor, store.cursor());
  ECLAIR_TRY(const std::int64_t last, advisories.with([](store::AdvisoryStore& known) { return known.last_change(); }));
  return cursor != std::to_string(last);
}

Result<std::size_t> make_news(store::ServiceStore& store, Advisories& advisories, UnixTime now) {
  ECLAIR_TRY(const std::string from, store.cursor());
  const auto after = text::parse_number(from);
  ECLAIR_TRY(const std::int64_t last, advisories.with([](store::AdvisoryStore& known) { return known.last_change(); }));
  ChangedVulnerabilities changed;
  changed.last = last;
  // A cursor beyond the last change is of advisories that are no longer there: they were removed, and imported anew.
  if (after && static_cast<std::int64_t>(*after) <= last) {
    if (static_cast<std::int64_t>(*after) == last) return std::size_t{0};
    ECLAIR_TRY(changed, advisories.with([&](store::AdvisoryStore& known) { return changed_since(known, static_cast<std::int64_t>(*after)); }));
  }
  std::vector<store::StoredNotification> made;
  made.reserve(changed.all.size());
  for (const NotificationContent& one : changed.all) {
    store::StoredNotification stored;
    ECLAIR_TRY(stored.name, random_uuid());
    stored.created = now;
    stored.content = encode(one);
    made.push_back(std::move(stored));
  }
  const auto put = store.put_notifications(made, from, std::to_string(changed.last));
  if (!put && put.error().code == Errc::conflict) return std::size_t{0};
  ECLAIR_CHECK_OK(put);
  return made.size();
}

}  // namespace eclair::service
