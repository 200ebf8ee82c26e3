// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_commit.h"

#include <algorithm>
#include <future>
#include <map>
#include <numeric>

#include "store/content_sum.h"
#include "store/sql/advisory_changes.h"
#include "store/sql/advisory_names.h"
#include "store/sql/opened_runs.h"
#include "store/sql/places.h"
#include "store/sql/portion_state.h"
#include "util/text.h"

// How an import becomes the new state.
//
// Parsers bring rows in any order; a package's rows are stored together. So rows are staged (store/staging.h), and commit() walks the
// groups (namespace, package) in key order, which makes the database append to its trees instead of jumping in them. The stored packages of a
// completed namespace are read beside, in the same order: a group whose content hash is the stored one costs a comparison, and a stored
// package that no group came for is closed. Where contents differ, old and new rows are merged as sorted lists: what is on both sides keeps its
// opening time, what is gone goes to the history, what is new is open from now on. Names and vulnerabilities are collected as
// differences and written at the end, again in key order. Everything happens in one transaction under the write lock, after the
// whole input was understood.
namespace eclair::store::sql {
namespace advisory_commit_detail {

constexpr std::uint64_t kKeptPercent = 70;
constexpr std::size_t kBatchGroups = 256;     // prepared on another thread while the batch before is written
constexpr std::uint64_t kBatchBytes = 1u << 20;

std::string_view view_of(const ContentSum::Piece& piece) { return {piece.data(), piece.size()}; }

std::string_view record_of(const RowNames& names) { return names.record.empty() ? names.vulnerability : names.record; }

/// One commit: the statements and the sums of a transaction.
class Commit {
 public:
  /// since: from when what is new holds.
  Commit(Connection& connection, Collected& in, UnixTime since)
      : db_(connection), in_(in), staging_(in.staging), at_(since), names_(connection, in.staging, since), log_(connection, since), notes_all_(in.feed == kGivenFeed) {}

  Result<ImportSummary> run(bool allow_shrink) {
    ECLAIR_CHECK_OK(prepare());
    ECLAIR_CHECK_OK(load_feed());
    ECLAIR_CHECK_OK(load_state());
    ECLAIR_CHECK_OK(load_namespaces());
    ECLAIR_CHECK_OK(walk_groups());
    if (!allow_shrink) ECLAIR_CHECK_OK(guard());
    if (!fresh_ || notes_all_) names_.note_texts(log_, vulnerability_space(), notes_all_);
    ECLAIR_TRY(const NameWriter::Outcome names, names_.write(feed_, fresh_, sum_));
    changed_any_ = changed_any_ || names.changed;
    vulnerabilities_ += names.vulnerabilities;
    ECLAIR_CHECK_OK(finish_feed());
    ImportSummary summary;
    summary.rows = staged_rows_;
    summary.added = added_;
    summary.changed = changed_;
    summary.closed = closed_;
    summary.vulnerabilities = staging_.vulnerabilities();
    summary.unchanged = !changed_any_;
    summary.snapshot = snapshot_;
    return summary;
  }

 private:
  using Row = Staging::Rows::Row;

  struct Space {
    std::string name;
    std::int64_t id = 0;
    std::int64_t old_rows = 0, rows = 0;
    UnixTime fetched_at = 0, since = 0;
    bool known = false;      ///< has a feed_namespace row
    bool completed = false;
  };
  struct Old {
    std::vector<std::string> chunks;
    std::vector<std::string> rows;
    std::vector<UnixTime> opened;
    std::string content;
  };
  struct StoredPackage {
    std::string name, content;
  };

