// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/classic/api_v1_handlers.h"
#include "service/classic/classic_replies.h"
#include "service/classic/go_json.h"
#include "util/text.h"

namespace eclair::service::v1 {
namespace api_v1_notifications_detail {

using classic::v1_error;
using Side = Notifications::Side;

constexpr std::int64_t kEnd = -1;
constexpr std::int64_t kDefaultLimit = 100;

/// The index after which each side's next page starts; kEnd: it has none. One token moves both.
struct Cursor {
  std::int64_t before = 0, after = 0;
};

std::optional<std::int64_t> number(std::string_view text) {
  if (text == "-1") return kEnd;
  const auto value = text::parse_number(text);
  if (!value || *value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::string payload(const Cursor& cursor) { return "n/" + std::to_string(cursor.before) + "/" + std::to_string(cursor.after); }

std::optional<Cursor> parse(std::string_view payload) {
  const auto [kind, rest] = text::cut(payload, '/');
  const auto [first, second] = text::cut(rest, '/');
  const auto before = number(first), after = number(second);
  if (kind != "n" || !before || !after) return std::nullopt;
  return Cursor{*before, *after};
}

/// One side with its layers, and moves its place. limit < 0: no layers.
Result<> append_side(std::string& out, const ClassicParts& parts, const Request& request, const Notification& notification, Side side,
                     std::int64_t limit, std::int64_t& place) {
  const auto& vulnerability = side == Side::before ? notification.before : notification.after;
  std::vector<Layers::Introduced> layers;
  if (limit >= 0 && place != kEnd) {
    const std::size_t size = static_cast<std::size_t>(std::min<std::int64_t>(limit, kMaxPage));
    ECLAIR_TRY(layers, parts.notifications.layers(notification, side, place, size + 1));
    const bool more = layers.size() > size;
    if (more) layers.resize(size);
    if (!more) {
      place = kEnd;
    } else if (!layers.empty()) {
      place = layers.back().index;
    }
    std::erase_if(layers, [&](const Layers::Introduced& layer) { return !request.who.may_use(layer.name); });
  } else {
    place = kEnd;
  }
  go_json::Object object(out);
  append_vulnerability(object.key("Vulnerability"), *vulnerability, true);
  if (!layers.empty()) {
    std::string& ordered = object.key("OrderedLayersIntroducingVulnerability");
    ordered += '[';
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (i > 0) ordered += ',';
      go_json::Object layer(ordered);
      layer.number("Index", layers[i].index).string("LayerName", layers[i].name).end();
    }
    ordered += ']';
    std::string& names = object.key("LayersIntroducingVulnerability");
    names += '[';
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (i > 0) names += ',';
      go_json::append_string(names, layers[i].name);
    }
    names += ']';
  }
  object.end();
  return {};
}

}  // namespace api_v1_notifications_detail

Reply get_notification(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_notifications_detail;
  std::int64_t limit = kDefaultLimit;  // Clair's code demands one, its document does not
  if (request.has_query("limit")) {
    std::string fault;
    const auto given = limit_of(request, fault);
    if (!given) return v1_error(400, fault);
    limit = *given;
  }
  Cursor cursor;
  const std::string* page = request.find_query("page");
  if (page != nullptr) {
    const auto text = parts.tokens.read(*page, parts.clock());
    const auto read = text ? parse(*text) : std::nullopt;
    if (!read) return v1_error(400, kBadPage);
    cursor = *read;
  }
  const auto found = parts.notifications.get(request.params.at(0));
  if (!found) return classic::v1_failure(found.error());
  if (!*found) return v1_error(404, classic::kNotFound);
  const Notification& notification = **found;
  std::string old_side, new_side;
  Cursor next = cursor;
  for (const bool before : {true, false}) {
    std::int64_t& place = before ? next.before : next.after;
    if (before ? !notification.before : !notification.after) {
      place = kEnd;
      continue;
    }
    const auto done = append_side(before ? old_side : new_side, parts, request, notification, before ? Side::before : Side::after, limit, place);
    if (!done) return classic::v1_failure(done.error());
  }
  const auto token = [&](const Cursor& at) { return parts.tokens.make(payload(at), parts.clock()); };
  const auto this_page = page == nullptr ? token(cursor) : Result<std::string>(*page);
  if (!this_page) return classic::v1_failure(this_page.error());
  std::string out;
  go_json::Object outer(out);
  go_json::Object object(outer.key("Notification"));
  object.string("Name", notification.name).string("Created", std::to_string(notification.created));
  if (notification.notified != 0) object.string("Notified", std::to_string(notification.notified));
  if (notification.read != 0) object.string("Deleted", std::to_string(notification.read));
  if (limit != 0) object.number("Limit", limit);
  object.string("Page", *this_page);
  if (next.before != kEnd || next.after != kEnd) {
    const auto next_page = token(next);
    if (!next_page) return classic::v1_failure(next_page.error());
    object.string("NextPage", *next_page);
  }
  if (!old_side.empty()) object.raw("Old", old_side);
  if (!new_side.empty()) object.raw("New", new_side);
  object.end();
  outer.end();
  return classic::v1_reply(200, std::move(out));
}

Reply delete_notification(const ClassicParts& parts, const Request& request) {
  using namespace api_v1_notifications_detail;
  if (!request.who.prefixes.empty()) return v1_error(403, classic::kNotAllowed);
  const auto marked = parts.notifications.mark_read(request.params.at(0), parts.clock());
  if (!marked) return classic::v1_failure(marked.error());
  return *marked ? Reply{} : v1_error(404, classic::kNotFound);
}

}  // namespace eclair::service::v1
