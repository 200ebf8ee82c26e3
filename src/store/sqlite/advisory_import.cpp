// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/advisory_import.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>

#include "store/content_sum.h"
#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"
#include "store/staging.h"
#include "util/text.h"

// How an import becomes the new state.
//
// Parsers bring rows in any order; a package's rows are stored together. So rows are staged (store/staging.h), and commit() walks the
// groups (namespace, package) in key order, which makes SQLite append to its trees instead of jumping in them. The stored packages of a
// completed namespace are read beside, in the same order: a group whose content hash is the stored one costs a comparison, and a stored
// package that no group came for is closed. Where contents differ, old and new rows are merged as sorted lists: what is on both sides keeps its
// opening time, what is gone goes to the history, what is new is open from now on. Names and vulnerabilities are collected as
// differences and written at the end, again in key order. Everything happens in one transaction under the write lock, after the
// whole input was understood.
namespace eclair::store::sqlite {
namespace advisory_import_detail {

constexpr std::size_t kShownBad = 10;
constexpr std::uint64_t kKeptPercent = 70;

/// A name came to a package, or went from it, in one namespace.
struct Mention {
  std::uint64_t key = 0;  ///< of the name (upper half) and the package: their ids, and at the end their ranks
  std::uint32_t name_space = 0;
  bool added = false;
};

std::uint64_t key_of(std::uint32_t id, std::uint32_t package) { return static_cast<std::uint64_t>(id) << 32 | package; }

/// From ranks back to ids.
std::vector<std::uint32_t> inverse(const std::vector<std::uint32_t>& ranks) {
  std::vector<std::uint32_t> out(ranks.size());
  for (std::uint32_t id = 0; id < ranks.size(); ++id) out[ranks[id]] = id;
  return out;
}

std::string_view record_of(const RowNames& names) { return names.record.empty() ? names.vulnerability : names.record; }

std::string packed_numbers(const std::vector<std::int64_t>& numbers) {
  Encoder out;
  for (const std::int64_t n : numbers) out.number(static_cast<std::uint64_t>(n));
  return out.take();
}

std::vector<std::int64_t> unpacked_numbers(std::string_view bytes) {
  std::vector<std::int64_t> out;
  Decoder in(bytes);
  while (in.ok() && !in.done()) out.push_back(static_cast<std::int64_t>(in.number()));
  return out;
}

/// Opening times as runs.
std::string packed_times(const std::vector<UnixTime>& times) {
  Encoder out;
  for (std::size_t i = 0; i < times.size();) {
    std::size_t end = i;
    while (end < times.size() && times[end] == times[i]) ++end;
    out.number(end - i);
    out.number(static_cast<std::uint64_t>(times[i]));
    i = end;
  }
  return out.take();
}

std::vector<UnixTime> unpacked_times(std::string_view bytes, std::size_t rows) {
  std::vector<UnixTime> out;
  Decoder in(bytes);
  while (in.ok() && !in.done() && out.size() < rows) {
    const std::uint64_t n = in.number();
    const auto time = static_cast<UnixTime>(in.number());
    out.insert(out.end(), std::min<std::uint64_t>(n, rows - out.size()), time);
  }
  out.resize(rows, 0);
  return out;
}

/// One commit: the statements and the sums of a transaction.
class Commit {
 public:
  Commit(Connection& connection, Staging& staging, const std::set<std::string, std::less<>>& completed,
         const std::unordered_set<std::string>& records, UnixTime at)
      : db_(connection), staging_(staging), completed_(completed), records_(records), at_(at) {}

  Result<> run(std::string_view feed, std::string_view origin, bool allow_shrink, ImportSummary& summary) {
    ECLAIR_CHECK_OK(prepare());
    ECLAIR_CHECK_OK(load_feed(feed, origin));
    ECLAIR_CHECK_OK(load_namespaces());
    ECLAIR_CHECK_OK(walk_groups());
    ECLAIR_CHECK_OK(guard(feed, allow_shrink));
    ECLAIR_CHECK_OK(write_mentions());
    ECLAIR_CHECK_OK(write_vulnerabilities());
    ECLAIR_CHECK_OK(finish_feed(origin));
    summary.rows = staged_rows_;
    summary.added = added_;
    summary.changed = changed_;
    summary.closed = closed_;
    summary.unchanged = !changed_any_;
    summary.snapshot = snapshot_;
    return {};
  }

 private:
  using Row = Staging::Rows::Row;

