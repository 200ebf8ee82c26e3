// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/advisory_prune.h"

#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"

namespace eclair::store::sqlite {
namespace advisory_prune_detail {

/// The file is written anew when that makes it smaller by a tenth.
constexpr std::int64_t kWorthwhileShare = 10;

Result<std::int64_t> number_of(Connection& db, const char* sql) {
  ECLAIR_TRY(auto query, db.prepare(sql));
  ECLAIR_TRY(const bool there, query.step());
  return there ? query.number_at(0) : 0;
}

Result<std::uint64_t> bytes_of(Connection& db) {
  ECLAIR_TRY(const std::int64_t pages, number_of(db, "PRAGMA page_count"));
  ECLAIR_TRY(const std::int64_t size, number_of(db, "PRAGMA page_size"));
  return static_cast<std::uint64_t>(pages * size);
}

Result<std::uint64_t> remove(Connection& db, const char* sql, UnixTime before) {
  ECLAIR_TRY(auto statement, db.prepare(sql));
  ECLAIR_CHECK_OK(statement.number(1, before).run());
  ECLAIR_TRY(const std::int64_t gone, number_of(db, "SELECT changes()"));
  return static_cast<std::uint64_t>(gone);
}

}  // namespace advisory_prune_detail

Result<PruneSummary> prune(const std::string& folder, UnixTime before) {
  using namespace advisory_prune_detail;
  ECLAIR_TRY(auto db, open_database(folder, "advisories.db", kAdvisoryMigrations));
  PruneSummary out;
  ECLAIR_TRY(out.bytes_before, bytes_of(db));
  {
    ECLAIR_TRY(auto transaction, Transaction::begin(db));
    ECLAIR_TRY(out.rows, remove(db, "DELETE FROM past_name WHERE history IN (SELECT id FROM history WHERE closed<=?1)", before));
    ECLAIR_TRY(out.rows, remove(db, "DELETE FROM history WHERE closed<=?1", before));
    ECLAIR_TRY(out.texts, remove(db, "DELETE FROM past_text WHERE closed<=?1", before));
    // The state that held at that time stays.
    ECLAIR_TRY(out.snapshots, remove(db, "DELETE FROM snapshot WHERE at<(SELECT max(n.at) FROM snapshot n WHERE n.feed=snapshot.feed AND n.at<=?1)", before));
    ECLAIR_TRY([[maybe_unused]] const auto feeds, remove(db, "UPDATE feed SET history_from=max(history_from, ?1) WHERE (SELECT min(at) FROM snapshot WHERE feed=feed.id)<=?1", before));
    ECLAIR_CHECK_OK(transaction.commit());
  }
  ECLAIR_TRY(const std::int64_t free, number_of(db, "PRAGMA freelist_count"));
  ECLAIR_TRY(const std::int64_t pages, number_of(db, "PRAGMA page_count"));
  if (free * kWorthwhileShare > pages) ECLAIR_CHECK_OK(db.execute("VACUUM"));
  db.checkpoint();
  ECLAIR_TRY(out.bytes_after, bytes_of(db));
  return out;
}

}  // namespace eclair::store::sqlite