  Result<> prepare() {
    ECLAIR_TRY(list_packages_, db_.prepare("SELECT package, content FROM chunk WHERE feed=?1 AND namespace=?2 AND seq=0 ORDER BY package"));
    ECLAIR_TRY(get_chunks_, db_.prepare("SELECT rows, content, opened FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 ORDER BY seq"));
    ECLAIR_TRY(put_chunk_, db_.prepare("INSERT INTO chunk(feed, namespace, package, seq, content, opened, rows) VALUES(?1,?2,?3,?4,?5,?6,?7) "
                                      "ON CONFLICT (feed, namespace, package, seq) DO UPDATE SET content=excluded.content, opened=excluded.opened, rows=excluded.rows"));
    ECLAIR_TRY(cut_chunks_, db_.prepare("DELETE FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 AND seq>=?4"));
    ECLAIR_TRY(put_past_name_, db_.prepare("INSERT INTO past_name(name, history) VALUES(?1,?2) ON CONFLICT DO NOTHING"));
    ECLAIR_TRY(put_history_, db_.prepare("INSERT INTO history(id, feed, namespace, package, opened, closed, row) VALUES(?7,?1,?2,?3,?4,?5,?6)"));
    return {};
  }

  Result<> load_feed() {
    ECLAIR_TRY(auto get, db_.prepare("SELECT id, content_sum, rows, vulnerabilities, snapshot FROM feed WHERE name=?1"));
    ECLAIR_TRY(const bool there, get.text(1, in_.feed).step());
    if (there) {
      feed_ = get.number_at(0);
      sum_ = ContentSum::from_stored(get.text_at(1));
      rows_ = get.number_at(2);
      vulnerabilities_ = get.number_at(3);
      snapshot_ = get.text_at(4);
      get.reset();
      fresh_ = false;
      return {};
    }
    ECLAIR_TRY(auto put, db_.prepare("INSERT INTO feed(name, origin, fetched_at, published_at, snapshot, content_sum, rows, vulnerabilities) "
                                     "VALUES(?1, ?2, ?3, 0, '', ?4, 0, 0) RETURNING id"));
    ECLAIR_TRY(feed_, new_id(put.text(1, in_.feed).text(2, in_.origin).number(3, at_).blob(4, "")));
    changed_any_ = true;
    return {};
  }

  /// Of an INSERT that returns the id of its row.
  static Result<std::int64_t> new_id(Statement& put) {
    ECLAIR_TRY(const bool there, put.step());
    const std::int64_t id = there ? put.number_at(0) : 0;
    put.reset();
    return id;
  }

  /// Ids of the history and of changes are counted here: there may be many rows, and asking for each is slow over a network.
  Result<> load_state() {
    ECLAIR_TRY(auto get, db_.prepare("SELECT history, changes FROM state"));
    ECLAIR_TRY(const bool there, get.step());
    if (there) history_ = get.number_at(0);
    return log_.begin(feed_, there ? get.number_at(1) : 0);
  }

  Result<Space*> space(std::string_view name) {
    const auto found = spaces_.find(name);
    if (found != spaces_.end()) return &found->second;
    Space made;
    made.name = name;
    made.completed = in_.completed.find(name) != in_.completed.end();
    ECLAIR_TRY(auto get, db_.prepare("SELECT n.id, f.rows, f.fetched_at, f.since FROM namespace n LEFT JOIN feed_namespace f ON f.namespace=n.id AND f.feed=?2 WHERE n.name=?1"));
    ECLAIR_TRY(const bool there, get.text(1, name).number(2, feed_).step());
    if (there) {
      made.id = get.number_at(0);
      made.known = !get.null_at(1);
      made.old_rows = made.rows = get.number_at(1);
      made.fetched_at = get.number_at(2);
      made.since = get.number_at(3);
      get.reset();
    } else {
      ECLAIR_TRY(auto put, db_.prepare("INSERT INTO namespace(name) VALUES(?1) RETURNING id"));
      ECLAIR_TRY(made.id, new_id(put.text(1, name)));
    }
    return &spaces_.emplace(std::string(name), std::move(made)).first->second;
  }

  /// 0: this import does not speak of it.
  std::int64_t vulnerability_space() const {
    const auto found = spaces_.find(kVulnerabilitySpace);
    return found == spaces_.end() ? 0 : found->second.id;
  }

