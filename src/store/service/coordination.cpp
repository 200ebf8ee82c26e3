// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/service/roles.h"

namespace eclair::store::service {
namespace coordination_detail {

Result<std::uint64_t> counted(Session& session, std::string_view sql) {
  ECLAIR_TRY(auto* const get, session.statement(sql));
  ECLAIR_TRY(const bool there, get->step());
  const std::int64_t out = there ? get->number_at(0) : 0;
  get->reset();
  return static_cast<std::uint64_t>(out);
}

}  // namespace coordination_detail

Result<bool> lease(Session& session, std::string_view name, std::string_view owner, std::uint32_t seconds) {
  ECLAIR_TRY(const UnixTime now, session.connection().now());
  ECLAIR_TRY(auto* const take, session.statement("INSERT INTO lease(name, owner, until) VALUES(?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET owner=excluded.owner, "
                                                 "until=excluded.until WHERE lease.owner=excluded.owner OR lease.until<=?4 RETURNING name"));
  ECLAIR_TRY(const bool taken, take->text(1, name).text(2, owner).number(3, now + seconds).number(4, now).step());
  take->reset();
  return taken;
}

Result<> release(Session& session, std::string_view name, std::string_view owner) {
  ECLAIR_TRY(auto* const drop, session.statement("DELETE FROM lease WHERE name=?1 AND owner=?2"));
  return drop->text(1, name).text(2, owner).run();
}

Result<std::optional<std::string>> value(Session& session, std::string_view key) {
  ECLAIR_TRY(auto* const get, session.statement("SELECT value FROM keyvalue WHERE key=?1"));
  ECLAIR_TRY(const bool there, get->text(1, key).step());
  if (!there) return std::nullopt;
  std::string out(get->text_at(0));
  get->reset();
  return std::optional(std::move(out));
}

Result<> set_value(Session& session, std::string_view key, std::string_view value) {
  ECLAIR_TRY(auto* const put, session.statement("INSERT INTO keyvalue(key, value) VALUES(?1,?2) ON CONFLICT (key) DO UPDATE SET value=excluded.value"));
  return put->text(1, key).text(2, value).run();
}

Result<bool> move_value(Session& session, std::string_view key, std::string_view from, std::string_view to) {
  // Compared while it is written: of two nodes at once one waits here for the other, and then finds it elsewhere.
  ECLAIR_TRY(auto* const move, session.statement(from.empty() ? "INSERT INTO keyvalue(key, value) VALUES(?1,?2) ON CONFLICT (key) DO UPDATE SET value=excluded.value "
                                                                "WHERE keyvalue.value=?3 RETURNING key"
                                                              : "UPDATE keyvalue SET value=?2 WHERE key=?1 AND value=?3 RETURNING key"));
  ECLAIR_TRY(const bool moved, move->text(1, key).text(2, to).text(3, from).step());
  move->reset();
  return moved;
}

Result<ServiceStore::Counts> counts(Session& session) {
  using coordination_detail::counted;
  ServiceStore::Counts out;
  ECLAIR_TRY(out.layers, counted(session, "SELECT count(*) FROM node"));
  ECLAIR_TRY(out.images, counted(session, "SELECT count(*) FROM image"));
  ECLAIR_TRY(out.packages, counted(session, "SELECT count(*) FROM package"));
  ECLAIR_TRY(out.notifications_pending, counted(session, "SELECT count(*) FROM notification WHERE seen=0"));
  ECLAIR_TRY(out.bytes, session.connection().bytes());
  return out;
}

}  // namespace eclair::store::service
