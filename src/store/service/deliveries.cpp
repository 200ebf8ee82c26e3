// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"
#include "util/text.h"

// A row of delivery is there from the first time that somebody takes a notification for a target until the target wants it no more: it was read, it
// is gone, or once is enough. Which notifications were taken ever, a number for each target says: all up to it. Numbers of notifications come in
// the order of their commits (put_notifications holds the cursor), so none can appear below it.
namespace eclair::store::service {
namespace deliveries_detail {

std::string taken_key(std::string_view target) { return "notifier/taken/" + std::string(target); }

Result<std::int64_t> taken(Session& session, std::string_view target) {
  ECLAIR_TRY(const auto stands, value(session, taken_key(target)));
  return static_cast<std::int64_t>(stands ? text::parse_number(*stands).value_or(0) : 0);
}

Result<StoredNotification> read_row(sql::Statement& get) {
  return StoredNotification{get.number_at(0), std::string(get.text_at(1)), get.number_at(2), get.number_at(3), get.number_at(4), std::string(get.text_at(5))};
}

struct Claim {
  std::string_view target, owner;
  UnixTime now = 0, until = 0;
};

/// Those that wait to be sent again.
Result<> claim_due(Session& session, const Claim& by, std::size_t limit, std::vector<ServiceStore::Delivery>& out) {
  struct Due {
    std::int64_t notification = 0;
    std::uint32_t attempts = 0;
  };
  std::vector<Due> due;
  ECLAIR_TRY(auto* const list, session.statement("SELECT notification, attempts FROM delivery WHERE target=?1 AND due<=?2 AND until<=?2 ORDER BY due, notification LIMIT ?3"));
  ECLAIR_TRY(bool more, list->text(1, by.target).number(2, by.now).number(3, static_cast<std::int64_t>(limit)).step());
  while (more) {
    due.push_back({list->number_at(0), static_cast<std::uint32_t>(list->number_at(1))});
    ECLAIR_TRY(more, list->step());
  }
  for (const Due& one : due) {
    ECLAIR_TRY(auto* const get, session.statement("SELECT id, name, created, notified, seen, content FROM notification WHERE id=?1 AND seen=0"));
    ECLAIR_TRY(const bool there, get->number(1, one.notification).step());
    if (!there) {
      ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM delivery WHERE notification=?1 AND target=?2"));
      ECLAIR_CHECK_OK(drop->number(1, one.notification).text(2, by.target).run());
      continue;
    }
    ECLAIR_TRY(StoredNotification notification, read_row(*get));
    get->reset();
    // Asked again while it is taken: another node may have been first since the list was read.
    ECLAIR_TRY(auto* const take, session.statement("UPDATE delivery SET owner=?3, until=?4 WHERE notification=?1 AND target=?2 AND due<=?5 AND until<=?5 RETURNING attempts"));
    ECLAIR_TRY(const bool mine, take->number(1, one.notification).text(2, by.target).text(3, by.owner).number(4, by.until).number(5, by.now).step());
    take->reset();
    if (mine) out.push_back({std::move(notification), one.attempts});
  }
  return {};
}

/// Those that nobody took yet.
Result<> claim_new(Session& session, const Claim& by, std::size_t limit, std::vector<ServiceStore::Delivery>& out) {
  ECLAIR_TRY(const std::int64_t from, taken(session, by.target));
  std::int64_t last = from;
  std::vector<StoredNotification> fresh;
  ECLAIR_TRY(auto* const list, session.statement("SELECT id, name, created, notified, seen, content FROM notification WHERE id>?1 ORDER BY id LIMIT ?2"));
  ECLAIR_TRY(bool more, list->number(1, from).number(2, static_cast<std::int64_t>(limit)).step());
  while (more) {
    ECLAIR_TRY(StoredNotification one, read_row(*list));
    last = one.id;
    if (one.read == 0) fresh.push_back(std::move(one));
    ECLAIR_TRY(more, list->step());
  }
  if (last == from) return {};
  for (StoredNotification& one : fresh) {
    ECLAIR_TRY(auto* const put, session.statement("INSERT INTO delivery(notification, target, owner, until, attempts, due) VALUES(?1,?2,?3,?4,0,0)"));
    ECLAIR_CHECK_OK(put->number(1, one.id).text(2, by.target).text(3, by.owner).number(4, by.until).run());
    out.push_back({std::move(one), 0});
  }
  ECLAIR_TRY(const bool moved, move_value(session, taken_key(by.target), from == 0 ? "" : std::to_string(from), std::to_string(last)));
  return moved ? Result<>{} : fail(Errc::conflict, "notifications for " + std::string(by.target) + " are being taken by another node");
}

/// Whether nobody of these has it before him.
Result<bool> is_over(Session& session, std::int64_t notification, const std::vector<std::string>& targets) {
  for (const std::string& target : targets) {
    ECLAIR_TRY(const std::int64_t last, taken(session, target));
    if (last < notification) return false;
    ECLAIR_TRY(auto* const get, session.statement("SELECT 1 FROM delivery WHERE notification=?1 AND target=?2"));
    ECLAIR_TRY(const bool waits, get->number(1, notification).text(2, target).step());
    get->reset();
    if (waits) return false;
  }
  return true;
}

}  // namespace deliveries_detail
using namespace deliveries_detail;

Result<std::vector<ServiceStore::Delivery>> claim(Session& session, std::string_view target, std::string_view owner, std::uint32_t seconds, std::size_t limit) {
  Claim by{target, owner};
  ECLAIR_TRY(by.now, session.connection().now());
  by.until = by.now + seconds;
  std::vector<ServiceStore::Delivery> out;
  ECLAIR_CHECK_OK(claim_due(session, by, limit, out));
  if (out.size() < limit) ECLAIR_CHECK_OK(claim_new(session, by, limit - out.size(), out));
  return out;
}

Result<> settle(Session& session, std::string_view target, std::string_view owner, const std::vector<ServiceStore::Outcome>& outcomes,
                const std::vector<std::string>& enough) {
  ECLAIR_TRY(const UnixTime now, session.connection().now());
  for (const ServiceStore::Outcome& one : outcomes) {
    ECLAIR_TRY(auto* const put, session.statement(one.over ? "DELETE FROM delivery WHERE notification=?1 AND target=?2 AND owner=?3"
                                                           : "UPDATE delivery SET owner='', until=0, attempts=?4, due=?5 WHERE notification=?1 AND target=?2 AND owner=?3"));
    put->number(1, one.notification).text(2, target).text(3, owner);
    if (!one.over) put->number(4, one.attempts).number(5, now + static_cast<UnixTime>(one.again_seconds));
    ECLAIR_CHECK_OK(put->run());
    if (one.accepted) {
      ECLAIR_TRY(auto* const mark, session.statement("UPDATE notification SET notified=?2 WHERE id=?1"));
      ECLAIR_CHECK_OK(mark->number(1, one.notification).number(2, now).run());
    }
    if (!one.over || enough.empty()) continue;
    if (!one.accepted) {  // of two nodes that are through with it at once, one waits here, and then sees that the other is
      ECLAIR_TRY(auto* const wait, session.statement("UPDATE notification SET notified=notified WHERE id=?1"));
      ECLAIR_CHECK_OK(wait->number(1, one.notification).run());
    }
    ECLAIR_TRY(const bool over, is_over(session, one.notification, enough));
    if (!over) continue;
    ECLAIR_TRY(auto* const read, session.statement("UPDATE notification SET seen=?2 WHERE id=?1 AND seen=0"));
    ECLAIR_CHECK_OK(read->number(1, one.notification).number(2, now).run());
  }
  return {};
}

}  // namespace eclair::store::service
