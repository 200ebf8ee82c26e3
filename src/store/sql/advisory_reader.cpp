// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_reader.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "store/sql/opened_runs.h"
#include "store/sql/places.h"

namespace eclair::store::sql {

Result<> AdvisoryReader::prepare() {
  ECLAIR_TRY(chunks_, db_.prepare("SELECT opened, rows FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 ORDER BY seq"));
  ECLAIR_TRY(past_rows_, db_.prepare("SELECT opened, closed, row FROM history WHERE feed=?1 AND namespace=?2 AND package=?3"));
  ECLAIR_TRY(places_, db_.prepare("SELECT feed, places FROM name WHERE id=?1"));
  ECLAIR_TRY(past_places_, db_.prepare("SELECT h.feed, h.namespace, h.package FROM past_name p JOIN history h ON h.id=p.history WHERE p.name=?1"));
  ECLAIR_TRY(text_, db_.prepare("SELECT n.text, n.text_since FROM feed f JOIN name n ON n.id=?2 AND n.feed=f.id WHERE f.name=?1"));
  // Intervals of one text follow each other: the first that ends later is the one, if it had begun.
  ECLAIR_TRY(past_text_, db_.prepare("SELECT p.text, p.opened FROM feed f JOIN past_text p ON p.id=?2 AND p.feed=f.id AND p.closed>?3 WHERE f.name=?1 ORDER BY p.closed LIMIT 1"));
  return {};
}

Result<std::vector<AdvisoryReader::Held>> AdvisoryReader::held(std::int64_t feed, std::int64_t name_space, std::string_view package, bool past) {
  std::vector<std::string> rows;
  std::string opened;
  ECLAIR_TRY(bool more, chunks_.number(1, feed).number(2, name_space).text(3, package).step());
  while (more) {
    if (rows.empty()) opened = chunks_.text_at(0);
    if (auto read = unpack_rows(chunks_.text_at(1), rows); !read) {
      chunks_.reset();
      return fail(std::move(read).error());
    }
    ECLAIR_TRY(more, chunks_.step());
  }
  const std::vector<UnixTime> since = unpacked_times(opened, rows.size());
  std::vector<Held> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!as_of_ || since[i] <= *as_of_) out.push_back({std::move(rows[i]), since[i], 0});
  }
  if (reads_past(past)) ECLAIR_CHECK_OK(add_past(feed, name_space, package, past, out));
  return out;
}

Result<> AdvisoryReader::add_past(std::int64_t feed, std::int64_t name_space, std::string_view package, bool all, std::vector<Held>& to) {
  std::vector<std::string> rows;
  ECLAIR_TRY(bool more, past_rows_.number(1, feed).number(2, name_space).text(3, package).step());
  while (more) {
    Held one;
    one.opened = past_rows_.number_at(0);
    one.closed = past_rows_.number_at(1);
    const bool had_begun = !as_of_ || one.opened <= *as_of_;
    const bool held_then = as_of_ && had_begun && one.closed > *as_of_;
    if (held_then || (all && had_begun)) {
      rows.clear();
      if (auto read = unpack_rows(past_rows_.text_at(2), rows); !read || rows.size() != 1) {
        past_rows_.reset();
        return read ? fail(Errc::invalid_input, "a row of the past is not one row") : fail(std::move(read).error());
      }
      one.row = std::move(rows.front());
      if (held_then) one.closed = 0;
      to.push_back(std::move(one));
    }
    ECLAIR_TRY(more, past_rows_.step());
  }
  std::sort(to.begin(), to.end(), [](const Held& a, const Held& b) {
    return a.row != b.row ? row_before(a.row, b.row) : std::tie(a.opened, a.closed) < std::tie(b.opened, b.closed);
  });
  return {};
}

Result<std::vector<AdvisoryReader::Spot>> AdvisoryReader::spots_of(std::string_view name, bool past) {
  std::set<Spot> out;
  ECLAIR_TRY(bool more, places_.text(1, name).step());
  while (more) {
    for (const Place& place : unpack_places(places_.text_at(1))) {
      for (const std::int64_t space : place.namespaces) out.insert({places_.number_at(0), space, place.package});
    }
    ECLAIR_TRY(more, places_.step());
  }
  if (reads_past(past)) {
    ECLAIR_TRY(more, past_places_.text(1, name).step());
    while (more) {
      out.insert({past_places_.number_at(0), past_places_.number_at(1), std::string(past_places_.text_at(2))});
      ECLAIR_TRY(more, past_places_.step());
    }
  }
  return std::vector<Spot>(out.begin(), out.end());
}

