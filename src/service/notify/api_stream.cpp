// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/api_stream.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/images/api_eclair.h"
#include "report/classic/v1_vulnerabilities.h"
#include "util/json_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::service {
namespace api_stream_detail {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPage = 50;
constexpr std::chrono::seconds kHeartbeat{15};

void write(json::Writer& w, std::string_view key, const std::optional<Vulnerability>& side) {
  w.key(key);
  if (!side) {
    w.null();
    return;
  }
  w.begin_object().member("severity", report::classic_severity(side->severity, side->severity_word)).key("fixes").begin_array();
  for (const Fix& fix : side->fixes) w.begin_object().member("package", fix.feature).member("version", fix.version).end_object();
  w.end_array().end_object();
}

std::string event_of(std::int64_t id, const Notification& one) {
  const Vulnerability& named = one.after ? *one.after : *one.before;
  json::Writer w;
  w.begin_object().member("id", one.name).member("created", rfc3339(one.created)).member("namespace", named.name_space).member("vulnerability", named.name);
  w.member("link", named.link);
  write(w, "before", one.before);
  write(w, "after", one.after);
  w.end_object();
  return "id: " + std::to_string(id) + "\nevent: notification\ndata: " + w.text() + "\n\n";
}

class NotificationStream final : public Stream {
 public:
  NotificationStream(store::ServiceStore& store, Notifications& notifications, std::int64_t after) : store_(store), notifications_(notifications), after_(after) {}

  std::optional<std::string> next() override {
    if (std::exchange(first_, false)) return "retry: 2000\n\n";
    const auto page = store_.notifications(after_, kPage);
    if (!page) return "";  // the client comes back, and says where it was
    std::string out;
    for (const store::StoredNotification& stored : *page) {
      after_ = stored.id;
      const auto one = notifications_.get(stored.name);
      if (!one) return out.empty() ? "" : out;
      if (*one && ((*one)->before || (*one)->after)) out += event_of(stored.id, **one);
    }
    const Clock::time_point now = Clock::now();
    if (out.empty() && now < quiet_since_ + kHeartbeat) return std::nullopt;
    quiet_since_ = now;
    return out.empty() ? ": here\n\n" : out;
  }

 private:
  store::ServiceStore& store_;
  Notifications& notifications_;
  std::int64_t after_;
  bool first_ = true;
  Clock::time_point quiet_since_ = Clock::now();
};

Reply begin(store::ServiceStore& store, Notifications& notifications, const Request& request) {
  std::string_view from = request.header("last-event-id");
  if (const std::string* after = request.find_query("after"); after != nullptr && from.empty()) from = *after;
  std::int64_t after = 0;
  if (from.empty()) {
    const auto last = store.last_notification();
    if (!last) return eclair_failure(last.error());
    after = *last;
  } else {
    const auto number = text::parse_number(from);
    if (!number || *number > static_cast<std::uint64_t>(INT64_MAX)) return eclair_error(400, "invalid_input", "not the id of an event: " + text::quoted(from));
    after = static_cast<std::int64_t>(*number);
  }
  Reply out;
  out.content_type = "text/event-stream";
  out.headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}};  // nginx would hold events back
  out.stream = std::make_unique<NotificationStream>(store, notifications, after);
  return out;
}

}  // namespace api_stream_detail

Api api_stream(store::ServiceStore& store, Notifications& notifications) {
  Api api;
  api.id = "stream";
  api.prefix = "/notifications";
  api.compression = Compression::never;
  api.routes.push_back({Method::get, "/notifications/stream", "stream/notifications", Role::read,
                        [&store, &notifications](const Request& request) { return api_stream_detail::begin(store, notifications, request); }});
  api.error = [](int status, std::string_view message) {
    return eclair_error(status, status == 404 ? "not_found" : status < 500 ? "invalid_input" : status == 503 ? "unavailable" : "internal", message);
  };
  return api;
}

}  // namespace eclair::service