  Result<> load_namespaces() {
    for (const std::string& name : in_.completed) ECLAIR_CHECK_OK(space(name));
    for (std::uint32_t i = 0; i < staging_.namespaces.size(); ++i) ECLAIR_CHECK_OK(space(staging_.namespaces.name(i)));
    return {};
  }

  Result<std::vector<StoredPackage>> stored_packages(const Space& where) {
    std::vector<StoredPackage> out;
    if (!where.known || !where.completed) return out;
    ECLAIR_TRY(bool more, list_packages_.number(1, feed_).number(2, where.id).step());
    while (more) {
      out.push_back({std::string(list_packages_.text_at(0)), std::string(list_packages_.text_at(1))});
      ECLAIR_TRY(more, list_packages_.step());
    }
    return out;
  }

  /// A group on its way into the database.
  struct Prepared {
    const Staging::Group* group = nullptr;
    const Space* where = nullptr;
    std::string_view package;
    Staging::Rows rows;
    ContentSum::Piece content{};
    std::vector<std::string> chunks;  ///< where the namespace is new, so that they will be needed
  };
  using Batch = std::vector<Prepared>;

  /// What can be worked out of a batch without the database, on a thread of its own: half of the work beside the database's.
  Result<Batch> prepare_batch(Batch batch) const {
    for (Prepared& one : batch) {
      ECLAIR_CHECK_OK(staging_.rows(*one.group, one.rows));
      one.content = content_of(*one.where, one.package, one.rows.rows);
      if (!one.where->known) one.chunks = packed(one.rows.rows);
    }
    return batch;
  }

