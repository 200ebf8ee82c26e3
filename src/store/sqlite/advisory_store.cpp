// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>
#include <tuple>

#include "store/interface.h"
#include "store/sqlite/advisory_import.h"
#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/places.h"
#include "store/sqlite/portion_state.h"
#include "util/text.h"

namespace eclair::store {
namespace advisory_store_detail {

using sqlite::Connection;
using sqlite::Statement;

bool speaks_of(const Advisory& row, std::string_view id) {
  const auto has = [id](const std::vector<std::string>& list) { return std::find(list.begin(), list.end(), id) != list.end(); };
  return row.vulnerability == id || row.record == id || has(row.aliases) || has(row.references);
}

class SqliteAdvisoryStore final : public AdvisoryStore {
 public:
  SqliteAdvisoryStore(std::string folder, Connection connection) : folder_(std::move(folder)), db_(std::move(connection)) {}

  Result<> prepare() {
    ECLAIR_TRY(rows_, db_.prepare("SELECT f.name, c.rows FROM feed f CROSS JOIN chunk c ON c.feed=f.id AND c.namespace=(SELECT id FROM namespace WHERE name=?1) "
                                  "AND c.package=?2 ORDER BY f.name, c.seq"));
    ECLAIR_TRY(chunks_, db_.prepare("SELECT rows FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 ORDER BY seq"));
    ECLAIR_TRY(places_, db_.prepare("SELECT n.feed, f.name, n.places FROM name n JOIN feed f ON f.id=n.feed WHERE n.id=?1"));
    ECLAIR_TRY(space_, db_.prepare("SELECT name FROM namespace WHERE id=?1"));
    ECLAIR_TRY(text_, db_.prepare("SELECT n.text FROM feed f JOIN name n ON n.id=?2 AND n.feed=f.id WHERE f.name=?1"));
    return {};
  }

  Result<std::unique_ptr<Import>> begin_import(std::string_view feed, std::string_view origin, UnixTime at) override {
    return sqlite::make_import(folder_, std::string(feed), std::string(origin), at, [this] { end_read(); });
  }

  Result<std::vector<PortionState>> portions(std::string_view feed) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<PortionState> out;
    ECLAIR_TRY(auto get, db_.prepare("SELECT p.name, p.state FROM portion p JOIN feed f ON f.id=p.feed WHERE f.name=?1 ORDER BY p.name"));
    ECLAIR_TRY(bool more, get.text(1, feed).step());
    while (more) {
      if (auto one = sqlite::decode_portion(get.text_at(0), get.text_at(1))) out.push_back(*std::move(one));
      ECLAIR_TRY(more, get.step());
    }
    return out;
  }

  Result<> confirm(std::string_view feed, const std::vector<PortionState>& portions, UnixTime at) override {
    ECLAIR_TRY(auto connection, sqlite::open_database(folder_, "advisories.db", sqlite::kAdvisoryMigrations));
    {
      ECLAIR_TRY(auto transaction, sqlite::Transaction::begin(connection));
      ECLAIR_TRY(auto get, connection.prepare("SELECT id FROM feed WHERE name=?1"));
      ECLAIR_TRY(const bool there, get.text(1, feed).step());
      if (!there) return {};
      const std::int64_t id = get.number_at(0);
      get.reset();
      ECLAIR_TRY(auto touch, connection.prepare("UPDATE feed SET fetched_at=?2 WHERE id=?1"));
      ECLAIR_CHECK_OK(touch.number(1, id).number(2, at).run());
      ECLAIR_CHECK_OK(sqlite::put_portions(connection, id, portions, at));
      ECLAIR_CHECK_OK(transaction.commit());
    }
    end_read();
    return {};
  }

  Result<std::vector<FeedState>> feeds() override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<FeedState> out;
    ECLAIR_TRY(auto feeds, db_.prepare("SELECT id, name, snapshot, fetched_at, published_at, rows, vulnerabilities, origin, changed_at FROM feed ORDER BY name"));
    ECLAIR_TRY(auto spaces, db_.prepare("SELECT n.name, f.fetched_at FROM feed_namespace f JOIN namespace n ON n.id=f.namespace WHERE f.feed=?1 ORDER BY n.name"));
    ECLAIR_TRY(bool more, feeds.step());
    while (more) {
      FeedState state;
      state.name = feeds.text_at(1);
      state.snapshot = feeds.text_at(2);
      state.fetched_at = feeds.number_at(3);
      state.published_at = feeds.number_at(4);
      state.records = static_cast<std::uint64_t>(feeds.number_at(5));
      state.vulnerabilities = static_cast<std::uint64_t>(feeds.number_at(6));
      state.origin = feeds.text_at(7);
      state.changed_at = feeds.number_at(8);
      ECLAIR_TRY(bool more_spaces, spaces.number(1, feeds.number_at(0)).step());
      while (more_spaces) {
        state.namespaces.emplace_back(spaces.text_at(0));
        state.asked_at.push_back(spaces.number_at(1));
        ECLAIR_TRY(more_spaces, spaces.step());
      }
      out.push_back(std::move(state));
      ECLAIR_TRY(more, feeds.step());
    }
    return out;
  }