  struct Space {
    std::string name;
    std::int64_t id = 0;
    std::int64_t old_rows = 0, rows = 0;
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
    ECLAIR_TRY(list_packages_, db_.prepare("SELECT name, content FROM package WHERE feed=?1 AND namespace=?2 ORDER BY name"));
    ECLAIR_TRY(get_package_, db_.prepare("SELECT content, opened FROM package WHERE feed=?1 AND namespace=?2 AND name=?3"));
    ECLAIR_TRY(put_package_, db_.prepare("INSERT OR REPLACE INTO package(feed, namespace, name, content, opened) VALUES(?1,?2,?3,?4,?5)"));
    ECLAIR_TRY(drop_package_, db_.prepare("DELETE FROM package WHERE feed=?1 AND namespace=?2 AND name=?3"));
    ECLAIR_TRY(get_chunks_, db_.prepare("SELECT rows FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 ORDER BY seq"));
    ECLAIR_TRY(put_chunk_, db_.prepare("INSERT OR REPLACE INTO chunk(feed, namespace, package, seq, rows) VALUES(?1,?2,?3,?4,?5)"));
    ECLAIR_TRY(cut_chunks_, db_.prepare("DELETE FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 AND seq>=?4"));
    ECLAIR_TRY(put_history_, db_.prepare("INSERT INTO history(feed, namespace, package, opened, closed, row) VALUES(?1,?2,?3,?4,?5,?6)"));
    return {};
  }

  /// Into the tables of names and vulnerabilities. A fresh feed has nothing there to look for and replace.
  std::string_view insert() const { return fresh_ ? "INSERT" : "INSERT OR REPLACE"; }

  Result<> load_feed(std::string_view feed, std::string_view origin) {
    ECLAIR_TRY(auto get, db_.prepare("SELECT id, content_sum, rows, vulnerabilities, snapshot FROM feed WHERE name=?1"));
    ECLAIR_TRY(const bool there, get.text(1, feed).step());
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
                                     "VALUES(?1, ?2, ?3, 0, '', x'', 0, 0)"));
    ECLAIR_CHECK_OK(put.text(1, feed).text(2, origin).number(3, at_).run());
    feed_ = db_.last_id();
    changed_any_ = true;
    return {};
  }

  Result<Space*> space(std::string_view name) {
    const auto found = spaces_.find(name);
    if (found != spaces_.end()) return &found->second;
    Space made;
    made.name = name;
    made.completed = completed_.find(name) != completed_.end();
    ECLAIR_TRY(auto get, db_.prepare("SELECT n.id, f.rows FROM namespace n LEFT JOIN feed_namespace f ON f.namespace=n.id AND f.feed=?2 WHERE n.name=?1"));
    ECLAIR_TRY(const bool there, get.text(1, name).number(2, feed_).step());
    if (there) {
      made.id = get.number_at(0);
      made.known = !get.null_at(1);
      made.old_rows = made.rows = get.number_at(1);
      get.reset();
    } else {
      ECLAIR_TRY(auto put, db_.prepare("INSERT INTO namespace(name) VALUES(?1)"));
      ECLAIR_CHECK_OK(put.text(1, name).run());
      made.id = db_.last_id();
    }
    return &spaces_.emplace(std::string(name), std::move(made)).first->second;
  }

