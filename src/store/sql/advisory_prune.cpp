// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_prune.h"

#include "store/sql/advisory_changes.h"
#include "store/sql/advisory_schema.h"
#include "store/sql/connection.h"

namespace eclair::store::sql {
namespace advisory_prune_detail {

Result<std::uint64_t> remove(Connection& db, const char* sql, UnixTime before) {
  ECLAIR_TRY(auto statement, db.prepare(sql));
  return statement.number(1, before).run_counted();
}

}  // namespace advisory_prune_detail

Result<PruneSummary> prune(const std::string& url, UnixTime before) {
  using namespace advisory_prune_detail;
  ECLAIR_TRY(auto db, open(url, kAdvisories));
  PruneSummary out;
  ECLAIR_TRY(out.bytes_before, db.bytes());
  {
    ECLAIR_TRY(auto transaction, Transaction::begin(db));
    ECLAIR_TRY(out.rows, remove(db, "DELETE FROM past_name WHERE history IN (SELECT id FROM history WHERE closed<=?1)", before));
    ECLAIR_TRY(out.rows, remove(db, "DELETE FROM history WHERE closed<=?1", before));
    ECLAIR_TRY(out.texts, remove(db, "DELETE FROM past_text WHERE closed<=?1", before));
    ECLAIR_CHECK_OK(forget_changes(db, before));
    // The state that held at that time stays.
    ECLAIR_TRY(out.snapshots, remove(db, "DELETE FROM snapshot WHERE at<(SELECT max(n.at) FROM snapshot n WHERE n.feed=snapshot.feed AND n.at<=?1)", before));
    ECLAIR_TRY([[maybe_unused]] const auto feeds, remove(db, "UPDATE feed SET history_from=?1 WHERE history_from<?1 AND (SELECT min(s.at) FROM snapshot s WHERE s.feed=feed.id)<=?1", before));
    ECLAIR_CHECK_OK(transaction.commit());
  }
  ECLAIR_CHECK_OK(db.compact());
  ECLAIR_TRY(out.bytes_after, db.bytes());
  return out;
}

}  // namespace eclair::store::sql
