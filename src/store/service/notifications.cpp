// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

#include "util/text.h"

namespace eclair::store::service {
namespace notifications_detail {

constexpr std::string_view kColumns = "SELECT id, name, created, notified, seen, content FROM notification WHERE ";

Result<std::vector<StoredNotification>> all(sql::Statement& list) {
  std::vector<StoredNotification> out;
  ECLAIR_TRY(bool more, list.step());
  while (more) {
    out.push_back({list.number_at(0), std::string(list.text_at(1)), list.number_at(2), list.number_at(3), list.number_at(4), std::string(list.text_at(5))});
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<bool> stamp(Session& session, std::string_view sql, std::string_view name, UnixTime at) {
  ECLAIR_TRY(auto* const put, session.statement(sql));
  ECLAIR_TRY(const bool there, put->text(1, name).number(2, at).step());
  put->reset();
  return there;
}

}  // namespace notifications_detail
using namespace notifications_detail;

Result<> put_notifications(Session& session, const std::vector<StoredNotification>& made, std::string_view from, std::string_view to) {
  ECLAIR_TRY(const bool moved, move_value(session, kCursorKey, from, to));
  if (!moved) {
    ECLAIR_TRY(const auto stands, value(session, kCursorKey));
    return fail(Errc::conflict, "the notifier's cursor stands at " + text::quoted(stands.value_or("")) + ", not at " + text::quoted(std::string(from)));
  }
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO notification(name, created, notified, seen, content) VALUES(?1,?2,?3,?4,?5)"));
  for (const StoredNotification& one : made) {
    ECLAIR_CHECK_OK(put->text(1, one.name).number(2, one.created).number(3, one.notified).number(4, one.read).blob(5, one.content).run());
  }
  return {};
}

Result<std::optional<StoredNotification>> notification(Session& session, std::string_view name) {
  static const std::string sql = std::string(kColumns) + "name=?1";
  ECLAIR_TRY(auto* const get, session.statement(sql));
  ECLAIR_TRY(auto found, all(get->text(1, name)));
  if (found.empty()) return std::nullopt;
  return std::optional(std::move(found.front()));
}

Result<std::vector<StoredNotification>> pending(Session& session, UnixTime notified_before, std::size_t limit) {
  static const std::string sql = std::string(kColumns) + "seen=0 AND notified<?1 ORDER BY id LIMIT ?2";
  ECLAIR_TRY(auto* const list, session.statement(sql));
  return all(list->number(1, notified_before).number(2, static_cast<std::int64_t>(limit)));
}

Result<std::vector<StoredNotification>> notifications(Session& session, std::int64_t after, std::size_t limit) {
  static const std::string sql = std::string(kColumns) + "id>?1 ORDER BY id LIMIT ?2";
  ECLAIR_TRY(auto* const list, session.statement(sql));
  return all(list->number(1, after).number(2, static_cast<std::int64_t>(limit)));
}

Result<std::int64_t> last_notification(Session& session) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT max(id) FROM notification"));
  ECLAIR_TRY(const bool there, get->step());
  const std::int64_t out = there ? get->number_at(0) : 0;
  get->reset();
  return out;
}

Result<bool> mark_notified(Session& session, std::string_view name, UnixTime at) {
  return stamp(session, "UPDATE notification SET notified=?2 WHERE name=?1 RETURNING id", name, at);
}

Result<bool> mark_read(Session& session, std::string_view name, UnixTime at) {
  // The first time counts.
  return stamp(session, "UPDATE notification SET seen=CASE WHEN seen=0 THEN ?2 ELSE seen END WHERE name=?1 RETURNING id", name, at);
}

Result<std::uint64_t> drop_read(Session& session, UnixTime before) {
  ECLAIR_TRY(auto* const told, session.statement("DELETE FROM delivery WHERE notification IN (SELECT id FROM notification WHERE seen>0 AND seen<?1)"));
  ECLAIR_CHECK_OK(told->number(1, before).run());
  ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM notification WHERE seen>0 AND seen<?1 RETURNING id"));
  std::uint64_t gone = 0;
  ECLAIR_TRY(bool more, drop->number(1, before).step());
  for (; more; ++gone) {
    ECLAIR_TRY(more, drop->step());
  }
  return gone;
}

}  // namespace eclair::store::service
