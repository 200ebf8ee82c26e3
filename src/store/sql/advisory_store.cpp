// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>
#include <optional>
#include <tuple>

#include "store/interface.h"
#include "store/sql/advisory_changes.h"
#include "store/sql/advisory_import.h"
#include "store/sql/advisory_prune.h"
#include "store/sql/advisory_reader.h"
#include "store/sql/advisory_schema.h"
#include "store/sql/connection.h"
#include "store/sql/portion_state.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::store {
namespace advisory_store_detail {

using sql::AdvisoryReader;
using sql::Connection;
using sql::Statement;

bool speaks_of(const RowNames& row, std::string_view id) {
  return row.vulnerability == id || row.record == id || std::find(row.others.begin(), row.others.end(), id) != row.others.end();
}

class SqlAdvisoryStore final : public AdvisoryStore {
 public:
  SqlAdvisoryStore(std::string url, Connection connection, std::optional<UnixTime> as_of)
      : url_(std::move(url)), as_of_(as_of), db_(std::move(connection)), reader_(db_, as_of) {}

  Result<> prepare() {
    ECLAIR_TRY(rows_, db_.prepare("SELECT f.name, c.rows FROM feed f CROSS JOIN chunk c WHERE c.feed=f.id AND c.namespace=(SELECT id FROM namespace WHERE name=?1) "
                                  "AND c.package=?2 ORDER BY f.name, c.seq"));
    ECLAIR_TRY(space_, db_.prepare("SELECT name FROM namespace WHERE id=?1"));
    ECLAIR_TRY(generation_, db_.prepare("SELECT generation FROM state"));
    ECLAIR_CHECK_OK(reader_.prepare());
    return as_of_ ? check_remembered() : Result<>{};
  }

  Result<std::unique_ptr<Import>> begin_import(std::string_view feed, std::string_view origin, UnixTime at) override {
    if (as_of_) return fail(Errc::internal, "an import into the past");
    return sql::make_import(url_, std::string(feed), std::string(origin), at, [this] { end_read(); });
  }
  Result<std::unique_ptr<Batch>> begin_batch() override {
    if (as_of_) return fail(Errc::internal, "an import into the past");
    return sql::make_batch(url_, [this] { end_read(); });
  }

  Result<std::vector<PortionState>> portions(std::string_view feed) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<PortionState> out;
    ECLAIR_TRY(auto get, db_.prepare("SELECT p.name, p.state FROM portion p JOIN feed f ON f.id=p.feed WHERE f.name=?1 ORDER BY p.name"));
    ECLAIR_TRY(bool more, get.text(1, feed).step());
    while (more) {
      if (auto one = sql::decode_portion(get.text_at(0), get.text_at(1))) out.push_back(*std::move(one));
      ECLAIR_TRY(more, get.step());
    }
    return out;
  }

  Result<> confirm(std::string_view feed, const std::vector<PortionState>& portions, UnixTime at) override {
    ECLAIR_TRY(auto connection, sql::open(url_, sql::kAdvisories));
    {
      ECLAIR_TRY(auto transaction, sql::Transaction::begin(connection));
      ECLAIR_TRY(auto get, connection.prepare("SELECT id FROM feed WHERE name=?1"));
      ECLAIR_TRY(const bool there, get.text(1, feed).step());
      if (!there) return {};
      const std::int64_t id = get.number_at(0);
      get.reset();
      ECLAIR_TRY(auto touch, connection.prepare("UPDATE feed SET fetched_at=?2 WHERE id=?1"));
      ECLAIR_CHECK_OK(touch.number(1, id).number(2, at).run());
      ECLAIR_CHECK_OK(sql::put_portions(connection, id, portions, at));
      ECLAIR_CHECK_OK(sql::seen_until(connection, id, at));
      ECLAIR_CHECK_OK(transaction.commit());
    }
    end_read();
    return {};
  }