  /// Names are looked up here: the other thread must not, while this one adds some.
  Result<Batch> next_batch(std::size_t& at) {
    const std::vector<Staging::Group>& groups = staging_.groups();
    Batch out;
    for (std::uint64_t bytes = 0; at < groups.size() && out.size() < kBatchGroups && bytes < kBatchBytes; ++at) {
      Prepared one;
      one.group = &groups[at];
      ECLAIR_TRY(one.where, space(staging_.namespaces.name(groups[at].name_space)));
      one.package = staging_.packages.name(groups[at].package);
      bytes += staging_.bytes(groups[at]);
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<> walk_groups() {
    // Records told anew may have left a package of a namespace that this import does not complete.
    std::set<std::pair<std::string, std::string>> left;
    ECLAIR_TRY(left, left_groups());
    const auto policy = staging_.groups().size() > kBatchGroups ? std::launch::async | std::launch::deferred : std::launch::deferred;
    const auto start = [&](Batch batch) { return std::async(policy, [this, held = std::move(batch)]() mutable { return prepare_batch(std::move(held)); }); };
    std::size_t at = 0, g = 0;
    ECLAIR_TRY(Batch first, next_batch(at));
    auto coming = start(std::move(first));
    Batch batch;
    // By name, which is the order of the groups; namespaces without a group come too.
    for (auto& [name, where] : spaces_) {
      ECLAIR_TRY(const std::vector<StoredPackage> stored, stored_packages(where));
      std::size_t s = 0;
      while (true) {
        if (g == batch.size()) {
          if (!coming.valid()) break;
          ECLAIR_TRY(batch, coming.get());
          g = 0;
          ECLAIR_TRY(Batch following, next_batch(at));
          if (!following.empty()) coming = start(std::move(following));
          if (batch.empty()) break;
        }
        if (batch[g].where != &where) break;
        Prepared& one = batch[g++];
        for (; s < stored.size() && stored[s].name < one.package; ++s) ECLAIR_CHECK_OK(close_group(where, stored[s].name));
        std::string_view content;
        if (s < stored.size() && stored[s].name == one.package) content = stored[s++].content;
        staged_rows_ += one.rows.rows.size();
        if (!left.empty()) left.erase({name, std::string(one.package)});
        ECLAIR_CHECK_OK(one_group(where, one, content));
        one = {};
      }
      for (; s < stored.size(); ++s) ECLAIR_CHECK_OK(close_group(where, stored[s].name));
    }
    for (const auto& [name, package] : left) {
      ECLAIR_TRY(Space * where, space(name));
      ECLAIR_CHECK_OK(close_group(*where, package));
    }
    return {};
  }

  Result<std::set<std::pair<std::string, std::string>>> left_groups() {
    std::set<std::pair<std::string, std::string>> out;
    if (fresh_ || in_.records.empty()) return out;
    ECLAIR_TRY(auto all, db_.prepare("SELECT n.id, n.name FROM feed_namespace f JOIN namespace n ON n.id=f.namespace WHERE f.feed=?1"));
    std::map<std::int64_t, std::string> open;
    ECLAIR_TRY(bool more, all.number(1, feed_).step());
    while (more) {
      if (in_.completed.find(all.text_at(1)) == in_.completed.end()) open.emplace(all.number_at(0), all.text_at(1));
      ECLAIR_TRY(more, all.step());
    }
    if (open.empty()) return out;
    ECLAIR_TRY(auto places, db_.prepare("SELECT places FROM name WHERE id=?1 AND feed=?2"));
    for (const std::string& record : in_.records) {
      ECLAIR_TRY(more, places.text(1, record).number(2, feed_).step());
      if (!more) continue;
      for (const Place& place : unpack_places(places.text_at(0))) {
        for (const std::int64_t id : place.namespaces) {
          if (const auto name = open.find(id); name != open.end()) out.emplace(name->second, place.package);
        }
      }
      places.reset();
    }
    return out;
  }

  /// No row of the package came.
  Result<> close_group(Space& where, const std::string& package) {
    Staging::Group group;
    group.package = staging_.packages.id(package);
    Prepared none;
    none.group = &group;
    none.package = package;
    none.content = content_of(where, package, {});
    return one_group(where, none, {});
  }

  static ContentSum::Piece content_of(const Space& where, std::string_view package, const std::vector<Row>& rows) {
    std::vector<std::string_view> parts = {"rows", where.name, package};
    parts.reserve(rows.size() + 4);
    for (const Row& row : rows) parts.push_back(row.bytes);
    return ContentSum::of(std::move(parts));
  }

  static std::vector<std::string> packed(const std::vector<Row>& rows) {
    std::vector<std::string_view> bytes;
    bytes.reserve(rows.size());
    for (const Row& row : rows) bytes.push_back(row.bytes);
    return pack_rows(bytes);
  }

  Result<> load_old(const Space& where, std::string_view package, Old& old) {
    std::string opened;
    ECLAIR_TRY(bool more, get_chunks_.number(1, feed_).number(2, where.id).text(3, package).step());
    while (more) {
      old.chunks.emplace_back(get_chunks_.text_at(0));
      if (old.chunks.size() == 1) {
        old.content = get_chunks_.text_at(1);
        opened = get_chunks_.text_at(2);
      }
      const auto read = unpack_rows(old.chunks.back(), old.rows);
      if (!read) {
        get_chunks_.reset();
        return fail(Errc::unavailable, "advisories of " + text::quoted(package) + " in " + where.name + " are damaged: " + read.error().text);
      }
      ECLAIR_TRY(more, get_chunks_.step());
    }
    old.opened = unpacked_times(opened, old.rows.size());
    return {};
  }

  /// An old row as if it had been staged.
  void take_over(std::string_view bytes, const RowNames& names, Staging::Rows& to) {
    Row row;
    row.bytes = bytes;
    row.vulnerability = staging_.ids.id(names.vulnerability);
    row.first_other = static_cast<std::uint32_t>(to.other_ids.size());
    if (!names.record.empty()) to.other_ids.push_back(staging_.ids.id(names.record));
    for (const std::string_view other : names.others) to.other_ids.push_back(staging_.ids.id(other));
    row.others = static_cast<std::uint32_t>(to.other_ids.size()) - row.first_other;
    to.rows.push_back(row);
  }

  /// In a namespace that is not completed, old rows stay unless their row, or their record, came anew.
  void keep_untouched(const Old& old, Staging::Rows& rows) {
    std::set<std::pair<std::string_view, std::string_view>> replaced;
    RowNames names;
    for (const Row& row : rows.rows) {
      if (row_names(row.bytes, names)) replaced.emplace(names.vulnerability, names.record);
    }
    for (const std::string& row : old.rows) {
      if (!row_names(row, names)) continue;
      if (replaced.count({names.vulnerability, names.record}) > 0) continue;
      if (in_.records.count(std::string(record_of(names))) > 0) continue;
      take_over(row, names, rows);
    }
    std::sort(rows.rows.begin(), rows.rows.end(), [](const Row& a, const Row& b) { return row_before(a.bytes, b.bytes); });
  }

  /// stored_content: of a completed namespace, the content hash that the store has for the package; "" = none.
  Result<> one_group(Space& where, Prepared& group, std::string_view stored_content) {
    Old old;  // `staged` may come to hold views into it, and is cleared before it goes
    const std::string_view package = group.package;
    Staging::Rows& staged = group.rows;
    if (where.completed && stored_content == view_of(group.content)) return {};
    if (where.known) ECLAIR_CHECK_OK(load_old(where, package, old));
    if (!where.completed && !old.rows.empty()) {
      keep_untouched(old, staged);
      group.content = content_of(where, package, staged.rows);
      group.chunks.clear();
      if (old.content == view_of(group.content)) {
        staged.clear();
        return {};
      }
    }
    const ContentSum::Piece& content = group.content;
    const std::vector<Row>& rows = staged.rows;
    if (rows.empty() && old.rows.empty()) return {};
    changed_any_ = true;

    std::vector<UnixTime> opened(rows.size(), at_);
    if (old.rows.empty()) {
      added_ += rows.size();
      for (const Row& row : rows) ++names_.rows_of(row.vulnerability);
      if (is_noted(where)) {
        std::vector<std::size_t> come(rows.size());
        std::iota(come.begin(), come.end(), std::size_t{0});
        ECLAIR_CHECK_OK(note_changes(where, package, rows, old, {}, come));
      }
    } else {
      ECLAIR_CHECK_OK(compare(where, package, rows, old, opened));
    }
    ECLAIR_CHECK_OK(write_group(where, package, group.chunks.empty() ? packed(rows) : group.chunks, old, opened, content));
    note_names(where, group.group->package, staged, old);

    if (old.content.size() == content.size()) {
      ContentSum::Piece before{};
      std::copy(old.content.begin(), old.content.end(), before.begin());
      sum_.subtract(before);
    }
    if (!rows.empty()) sum_.add(content);
    const std::int64_t difference = static_cast<std::int64_t>(rows.size()) - static_cast<std::int64_t>(old.rows.size());
    where.rows += difference;
    rows_ += difference;
    staged.clear();
    return {};
  }

  /// Both lists are sorted: what is on both sides keeps its time, what is gone becomes history.
  Result<> compare(const Space& where, std::string_view package, const std::vector<Row>& rows, const Old& old, std::vector<UnixTime>& opened) {
    std::vector<std::size_t> gone, come;
    std::size_t o = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      while (o < old.rows.size() && row_before(old.rows[o], rows[n].bytes)) gone.push_back(o++);
      if (o < old.rows.size() && old.rows[o] == rows[n].bytes) {
        opened[n] = old.opened[o++];
      } else {
        come.push_back(n);
      }
    }
    while (o < old.rows.size()) gone.push_back(o++);
    count(rows, old, gone, come);
    if (is_noted(where)) ECLAIR_CHECK_OK(note_changes(where, package, rows, old, gone, come));
    for (const std::size_t i : gone) {
      const std::string one = pack_rows({old.rows[i]}).front();
      ECLAIR_CHECK_OK(put_history_.number(1, feed_).number(2, where.id).text(3, package).number(4, old.opened[i]).number(5, at_).blob(6, one).number(7, ++history_).run());
      ECLAIR_CHECK_OK(note_past(old.rows[i], history_));
    }
    return {};
  }

  /// Whether what happens in a namespace is a change: a first word on it is none.
  bool is_noted(const Space& where) const { return where.name != kVulnerabilitySpace && (where.known || notes_all_); }

  /// gone, come: sorted by vulnerability, as the rows are.
  Result<> note_changes(const Space& where, std::string_view package, const std::vector<Row>& rows, const Old& old, const std::vector<std::size_t>& gone,
                        const std::vector<std::size_t>& come) {
    std::vector<std::string_view> went, came;
    RowNames a, b;
    for (std::size_t g = 0, c = 0; g < gone.size() || c < come.size();) {
      if (g < gone.size()) row_names(old.rows[gone[g]], a);
      if (c < come.size()) row_names(rows[come[c]].bytes, b);
      const std::string_view vulnerability = c == come.size() || (g < gone.size() && a.vulnerability < b.vulnerability) ? a.vulnerability : b.vulnerability;
      went.clear();
      came.clear();
      for (; g < gone.size() && row_names(old.rows[gone[g]], a) && a.vulnerability == vulnerability; ++g) went.push_back(old.rows[gone[g]]);
      for (; c < come.size() && row_names(rows[come[c]].bytes, b) && b.vulnerability == vulnerability; ++c) came.push_back(rows[come[c]].bytes);
      if (went.empty() && came.empty()) return fail(Errc::unavailable, "rows of " + text::quoted(package) + " in " + where.name + " do not read back");
      ECLAIR_CHECK_OK(log_.rows(where.id, vulnerability, package, went, came));
    }
    return {};
  }

  Result<> note_past(std::string_view row, std::int64_t id) {
    RowNames names;
    if (!row_names(row, names)) return {};
    names.others.push_back(names.vulnerability);
    if (!names.record.empty()) names.others.push_back(names.record);
    for (const std::string_view name : names.others) ECLAIR_CHECK_OK(put_past_name_.text(1, name).number(2, id).run());
    return {};
  }

  /// A row that went and one that came under the same names are one change.
  void count(const std::vector<Row>& rows, const Old& old, const std::vector<std::size_t>& gone, const std::vector<std::size_t>& come) {
    RowNames a, b;
    std::size_t g = 0, c = 0;
    while (g < gone.size() || c < come.size()) {
      if (g < gone.size()) row_names(old.rows[gone[g]], a);
      if (c < come.size()) row_names(rows[come[c]].bytes, b);
      const auto of_a = std::pair(a.vulnerability, a.record), of_b = std::pair(b.vulnerability, b.record);
      if (c == come.size() || (g < gone.size() && of_a < of_b)) {
        ++closed_;
        --names_.rows_of(staging_.ids.id(a.vulnerability));
        ++g;
      } else if (g == gone.size() || of_b < of_a) {
        ++added_;
        ++names_.rows_of(rows[come[c]].vulnerability);
        ++c;
      } else {
        ++changed_;
        ++g;
        ++c;
      }
    }
  }

  Result<> write_group(const Space& where, std::string_view package, const std::vector<std::string>& chunks, const Old& old,
                       const std::vector<UnixTime>& opened, const ContentSum::Piece& content) {
    const std::string times = packed_times(opened);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (i > 0 && i < old.chunks.size() && old.chunks[i] == chunks[i]) continue;
      put_chunk_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(i)).blob(7, chunks[i]);
      if (i == 0) {
        put_chunk_.blob(5, view_of(content)).blob(6, times);
      } else {
        put_chunk_.null(5).null(6);
      }
      ECLAIR_CHECK_OK(put_chunk_.run());
    }
    if (old.chunks.size() > chunks.size()) {
      ECLAIR_CHECK_OK(cut_chunks_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(chunks.size())).run());
    }
    return {};
  }