  Result<> load_namespaces() {
    for (const std::string& name : completed_) ECLAIR_CHECK_OK(space(name));
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

  Result<> walk_groups() {
    // Records told anew may have left a package of a namespace that this import does not complete.
    std::set<std::pair<std::string, std::string>> left;
    ECLAIR_TRY(left, left_groups());
    const std::vector<Staging::Group>& groups = staging_.groups();
    Staging::Rows rows;
    std::size_t g = 0;
    // By name, which is the order of the groups; namespaces without a group come too.
    for (auto& [name, where] : spaces_) {
      ECLAIR_TRY(const std::vector<StoredPackage> stored, stored_packages(where));
      std::size_t s = 0;
      for (; g < groups.size() && staging_.namespaces.name(groups[g].name_space) == name; ++g) {
        const std::uint32_t id = groups[g].package;
        const std::string_view package = staging_.packages.name(id);
        for (; s < stored.size() && stored[s].name < package; ++s) ECLAIR_CHECK_OK(close_group(where, stored[s].name));
        std::string_view content;
        if (s < stored.size() && stored[s].name == package) content = stored[s++].content;
        ECLAIR_CHECK_OK(staging_.rows(groups[g], rows));
        staged_rows_ += rows.rows.size();
        left.erase({name, std::string(package)});
        ECLAIR_CHECK_OK(one_group(where, package, id, rows, content));
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
    if (fresh_ || records_.empty()) return out;
    ECLAIR_TRY(auto all, db_.prepare("SELECT n.id, n.name FROM feed_namespace f JOIN namespace n ON n.id=f.namespace WHERE f.feed=?1"));
    std::map<std::int64_t, std::string> open;
    ECLAIR_TRY(bool more, all.number(1, feed_).step());
    while (more) {
      if (completed_.find(all.text_at(1)) == completed_.end()) open.emplace(all.number_at(0), all.text_at(1));
      ECLAIR_TRY(more, all.step());
    }
    if (open.empty()) return out;
    ECLAIR_TRY(auto mentions, db_.prepare("SELECT package, namespaces FROM mention WHERE id=?1 AND feed=?2"));
    for (const std::string& record : records_) {
      ECLAIR_TRY(more, mentions.text(1, record).number(2, feed_).step());
      while (more) {
        for (const std::int64_t id : unpacked_numbers(mentions.text_at(1))) {
          if (const auto name = open.find(id); name != open.end()) out.emplace(name->second, mentions.text_at(0));
        }
        ECLAIR_TRY(more, mentions.step());
      }
    }
    return out;
  }

  /// No row of the package came.
  Result<> close_group(Space& where, const std::string& package) {
    Staging::Rows none;
    return one_group(where, package, staging_.packages.id(package), none, {});
  }

  ContentSum::Piece content_of(const Space& where, std::string_view package, const std::vector<Row>& rows) {
    std::vector<std::string_view> parts = {"rows", where.name, package};
    parts.reserve(rows.size() + 4);
    for (const Row& row : rows) parts.push_back(row.bytes);
    return ContentSum::of(std::move(parts));
  }

  Result<> load_old(const Space& where, std::string_view package, Old& old) {
    ECLAIR_TRY(const bool there, get_package_.number(1, feed_).number(2, where.id).text(3, package).step());
    if (!there) return {};
    old.content = get_package_.text_at(0);
    const std::string opened(get_package_.text_at(1));
    get_package_.reset();
    ECLAIR_TRY(bool more, get_chunks_.number(1, feed_).number(2, where.id).text(3, package).step());
    while (more) {
      old.chunks.emplace_back(get_chunks_.text_at(0));
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
      if (records_.count(std::string(record_of(names))) > 0) continue;
      take_over(row, names, rows);
    }
    std::sort(rows.rows.begin(), rows.rows.end(), [](const Row& a, const Row& b) { return row_before(a.bytes, b.bytes); });
  }

  /// stored_content: of a completed namespace, the content hash that the store has for the package; "" = none.
  Result<> one_group(Space& where, std::string_view package, std::uint32_t package_id, Staging::Rows& staged, std::string_view stored_content) {
    Old old;  // `staged` may come to hold views into it
    ContentSum::Piece content{};
    if (where.completed) {
      content = content_of(where, package, staged.rows);
      if (stored_content == std::string_view(content.data(), content.size())) return {};
    }
    if (where.known) ECLAIR_CHECK_OK(load_old(where, package, old));
    if (!where.completed) {
      keep_untouched(old, staged);
      content = content_of(where, package, staged.rows);
      if (old.content == std::string_view(content.data(), content.size())) {
        staged.clear();
        return {};
      }
    }
    const std::vector<Row>& rows = staged.rows;
    if (rows.empty() && old.rows.empty()) return {};
    changed_any_ = true;

    std::vector<UnixTime> opened(rows.size(), at_);
    if (old.rows.empty()) {
      added_ += rows.size();
      for (const Row& row : rows) ++change_of(row.vulnerability);
    } else {
      ECLAIR_CHECK_OK(compare(where, package, rows, old, opened));
    }
    ECLAIR_CHECK_OK(write_group(where, package, rows, old, opened, content));
    note_names(where, package_id, staged, old);

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
    for (const std::size_t i : gone) {
      const std::string one = pack_rows({old.rows[i]}).front();
      ECLAIR_CHECK_OK(put_history_.number(1, feed_).number(2, where.id).text(3, package).number(4, old.opened[i]).number(5, at_).blob(6, one).run());
    }
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
        --change_of(staging_.ids.id(a.vulnerability));
        ++g;
      } else if (g == gone.size() || of_b < of_a) {
        ++added_;
        ++change_of(rows[come[c]].vulnerability);
        ++c;
      } else {
        ++changed_;
        ++g;
        ++c;
      }
    }
  }

  std::int64_t& change_of(std::uint32_t id) {
    if (id >= changes_.size()) changes_.resize(std::max<std::size_t>(id + 1, staging_.ids.size()));
    return changes_[id];
  }

  Result<> write_group(const Space& where, std::string_view package, const std::vector<Row>& rows, const Old& old,
                       const std::vector<UnixTime>& opened, const ContentSum::Piece& content) {
    std::vector<std::string_view> bytes;
    bytes.reserve(rows.size());
    for (const Row& row : rows) bytes.push_back(row.bytes);
    const std::vector<std::string> chunks = pack_rows(bytes);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (i < old.chunks.size() && old.chunks[i] == chunks[i]) continue;
      ECLAIR_CHECK_OK(put_chunk_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(i)).blob(5, chunks[i]).run());
    }
    if (old.chunks.size() > chunks.size()) {
      ECLAIR_CHECK_OK(cut_chunks_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(chunks.size())).run());
    }
    if (rows.empty()) return drop_package_.number(1, feed_).number(2, where.id).text(3, package).run();
    const std::string times = packed_times(opened);
    return put_package_.number(1, feed_).number(2, where.id).text(3, package).blob(4, {content.data(), content.size()}).blob(5, times).run();
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
      while (b < before.size() && before[b] < id) mentions_.push_back({key_of(before[b++], package), space, false});
      if (b < before.size() && before[b] == id) {
        ++b;
      } else {
        mentions_.push_back({key_of(id, package), space, true});
      }
    }
    while (b < before.size()) mentions_.push_back({key_of(before[b++], package), space, false});
  }

  Result<> guard(std::string_view feed, bool allow_shrink) {
    if (allow_shrink) return {};
    for (const auto& [name, space] : spaces_) {
      if (!space.completed || space.old_rows <= 0) continue;
      if (static_cast<std::uint64_t>(space.rows) * 100 >= static_cast<std::uint64_t>(space.old_rows) * kKeptPercent) continue;
      return fail(Errc::conflict, std::string(feed) + ": the import would leave " + std::to_string(space.rows) + " of " + std::to_string(space.old_rows) +
                                      " rows of " + text::quoted(name) + ", which is less than " + std::to_string(kKeptPercent) + " %");
    }
    return {};
  }

  Result<> write_mentions() {
    ranks_ = staging_.ids.ranks();
    const std::vector<std::uint32_t> of_package = staging_.packages.ranks();
    for (Mention& one : mentions_) one.key = key_of(ranks_[one.key >> 32], of_package[one.key & 0xffffffff]);
    std::sort(mentions_.begin(), mentions_.end(), [](const Mention& a, const Mention& b) { return a.key < b.key; });
    const std::vector<std::uint32_t> ids = inverse(ranks_), packages = inverse(of_package);
    ECLAIR_TRY(auto get, db_.prepare("SELECT namespaces FROM mention WHERE id=?1 AND feed=?2 AND package=?3"));
    ECLAIR_TRY(auto put, db_.prepare(std::string(insert()) + " INTO mention(id, feed, package, namespaces) VALUES(?1,?2,?3,?4)"));
    ECLAIR_TRY(auto drop, db_.prepare("DELETE FROM mention WHERE id=?1 AND feed=?2 AND package=?3"));
    std::vector<std::int64_t> spaces;
    for (std::size_t i = 0; i < mentions_.size();) {
      const std::uint64_t key = mentions_[i].key;
      const std::string_view id = staging_.ids.name(ids[key >> 32]), package = staging_.packages.name(packages[key & 0xffffffff]);
      spaces.clear();
      if (!fresh_) {
        ECLAIR_TRY(const bool there, get.text(1, id).number(2, feed_).text(3, package).step());
        if (there) {
          spaces = unpacked_numbers(get.text_at(0));
          get.reset();
        }
      }
      const bool was_there = !spaces.empty();
      for (; i < mentions_.size() && mentions_[i].key == key; ++i) {
        const Mention& one = mentions_[i];
        const auto at = std::lower_bound(spaces.begin(), spaces.end(), one.name_space);
        const bool has = at != spaces.end() && *at == one.name_space;
        if (one.added && !has) spaces.insert(at, one.name_space);
        if (!one.added && has) spaces.erase(at);
      }
      if (!spaces.empty()) {
        const std::string packed = packed_numbers(spaces);
        ECLAIR_CHECK_OK(put.text(1, id).number(2, feed_).text(3, package).blob(4, packed).run());
      } else if (was_there) {
        ECLAIR_CHECK_OK(drop.text(1, id).number(2, feed_).text(3, package).run());
      }
    }
    return {};
  }

  static ContentSum::Piece text_piece(std::string_view id, std::string_view text) { return ContentSum::of({"text", id, text}); }

  /// Whose number of rows changed, or who came with a text: sorted by name.
  struct Touched {
    std::uint32_t rank = 0, id = 0;
    std::size_t text = kNoText;  ///< index into Staging::texts()
    static constexpr std::size_t kNoText = static_cast<std::size_t>(-1);
  };
  std::vector<Touched> touched() {
    std::vector<Touched> out;
    const std::vector<std::uint32_t>& texts = staging_.texts();
    std::vector<bool> has_text(staging_.ids.size());
    for (std::size_t t = 0; t < texts.size(); ++t) {
      has_text[texts[t]] = true;
      out.push_back({ranks_[texts[t]], texts[t], t});
    }
    for (std::uint32_t id = 0; id < changes_.size(); ++id) {
      if (changes_[id] != 0 && !has_text[id]) out.push_back({ranks_[id], id});
    }
    std::sort(out.begin(), out.end(), [](const Touched& a, const Touched& b) { return a.rank < b.rank; });
    return out;
  }

  Result<> write_vulnerabilities() {
    ECLAIR_TRY(auto get, db_.prepare("SELECT rows, text FROM vulnerability WHERE feed=?1 AND id=?2"));
    ECLAIR_TRY(auto put, db_.prepare(std::string(insert()) + " INTO vulnerability(feed, id, rows, text) VALUES(?1,?2,?3,?4)"));
    ECLAIR_TRY(auto drop, db_.prepare("DELETE FROM vulnerability WHERE feed=?1 AND id=?2"));
    for (const Touched& one : touched()) {
      const std::string_view id = staging_.ids.name(one.id);
      const std::int64_t change = one.id < changes_.size() ? changes_[one.id] : 0;
      const bool has_text = one.text != Touched::kNoText;
      std::int64_t rows = change;
      std::string before;
      bool had = false, had_text = false;
      if (!fresh_) {
        ECLAIR_TRY(had, get.number(1, feed_).text(2, id).step());
        if (had) {
          rows += get.number_at(0);
          had_text = !get.null_at(1);
          before = get.text_at(1);
          get.reset();
        }
      }
      std::string after;
      const bool keeps_text = rows > 0 && (has_text || had_text);
      if (has_text && rows > 0) {
        ECLAIR_TRY(after, staging_.joined_text(one.text));
      } else {
        after = before;
      }
      const bool text_changed = keeps_text != had_text || (keeps_text && after != before);
      if (had_text && text_changed) sum_.subtract(text_piece(id, before));
      if (keeps_text && text_changed) sum_.add(text_piece(id, after));
      if (rows <= 0 && had) {
        ECLAIR_CHECK_OK(drop.number(1, feed_).text(2, id).run());
        --vulnerabilities_;
        changed_any_ = true;
      } else if (rows > 0 && (change != 0 || text_changed)) {
        put.number(1, feed_).text(2, id).number(3, rows);
        if (keeps_text) {
          put.blob(4, after);
        } else {
          put.null(4);
        }
        ECLAIR_CHECK_OK(put.run());
        if (!had) ++vulnerabilities_;
        changed_any_ = true;
      }
    }
    return {};
  }

  Result<> finish_feed(std::string_view origin) {
    ECLAIR_TRY(auto put_space, db_.prepare("INSERT OR REPLACE INTO feed_namespace(feed, namespace, rows) VALUES(?1,?2,?3)"));
    for (const auto& [name, space] : spaces_) {
      // A completed namespace without a row is known all the same: "nothing is known against it" is an answer.
      if (space.known ? space.rows == space.old_rows : (space.rows == 0 && !space.completed)) continue;
      ECLAIR_CHECK_OK(put_space.number(1, feed_).number(2, space.id).number(3, space.rows).run());
      changed_any_ = true;
    }
    if (!changed_any_) {
      ECLAIR_TRY(auto touch, db_.prepare("UPDATE feed SET fetched_at=?2, origin=?3 WHERE id=?1"));
      return touch.number(1, feed_).number(2, at_).text(3, origin).run();
    }
    snapshot_ = sum_.id();
    const std::string stored = sum_.stored();
    ECLAIR_TRY(auto put, db_.prepare("UPDATE feed SET fetched_at=?2, origin=?3, snapshot=?4, content_sum=?5, rows=?6, vulnerabilities=?7 WHERE id=?1"));
    return put.number(1, feed_).number(2, at_).text(3, origin).text(4, snapshot_).blob(5, stored).number(6, rows_).number(7, vulnerabilities_).run();
  }

  Connection& db_;
  Staging& staging_;
  const std::set<std::string, std::less<>>& completed_;
  const std::unordered_set<std::string>& records_;
  const UnixTime at_;
  Statement list_packages_, get_package_, put_package_, drop_package_, get_chunks_, put_chunk_, cut_chunks_, put_history_;

  std::int64_t feed_ = 0, rows_ = 0, vulnerabilities_ = 0;
  bool fresh_ = true;         ///< the feed has no rows yet: nothing to look up
  bool changed_any_ = false;
  ContentSum sum_;
  std::string snapshot_;
  std::map<std::string, Space, std::less<>> spaces_;
  std::uint64_t staged_rows_ = 0, added_ = 0, changed_ = 0, closed_ = 0;
  std::vector<Mention> mentions_;
  std::vector<std::int64_t> changes_;  ///< by id: how many more open rows have it as their first id
  std::vector<std::uint32_t> ranks_;   ///< of all ids, once no more come
};