Result<std::vector<AdvisoryReader::Spot>> AdvisoryReader::spots_in(std::int64_t feed, std::int64_t name_space, bool past) {
  std::vector<Spot> out;
  std::string sql = "SELECT package FROM chunk WHERE feed=?1 AND namespace=?2 AND seq=0";
  if (reads_past(past)) sql += " UNION SELECT package FROM history WHERE feed=?1 AND namespace=?2";
  ECLAIR_TRY(auto list, db_.prepare(sql + " ORDER BY package"));
  ECLAIR_TRY(bool more, list.number(1, feed).number(2, name_space).step());
  while (more) {
    out.push_back({feed, name_space, std::string(list.text_at(0))});
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<std::vector<AdvisoryReader::Feed>> AdvisoryReader::feeds() {
  std::vector<Feed> out;
  ECLAIR_TRY(auto list, db_.prepare("SELECT f.id, f.name, f.origin, f.published_at, f.fetched_at, s.at, s.seen_until, s.id, s.rows, s.vulnerabilities "
                                    "FROM feed f JOIN snapshot s ON s.feed=f.id AND s.at=(SELECT max(at) FROM snapshot WHERE feed=f.id AND at<=?1) ORDER BY f.name"));
  ECLAIR_TRY(bool more, list.number(1, as_of_.value_or(INT64_MAX)).step());
  while (more) {
    Feed one;
    one.id = list.number_at(0);
    one.state.name = list.text_at(1);
    one.state.origin = list.text_at(2);
    one.state.published_at = list.number_at(3);
    one.state.fetched_at = as_of_ ? std::min(list.number_at(6), *as_of_) : list.number_at(4);
    one.state.changed_at = list.number_at(5);
    one.state.snapshot = list.text_at(7);
    one.state.records = static_cast<std::uint64_t>(list.number_at(8));
    one.state.vulnerabilities = static_cast<std::uint64_t>(list.number_at(9));
    out.push_back(std::move(one));
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<std::vector<AdvisoryReader::Space>> AdvisoryReader::spaces(std::int64_t feed) {
  std::vector<Space> out;
  ECLAIR_TRY(auto list, db_.prepare("SELECT n.id, n.name, f.fetched_at FROM feed_namespace f JOIN namespace n ON n.id=f.namespace WHERE f.feed=?1 AND f.since<=?2 ORDER BY n.name"));
  ECLAIR_TRY(bool more, list.number(1, feed).number(2, as_of_.value_or(INT64_MAX)).step());
  while (more) {
    out.push_back({list.number_at(0), std::string(list.text_at(1)), list.number_at(2)});
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<std::vector<Snapshot>> AdvisoryReader::snapshots() {
  std::vector<Snapshot> out;
  ECLAIR_TRY(auto list, db_.prepare("SELECT f.name, s.id, s.at, s.seen_until, s.rows, s.vulnerabilities FROM snapshot s JOIN feed f ON f.id=s.feed "
                                    "WHERE s.at<=?1 ORDER BY f.name, s.at DESC"));
  ECLAIR_TRY(bool more, list.number(1, as_of_.value_or(INT64_MAX)).step());
  while (more) {
    out.push_back({std::string(list.text_at(0)), std::string(list.text_at(1)), list.number_at(2), list.number_at(3),
                   static_cast<std::uint64_t>(list.number_at(4)), static_cast<std::uint64_t>(list.number_at(5))});
    ECLAIR_TRY(more, list.step());
  }
  return out;
}

Result<std::optional<std::string>> AdvisoryReader::text(std::string_view feed, std::string_view id) {
  ECLAIR_TRY(const bool there, text_.text(1, feed).text(2, id).step());
  if (there && (!as_of_ || text_.number_at(1) <= *as_of_)) {
    std::optional<std::string> out;
    if (!text_.null_at(0)) out = text_.text_at(0);
    text_.reset();
    return out;
  }
  text_.reset();
  if (!as_of_) return std::nullopt;
  ECLAIR_TRY(const bool was, past_text_.text(1, feed).text(2, id).number(3, *as_of_).step());
  std::optional<std::string> out;
  if (was && past_text_.number_at(1) <= *as_of_) out = past_text_.text_at(0);
  past_text_.reset();
  return out;
}

Result<> AdvisoryReader::each_text(const Feed& feed, const AdvisoryStore::TextFn& fn) {
  if (!as_of_) {
    ECLAIR_TRY(auto list, db_.prepare("SELECT id, text FROM name WHERE feed=?1 AND text IS NOT NULL ORDER BY id"));
    ECLAIR_TRY(bool more, list.number(1, feed.id).step());
    while (more) {
      ECLAIR_CHECK_OK(fn(list.text_at(0), list.text_at(1)));
      ECLAIR_TRY(more, list.step());
    }
    return {};
  }
  ECLAIR_TRY(auto ids, db_.prepare("SELECT id FROM name WHERE feed=?1 AND text IS NOT NULL UNION SELECT id FROM past_text WHERE feed=?1 ORDER BY id"));
  ECLAIR_TRY(bool more, ids.number(1, feed.id).step());
  while (more) {
    const std::string id(ids.text_at(0));
    ECLAIR_TRY(const std::optional<std::string> held, text(feed.state.name, id));
    if (held) ECLAIR_CHECK_OK(fn(id, *held));
    ECLAIR_TRY(more, ids.step());
  }
  return {};
}

}  // namespace eclair::store::sql