  Result<std::vector<FeedState>> feeds() override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<FeedState> out;
    ECLAIR_TRY(std::vector<AdvisoryReader::Feed> known, reader_.feeds());
    for (AdvisoryReader::Feed& feed : known) {
      ECLAIR_TRY(const std::vector<AdvisoryReader::Space> spaces, reader_.spaces(feed.id));
      for (const AdvisoryReader::Space& space : spaces) {
        feed.state.namespaces.push_back(space.name);
        // When a release of the past was asked for last before then is not remembered; the feed's own time is.
        feed.state.asked_at.push_back(as_of_ ? std::min(space.fetched_at, feed.state.fetched_at) : space.fetched_at);
      }
      out.push_back(std::move(feed.state));
    }
    return out;
  }

  Result<std::vector<AdvisoryRow>> rows(std::string_view name_space, std::string_view package) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<AdvisoryRow> out;
    if (as_of_) {
      AdvisoryQuery query;
      query.package = package;
      query.name_space = name_space;
      ECLAIR_CHECK_OK(add_spots(query, out));
      sort(out);
      return out;
    }
    std::vector<Advisory> decoded;
    ECLAIR_TRY(bool more, rows_.text(1, name_space).text(2, package).step());
    while (more) {
      decoded.clear();
      if (const auto read = decode_chunk(rows_.text_at(1), decoded); !read) {
        rows_.reset();
        return fail(damaged(name_space, package, read.error()));
      }
      for (Advisory& row : decoded) {
        out.push_back(AdvisoryRow{std::string(rows_.text_at(0)), std::string(name_space), std::string(package), std::move(row)});
      }
      ECLAIR_TRY(more, rows_.step());
    }
    return out;
  }

  Result<std::vector<AdvisoryRow>> search(const AdvisoryQuery& query) override {
    if (query.id.empty() && query.package.empty() && query.name_space.empty()) {
      return fail(Errc::invalid_input, "a search needs an id, a package or a namespace");
    }
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<AdvisoryRow> out;
    ECLAIR_CHECK_OK(add_spots(query, out));
    sort(out);
    return out;
  }

  Result<> walk(std::string_view name_space, std::string_view feed, const RowFn& fn) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    ECLAIR_TRY(const std::vector<AdvisoryReader::Feed> feeds, reader_.feeds());
    AdvisoryQuery query;
    query.name_space = name_space;
    query.feed = feed;
    ECLAIR_TRY(const std::vector<Spot> all, spots(query, feeds));
    for (const Spot& spot : all) {
      const auto of = std::find_if(feeds.begin(), feeds.end(), [&](const AdvisoryReader::Feed& one) { return one.id == spot.feed; });
      auto held = reader_.held(spot.feed, spot.name_space, spot.package, false);
      if (!held) return fail(damaged(name_space, spot.package, held.error()));
      for (const AdvisoryReader::Held& one : *held) {
        Decoder in(one.row);
        Advisory row = decode_advisory(in);
        if (!in.ok() || !in.done()) return fail(damaged(name_space, spot.package, Error{Errc::invalid_input, "a row does not read back"}));
        ECLAIR_CHECK_OK(fn(AdvisoryRow{of->state.name, std::string(name_space), spot.package, std::move(row), one.opened, one.closed}));
      }
    }
    return {};
  }

  Result<std::optional<VulnerabilityText>> text(std::string_view feed, std::string_view id) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    ECLAIR_TRY(const std::optional<std::string> stored, reader_.text(feed, id));
    if (!stored) return std::nullopt;
    Decoder in(*stored);
    VulnerabilityText out = decode_vulnerability(in);
    if (!in.ok() || !in.done()) return fail(Errc::unavailable, "the text of " + text::quoted(id) + " in " + db_.name() + " is damaged");
    return out;
  }

  Result<std::vector<Snapshot>> snapshots() override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    return reader_.snapshots();
  }

  Result<PruneSummary> prune(UnixTime before) override {
    end_read();  // a read that is held open would keep the room
    auto out = sql::prune(url_, before);
    end_read();
    return out;
  }

  Result<std::uint64_t> generation() override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    ECLAIR_TRY(const bool there, generation_.step());
    const auto out = there ? static_cast<std::uint64_t>(generation_.number_at(0)) : 0;
    generation_.reset();
    return out;
  }
  void release() override { end_read(); }

  Result<std::vector<Change>> changes(std::int64_t after, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    return sql::changes(db_, after, limit);
  }
  Result<std::int64_t> last_change() override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    return sql::last_change(db_);
  }

  Result<> each(std::string_view feed, const GroupFn& group, const TextFn& text) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    ECLAIR_TRY(const std::vector<AdvisoryReader::Feed> known, reader_.feeds());
    for (const AdvisoryReader::Feed& one : known) {
      if (one.state.name != feed) continue;
      ECLAIR_TRY(const std::vector<AdvisoryReader::Space> spaces, reader_.spaces(one.id));
      for (const AdvisoryReader::Space& space : spaces) {
        ECLAIR_TRY(const std::vector<AdvisoryReader::Spot> spots, reader_.spots_in(one.id, space.id, false));
        for (const AdvisoryReader::Spot& spot : spots) {
          auto held = reader_.held(spot.feed, spot.name_space, spot.package, false);
          if (!held) return fail(damaged(space.name, spot.package, held.error()));
          if (held->empty()) continue;
          std::vector<std::string> rows;
          for (AdvisoryReader::Held& row : *held) rows.push_back(std::move(row.row));
          ECLAIR_CHECK_OK(group(space.name, spot.package, rows));
        }
      }
      return reader_.each_text(one, text);
    }
    return fail(Errc::not_found, "no advisories of " + text::quoted(feed) + " are here");
  }

 private:
  using Spot = AdvisoryReader::Spot;

  /// The first read begins a transaction that stays: later reads see the same state, whatever others import meanwhile.
  Result<> begin_read() { return db_.begin_read(); }

  /// The next read begins with what was just written.
  void end_read() {
    const std::lock_guard lock(mutex_);
    db_.end_read();
  }

  /// The past that was pruned cannot be told.
  Result<> check_remembered() {
    ECLAIR_TRY(auto get, db_.prepare("SELECT name, history_from FROM feed WHERE history_from>?1 ORDER BY history_from DESC LIMIT 1"));
    ECLAIR_TRY(const bool there, get.number(1, *as_of_).step());
    if (!there) return {};
    return fail(Errc::not_found, "what " + std::string(get.text_at(0)) + " said on " + rfc3339(*as_of_) + " is no longer known: the history begins at " +
                                     rfc3339(get.number_at(1)));
  }

  Result<std::string> name_of(std::int64_t space) {
    ECLAIR_TRY(const bool there, space_.number(1, space).step());
    std::string name(there ? space_.text_at(0) : std::string_view{});
    if (there) space_.reset();
    return name;
  }

  /// The places that a query without an id is about: a package in namespaces, or whole namespaces.
  Result<std::vector<Spot>> spots(const AdvisoryQuery& query, const std::vector<AdvisoryReader::Feed>& feeds) {
    if (!query.id.empty()) return reader_.spots_of(query.id, query.history);
    std::vector<Spot> out;
    for (const AdvisoryReader::Feed& feed : feeds) {
      if (!query.feed.empty() && feed.state.name != query.feed) continue;
      ECLAIR_TRY(const std::vector<AdvisoryReader::Space> spaces, reader_.spaces(feed.id));
      for (const AdvisoryReader::Space& space : spaces) {
        if (!query.name_space.empty() && space.name != query.name_space) continue;
        if (!query.package.empty()) {
          out.push_back({feed.id, space.id, query.package});
          continue;
        }
        ECLAIR_TRY(const std::vector<Spot> all, reader_.spots_in(feed.id, space.id, query.history));
        out.insert(out.end(), all.begin(), all.end());
      }
    }
    return out;
  }

  Result<> add_spots(const AdvisoryQuery& query, std::vector<AdvisoryRow>& to) {
    ECLAIR_TRY(const std::vector<AdvisoryReader::Feed> feeds, reader_.feeds());
    ECLAIR_TRY(const std::vector<Spot> all, spots(query, feeds));
    RowNames names;
    for (const Spot& spot : all) {
      const auto feed = std::find_if(feeds.begin(), feeds.end(), [&](const AdvisoryReader::Feed& one) { return one.id == spot.feed; });
      if (feed == feeds.end() || (!query.feed.empty() && feed->state.name != query.feed)) continue;
      ECLAIR_TRY(const std::string name_space, name_of(spot.name_space));
      if (!query.name_space.empty() && name_space != query.name_space) continue;
      if (!query.package.empty() && spot.package != query.package) continue;
      auto held = reader_.held(spot.feed, spot.name_space, spot.package, query.history);
      if (!held) return fail(damaged(name_space, spot.package, held.error()));
      for (const AdvisoryReader::Held& one : *held) {
        // Most rows of a large package are about something else: their names alone are read.
        if (!query.id.empty() && row_names(one.row, names) && !speaks_of(names, query.id)) continue;
        Decoder in(one.row);
        Advisory row = decode_advisory(in);
        if (!in.ok() || !in.done()) return fail(damaged(name_space, spot.package, Error{Errc::invalid_input, "a row does not read back"}));
        const auto& wanted = query.statuses;
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), row.status) == wanted.end()) continue;
        to.push_back(AdvisoryRow{feed->state.name, name_space, spot.package, std::move(row), one.opened, one.closed});
      }
    }
    return {};
  }

  static void sort(std::vector<AdvisoryRow>& rows) {
    std::stable_sort(rows.begin(), rows.end(), [](const AdvisoryRow& a, const AdvisoryRow& b) {
      return std::tie(a.name_space, a.package, a.feed, a.advisory.vulnerability, a.advisory.record, a.opened) <
             std::tie(b.name_space, b.package, b.feed, b.advisory.vulnerability, b.advisory.record, b.opened);
    });
  }

  Error damaged(std::string_view name_space, std::string_view package, const Error& why) const {
    return Error{Errc::unavailable, "advisories of " + text::quoted(package) + " in " + std::string(name_space) + " (" + db_.name() + ") are damaged: " + why.text};
  }

  const std::string url_;
  const std::optional<UnixTime> as_of_;
  std::mutex mutex_;  // guards all below
  Connection db_;
  AdvisoryReader reader_;
  Statement rows_, space_, generation_;
};

Result<std::unique_ptr<AdvisoryStore>> open(const std::string& url, std::optional<UnixTime> as_of) {
  ECLAIR_TRY(auto connection, sql::open(url, sql::kAdvisories));
  auto out = std::make_unique<SqlAdvisoryStore>(url, std::move(connection), as_of);
  ECLAIR_CHECK_OK(out->prepare());
  return out;
}

}  // namespace advisory_store_detail

Result<std::unique_ptr<AdvisoryStore>> open_advisories(const std::string& url) { return advisory_store_detail::open(url, std::nullopt); }

Result<std::unique_ptr<AdvisoryStore>> open_advisories_as_of(const std::string& url, UnixTime as_of) {
  return advisory_store_detail::open(url, as_of);
}

}  // namespace eclair::store