class SqliteImport final : public AdvisoryStore::Import {
 public:
  SqliteImport(std::string folder, std::string feed, std::string origin, UnixTime at, std::function<void()> committed)
      : folder_(std::move(folder)), feed_(std::move(feed)), origin_(std::move(origin)), at_(at), committed_(std::move(committed)) {}

  Result<> advisory(std::string_view name_space, std::string_view package, Advisory row) override {
    if (name_space.empty() || package.empty() || row.vulnerability.empty()) {
      bad_record(feed_ + ": a row without namespace, package or vulnerability");
      return {};
    }
    Encoder out;
    encode(row, out);
    if (out.bytes().size() > kMaxRowBytes) {
      bad_record(feed_ + ": " + text::quoted(package) + " " + text::quoted(row.vulnerability) + ": takes " + std::to_string(out.bytes().size()) +
                 " bytes, more than the limit of " + std::to_string(kMaxRowBytes));
      return {};
    }
    return staging_.row(name_space, package, row, out.bytes());
  }
  Result<> vulnerability(VulnerabilityText text) override { return text.id.empty() ? Result<>{} : staging_.text(text); }
  void complete(std::string_view name_space) override { completed_.emplace(name_space); }
  Result<> remove(std::string_view record) override {
    records_.emplace(record);
    return {};
  }
  void bad_record(std::string message) override {
    ++bad_;
    if (shown_.size() < kShownBad) shown_.push_back(std::move(message));
  }