  Result<std::vector<AdvisoryRow>> rows(std::string_view name_space, std::string_view package) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    std::vector<AdvisoryRow> out;
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

  Result<std::vector<AdvisoryRow>> find(std::string_view id) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    struct Named {
      std::int64_t feed = 0;
      std::string feed_name, places;
    };
    std::vector<Named> named;
    ECLAIR_TRY(bool more, places_.text(1, id).step());
    while (more) {
      named.push_back({places_.number_at(0), std::string(places_.text_at(1)), std::string(places_.text_at(2))});
      ECLAIR_TRY(more, places_.step());
    }
    std::vector<AdvisoryRow> out;
    std::vector<Advisory> decoded;
    for (const Named& one : named) {
      for (const sqlite::Place& place : sqlite::unpack_places(one.places)) {
        for (const std::int64_t space : place.namespaces) {
          ECLAIR_TRY(const std::string name, name_of(space));
          decoded.clear();
          ECLAIR_TRY(more, chunks_.number(1, one.feed).number(2, space).text(3, place.package).step());
          while (more) {
            if (const auto read = decode_chunk(chunks_.text_at(0), decoded); !read) {
              chunks_.reset();
              return fail(damaged(name, place.package, read.error()));
            }
            ECLAIR_TRY(more, chunks_.step());
          }
          for (Advisory& row : decoded) {
            if (speaks_of(row, id)) out.push_back(AdvisoryRow{one.feed_name, name, place.package, std::move(row)});
          }
        }
      }
    }
    std::stable_sort(out.begin(), out.end(), [](const AdvisoryRow& a, const AdvisoryRow& b) {
      return std::tie(a.name_space, a.package, a.feed, a.advisory.vulnerability, a.advisory.record) <
             std::tie(b.name_space, b.package, b.feed, b.advisory.vulnerability, b.advisory.record);
    });
    return out;
  }

  Result<std::optional<VulnerabilityText>> text(std::string_view feed, std::string_view id) override {
    const std::lock_guard lock(mutex_);
    ECLAIR_CHECK_OK(begin_read());
    ECLAIR_TRY(const bool there, text_.text(1, feed).text(2, id).step());
    if (!there) return std::nullopt;
    std::optional<VulnerabilityText> out;
    bool good = true;
    if (!text_.null_at(0)) {
      Decoder in(text_.text_at(0));
      out = decode_vulnerability(in);
      good = in.ok() && in.done();
    }
    text_.reset();
    if (!good) return fail(Errc::unavailable, "the text of " + text::quoted(id) + " in " + folder_ + "/advisories.db is damaged");
    return out;
  }

 private:
  /// The first read begins a transaction that stays: later reads see the same state, whatever others import meanwhile.
  Result<> begin_read() { return db_.in_transaction() ? Result<>{} : db_.execute("BEGIN"); }

  /// The next read begins with what was just written.
  void end_read() {
    const std::lock_guard lock(mutex_);
    if (db_.in_transaction()) static_cast<void>(db_.execute("COMMIT"));
  }

  Result<std::string> name_of(std::int64_t space) {
    ECLAIR_TRY(const bool there, space_.number(1, space).step());
    std::string name(there ? space_.text_at(0) : std::string_view{});
    if (there) space_.reset();
    return name;
  }

  Error damaged(std::string_view name_space, std::string_view package, const Error& why) const {
    return Error{Errc::unavailable, "advisories of " + text::quoted(package) + " in " + std::string(name_space) + " (" + folder_ +
                                        "/advisories.db) are damaged: " + why.text};
  }

  const std::string folder_;
  std::mutex mutex_;  // guards all below
  Connection db_;
  Statement rows_, chunks_, places_, space_, text_;
};

}  // namespace advisory_store_detail

Result<std::unique_ptr<AdvisoryStore>> open_advisories(const std::string& folder) {
  ECLAIR_TRY(auto connection, sqlite::open_database(folder, "advisories.db", sqlite::kAdvisoryMigrations));
  auto out = std::make_unique<advisory_store_detail::SqliteAdvisoryStore>(folder, std::move(connection));
  ECLAIR_CHECK_OK(out->prepare());
  return out;
}

}  // namespace eclair::store