  void note_names(const Space& where, std::uint32_t package, const Staging::Rows& staged, const Old& old) {
    const auto sort_unique = [](std::vector<std::uint32_t>& list) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    };
    std::vector<std::uint32_t> now = staged.other_ids, before;
    now.reserve(now.size() + staged.rows.size());
    for (const Row& row : staged.rows) now.push_back(row.vulnerability);
    Staging::Rows taken;
    RowNames names;
    for (const std::string& row : old.rows) {
      if (row_names(row, names)) take_over(row, names, taken);
    }
    before = taken.other_ids;
    for (const Row& row : taken.rows) before.push_back(row.vulnerability);
    sort_unique(now);
    sort_unique(before);
    const auto space = static_cast<std::uint32_t>(where.id);
    std::size_t b = 0;
    for (const std::uint32_t id : now) {
      while (b < before.size() && before[b] < id) names_.mention(before[b++], package, space, false);
      if (b < before.size() && before[b] == id) {
        ++b;
      } else {
        names_.mention(id, package, space, true);
      }
    }
    while (b < before.size()) names_.mention(before[b++], package, space, false);
  }

  Result<> guard() const {
    for (const auto& [name, space] : spaces_) {
      if (!space.completed || space.old_rows <= 0) continue;
      if (static_cast<std::uint64_t>(space.rows) * 100 >= static_cast<std::uint64_t>(space.old_rows) * kKeptPercent) continue;
      return fail(Errc::conflict, in_.feed + ": the import would leave " + std::to_string(space.rows) + " of " + std::to_string(space.old_rows) +
                                      " rows of " + text::quoted(name) + ", which is less than " + std::to_string(kKeptPercent) + " %");
    }
    return {};
  }

  UnixTime fetched(std::string_view name_space) const {
    auto found = in_.fetched.find(name_space);
    if (found == in_.fetched.end()) found = in_.fetched.find("");
    return found == in_.fetched.end() ? in_.at : found->second;
  }

  Result<> finish_feed() {
    ECLAIR_TRY(auto put_space, db_.prepare("INSERT INTO feed_namespace(feed, namespace, rows, fetched_at, since) VALUES(?1,?2,?3,?4,?5) "
                                          "ON CONFLICT (feed, namespace) DO UPDATE SET rows=excluded.rows, fetched_at=excluded.fetched_at, since=excluded.since"));
    for (const auto& [name, space] : spaces_) {
      // A completed namespace without a row is known all the same: "nothing is known against it" is an answer.
      if (space.known ? space.rows == space.old_rows && !space.completed : (space.rows == 0 && !space.completed)) continue;
      const UnixTime fetched_at = space.completed || !space.known ? fetched(name) : space.fetched_at;
      ECLAIR_CHECK_OK(put_space.number(1, feed_).number(2, space.id).number(3, space.rows).number(4, fetched_at).number(5, space.known ? space.since : at_).run());
      changed_any_ = changed_any_ || !space.known || space.rows != space.old_rows;
    }
    if (changed_any_ && in_.portions.empty()) ECLAIR_CHECK_OK(drop_portions());
    ECLAIR_CHECK_OK(put_portions(db_, feed_, in_.portions, in_.at));
    if (!changed_any_) {
      ECLAIR_TRY(auto touch, db_.prepare("UPDATE feed SET fetched_at=?2, origin=?3 WHERE id=?1"));
      ECLAIR_CHECK_OK(touch.number(1, feed_).number(2, fetched("")).text(3, in_.origin).run());
      return seen_until(db_, feed_, fetched(""));
    }
    snapshot_ = sum_.id();
    const std::string stored = sum_.stored();
    ECLAIR_TRY(auto raise, db_.prepare("UPDATE state SET generation=generation+1, history=?1, changes=?2"));
    ECLAIR_CHECK_OK(raise.number(1, history_).number(2, log_.last()).run());
    ECLAIR_CHECK_OK(forget_changes(db_, at_ - kChangeSeconds));
    ECLAIR_TRY(auto put, db_.prepare("UPDATE feed SET fetched_at=?2, changed_at=?8, origin=?3, snapshot=?4, content_sum=?5, rows=?6, vulnerabilities=?7 WHERE id=?1"));
    ECLAIR_CHECK_OK(put.number(1, feed_).number(2, fetched("")).text(3, in_.origin).text(4, snapshot_).blob(5, stored).number(6, rows_).number(7, vulnerabilities_).number(8, at_).run());
    ECLAIR_TRY(auto log, db_.prepare("INSERT INTO snapshot(feed, at, id, seen_until, rows, vulnerabilities) VALUES(?1,?2,?3,?4,?5,?6) "
                                    "ON CONFLICT (feed, at) DO UPDATE SET id=excluded.id, seen_until=excluded.seen_until, rows=excluded.rows, "
                                    "vulnerabilities=excluded.vulnerabilities"));
    return log.number(1, feed_).number(2, at_).text(3, snapshot_).number(4, fetched("")).number(5, rows_).number(6, vulnerabilities_).run();
  }

  /// What was kept of documents that spoke for the namespaces that changed: "not modified" would now say too much.
  Result<> drop_portions() {
    ECLAIR_TRY(auto list, db_.prepare("SELECT name, state FROM portion WHERE feed=?1"));
    std::vector<std::string> gone;
    ECLAIR_TRY(bool more, list.number(1, feed_).step());
    while (more) {
      const auto state = decode_portion(list.text_at(0), list.text_at(1));
      const auto spoken_for = [&](const std::string& name) { return spaces_.count(name) > 0; };
      if (!state || std::any_of(state->namespaces.begin(), state->namespaces.end(), spoken_for)) gone.emplace_back(list.text_at(0));
      ECLAIR_TRY(more, list.step());
    }
    ECLAIR_TRY(auto drop, db_.prepare("DELETE FROM portion WHERE feed=?1 AND name=?2"));
    for (const std::string& name : gone) ECLAIR_CHECK_OK(drop.number(1, feed_).text(2, name).run());
    return {};
  }

  Connection& db_;
  const Collected& in_;
  Staging& staging_;
  const UnixTime at_;
  NameWriter names_;
  ChangeLog log_;
  const bool notes_all_;      ///< what clients say: also of namespaces that were not known, and all of a text
  Statement list_packages_, get_chunks_, put_chunk_, cut_chunks_, put_history_, put_past_name_;

  std::int64_t feed_ = 0, rows_ = 0, vulnerabilities_ = 0, history_ = 0;
  bool fresh_ = true;         ///< the feed has no rows yet: nothing to look up
  bool changed_any_ = false;
  ContentSum sum_;
  std::string snapshot_;
  std::map<std::string, Space, std::less<>> spaces_;
  std::uint64_t staged_rows_ = 0, added_ = 0, changed_ = 0, closed_ = 0;
};

}  // namespace advisory_commit_detail

Result<ImportSummary> commit(Connection& connection, Collected& collected, bool allow_shrink) {
  ECLAIR_TRY(auto last, connection.prepare("SELECT changed_at FROM feed WHERE name=?1"));
  ECLAIR_TRY(const bool there, last.text(1, collected.feed).step());
  // A clock that was set back must not make intervals that end before they begin.
  const UnixTime since = there ? std::max(collected.at, last.number_at(0)) : collected.at;
  last.reset();
  return advisory_commit_detail::Commit(connection, collected, since).run(allow_shrink);
}

}  // namespace eclair::store::sql