  Result<ImportSummary> commit(bool allow_shrink) override {
    ImportSummary summary;
    if (std::exchange(done_, true)) return fail(Errc::internal, "an import is committed twice");
    ECLAIR_CHECK_OK(staging_.finish());
    ECLAIR_TRY(auto connection, open_database(folder_, "advisories.db", kAdvisoryMigrations));
    {
      ECLAIR_TRY(auto transaction, Transaction::begin(connection));
      Commit commit(connection, staging_, completed_, records_, at_);
      ECLAIR_CHECK_OK(commit.run(feed_, origin_, allow_shrink, summary));
      ECLAIR_CHECK_OK(transaction.commit());
    }
    committed_();
    connection.checkpoint();
    summary.vulnerabilities = staging_.vulnerabilities();
    summary.bad_records = bad_;
    summary.bad = shown_;
    return summary;
  }

 private:
  const std::string folder_, feed_, origin_;
  const UnixTime at_;
  std::function<void()> committed_;
  Staging staging_;
  std::set<std::string, std::less<>> completed_;
  std::unordered_set<std::string> records_;
  std::uint64_t bad_ = 0;
  std::vector<std::string> shown_;
  bool done_ = false;
};

}  // namespace advisory_import_detail

std::unique_ptr<AdvisoryStore::Import> make_import(std::string folder, std::string feed, std::string origin, UnixTime at,
                                                   std::function<void()> committed) {
  return std::make_unique<advisory_import_detail::SqliteImport>(std::move(folder), std::move(feed), std::move(origin), at, std::move(committed));
}

}  // namespace eclair::store::sqlite
