// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite/advisory_import.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "store/content_sum.h"
#include "store/sqlite/advisory_schema.h"
#include "store/sqlite/connection.h"
#include "store/staging.h"
#include "util/text.h"

// How an import becomes the new state.
//
// Parsers bring rows in any order; a package's rows are stored together. So rows are staged (store/staging.h), and commit() walks the
// groups (namespace, package) in key order, which makes SQLite append to its trees instead of jumping in them. A group whose content
// hash is the stored one costs one look-up. For another, old and new rows are merged as sorted lists: what is on both sides keeps its
// opening time, what is gone goes to the history, what is new is open from now on. Names and vulnerabilities are collected as
// differences and written at the end, again in key order. Everything happens in one transaction under the write lock, after the
// whole input was understood.
namespace eclair::store::sqlite {
namespace advisory_import_detail {

constexpr std::size_t kShownBad = 10;
constexpr std::uint64_t kKeptPercent = 70;

struct Mention {
  std::uint32_t id = 0, package = 0;
  std::int64_t name_space = 0;
  bool added = false;
};

struct VulnerabilityChange {
  std::int64_t rows = 0;
};

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

/// The names under which a row is found, sorted, each once.
std::vector<std::string_view> mentioned(const std::vector<std::string_view>& rows) {
  std::vector<std::string_view> out;
  RowNames names;
  for (const std::string_view row : rows) {
    if (!row_names(row, names)) continue;
    out.push_back(names.vulnerability);
    if (!names.record.empty()) out.push_back(names.record);
    out.insert(out.end(), names.others.begin(), names.others.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// One commit: the statements and the sums of a transaction.
class Commit {
 public:
  Commit(Connection& connection, const Staging& staging, const std::set<std::string, std::less<>>& completed,
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

  Result<> prepare() {
    ECLAIR_TRY(get_content_, db_.prepare("SELECT content FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 AND seq=0"));
    ECLAIR_TRY(get_chunks_, db_.prepare("SELECT rows, content, opened FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 ORDER BY seq"));
    ECLAIR_TRY(put_chunk_, db_.prepare("INSERT OR REPLACE INTO chunk(feed, namespace, package, seq, rows, content, opened) VALUES(?1,?2,?3,?4,?5,?6,?7)"));
    ECLAIR_TRY(cut_chunks_, db_.prepare("DELETE FROM chunk WHERE feed=?1 AND namespace=?2 AND package=?3 AND seq>=?4"));
    ECLAIR_TRY(put_history_, db_.prepare("INSERT INTO history(feed, namespace, package, opened, closed, row) VALUES(?1,?2,?3,?4,?5,?6)"));
    return {};
  }

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
    for (std::uint32_t i = 0; i < staging_.namespaces().size(); ++i) ECLAIR_CHECK_OK(space(staging_.namespaces().name(i)));
    return {};
  }

  /// Packages whose rows may have to go although nothing of them came: by namespace.
  using Extra = std::map<std::string, std::set<std::string>, std::less<>>;

  Result<Extra> absent_groups() {
    Extra out;
    if (fresh_) return out;
    ECLAIR_TRY(auto stored, db_.prepare("SELECT package FROM chunk WHERE feed=?1 AND namespace=?2 AND seq=0"));
    for (auto& [name, space] : spaces_) {
      if (!space.completed || !space.known) continue;
      std::set<std::string>& packages = out[name];
      ECLAIR_TRY(bool more, stored.number(1, feed_).number(2, space.id).step());
      while (more) {
        packages.emplace_hint(packages.end(), stored.text_at(0));
        ECLAIR_TRY(more, stored.step());
      }
    }
    // Records told anew may have left a package, in namespaces that this import does not complete.
    ECLAIR_TRY(auto all, db_.prepare("SELECT n.id, n.name FROM feed_namespace f JOIN namespace n ON n.id=f.namespace WHERE f.feed=?1"));
    std::map<std::int64_t, std::string> open;
    ECLAIR_TRY(bool more, all.number(1, feed_).step());
    while (more) {
      if (completed_.find(all.text_at(1)) == completed_.end()) open.emplace(all.number_at(0), all.text_at(1));
      ECLAIR_TRY(more, all.step());
    }
    if (open.empty() || records_.empty()) return out;
    ECLAIR_TRY(auto mentions, db_.prepare("SELECT package, namespaces FROM mention WHERE id=?1 AND feed=?2"));
    for (const std::string& record : records_) {
      ECLAIR_TRY(more, mentions.text(1, record).number(2, feed_).step());
      while (more) {
        for (const std::int64_t id : unpacked_numbers(mentions.text_at(1))) {
          const auto name = open.find(id);
          if (name == open.end()) continue;
          ECLAIR_CHECK_OK(space(name->second));
          out[name->second].emplace(mentions.text_at(0));
        }
        ECLAIR_TRY(more, mentions.step());
      }
    }
    return out;
  }

  Result<> walk_groups() {
    ECLAIR_TRY(Extra absent, absent_groups());
    std::string held;
    std::vector<std::string_view> rows;
    for (const Staging::Group& group : staging_.groups()) {
      const std::string_view name = staging_.namespaces().name(group.name_space), package = staging_.packages().name(group.package);
      ECLAIR_TRY(Space * where, space(name));
      ECLAIR_CHECK_OK(staging_.rows(group, held, rows));
      staged_rows_ += rows.size();
      ECLAIR_CHECK_OK(one_group(*where, package, std::move(rows)));
      const auto of_space = absent.find(name);
      if (of_space != absent.end()) of_space->second.erase(std::string(package));
    }
    for (const auto& [name, packages] : absent) {
      ECLAIR_TRY(Space * where, space(name));
      for (const std::string& package : packages) ECLAIR_CHECK_OK(one_group(*where, package, {}));
    }
    return {};
  }

  ContentSum::Piece content_of(const Space& where, std::string_view package, const std::vector<std::string_view>& rows) {
    std::vector<std::string_view> parts = {"rows", where.name, package};
    parts.insert(parts.end(), rows.begin(), rows.end());
    return ContentSum::of(parts);
  }

  Result<> load_old(const Space& where, std::string_view package, Old& old) {
    ECLAIR_TRY(bool more, get_chunks_.number(1, feed_).number(2, where.id).text(3, package).step());
    std::string opened;
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

  /// In a namespace that is not completed, old rows stay unless their row, or their record, came anew.
  void keep_untouched(const Old& old, std::vector<std::string_view>& rows) {
    std::set<std::pair<std::string_view, std::string_view>> replaced;
    RowNames names;
    for (const std::string_view row : rows) {
      if (row_names(row, names)) replaced.emplace(names.vulnerability, names.record);
    }
    for (const std::string& row : old.rows) {
      if (!row_names(row, names)) continue;
      if (replaced.count({names.vulnerability, names.record}) > 0) continue;
      if (records_.count(std::string(record_of(names))) > 0) continue;
      rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), row_before);
  }

  Result<> one_group(Space& where, std::string_view package, std::vector<std::string_view> rows) {
    Old old;  // rows come to hold views into it
    if (where.known) {
      if (where.completed) {  // the quick way out: nothing to load
        const ContentSum::Piece content = content_of(where, package, rows);
        ECLAIR_TRY(const bool there, get_content_.number(1, feed_).number(2, where.id).text(3, package).step());
        const bool same = there && get_content_.text_at(0) == std::string_view(content.data(), content.size());
        if (there) get_content_.reset();
        if (same) return {};
      }
      ECLAIR_CHECK_OK(load_old(where, package, old));
      if (!where.completed) keep_untouched(old, rows);
    }
    const ContentSum::Piece content = content_of(where, package, rows);
    if (!old.content.empty() && old.content == std::string_view(content.data(), content.size())) return {};
    if (rows.empty() && old.rows.empty()) return {};
    changed_any_ = true;

    // Both lists are sorted.
    std::vector<UnixTime> opened(rows.size(), at_);
    std::vector<std::size_t> gone;
    std::vector<std::string_view> come;
    std::size_t o = 0;
    for (std::size_t n = 0; n < rows.size(); ++n) {
      while (o < old.rows.size() && row_before(old.rows[o], rows[n])) gone.push_back(o++);
      if (o < old.rows.size() && old.rows[o] == rows[n]) {
        opened[n] = old.opened[o++];
      } else {
        come.push_back(rows[n]);
      }
    }
    while (o < old.rows.size()) gone.push_back(o++);

    count(old, gone, come);
    for (const std::size_t i : gone) {
      const std::string one = pack_rows({old.rows[i]}).front();
      ECLAIR_CHECK_OK(put_history_.number(1, feed_).number(2, where.id).text(3, package).number(4, old.opened[i]).number(5, at_).blob(6, one).run());
    }
    ECLAIR_CHECK_OK(write_chunks(where, package, rows, old, opened, content));
    note_names(where, package, rows, old);

    if (!old.content.empty() && old.content.size() == content.size()) {
      ContentSum::Piece before{};
      std::copy(old.content.begin(), old.content.end(), before.begin());
      sum_.subtract(before);
    }
    if (!rows.empty()) sum_.add(content);
    const std::int64_t difference = static_cast<std::int64_t>(rows.size()) - static_cast<std::int64_t>(old.rows.size());
    where.rows += difference;
    rows_ += difference;
    return {};
  }

  /// A row that went and one that came under the same names are one change.
  void count(const Old& old, const std::vector<std::size_t>& gone, const std::vector<std::string_view>& come) {
    RowNames a, b;
    std::size_t g = 0, c = 0;
    while (g < gone.size() || c < come.size()) {
      if (g < gone.size()) row_names(old.rows[gone[g]], a);
      if (c < come.size()) row_names(come[c], b);
      const auto of_a = std::pair(a.vulnerability, a.record), of_b = std::pair(b.vulnerability, b.record);
      if (c == come.size() || (g < gone.size() && of_a < of_b)) {
        ++closed_;
        --changes_[names_.id(a.vulnerability)].rows;
        ++g;
      } else if (g == gone.size() || of_b < of_a) {
        ++added_;
        ++changes_[names_.id(b.vulnerability)].rows;
        ++c;
      } else {
        ++changed_;
        ++g;
        ++c;
      }
    }
  }

  Result<> write_chunks(const Space& where, std::string_view package, const std::vector<std::string_view>& rows, const Old& old,
                        const std::vector<UnixTime>& opened, const ContentSum::Piece& content) {
    const std::vector<std::string> chunks = pack_rows(rows);
    const std::string times = packed_times(opened);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      if (i > 0 && i < old.chunks.size() && old.chunks[i] == chunks[i]) continue;
      put_chunk_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(i)).blob(5, chunks[i]);
      if (i == 0) {
        put_chunk_.blob(6, {content.data(), content.size()}).blob(7, times);
      } else {
        put_chunk_.null(6).null(7);
      }
      ECLAIR_CHECK_OK(put_chunk_.run());
    }
    if (old.chunks.size() > chunks.size()) {
      ECLAIR_CHECK_OK(cut_chunks_.number(1, feed_).number(2, where.id).text(3, package).number(4, static_cast<std::int64_t>(chunks.size())).run());
    }
    return {};
  }

  void note_names(const Space& where, std::string_view package, const std::vector<std::string_view>& rows, const Old& old) {
    const std::vector<std::string_view> now = mentioned(rows), before = mentioned({old.rows.begin(), old.rows.end()});
    const std::uint32_t package_id = packages_.id(package);
    std::size_t b = 0;
    for (const std::string_view name : now) {
      while (b < before.size() && before[b] < name) mentions_.push_back({names_.id(before[b++]), package_id, where.id, false});
      if (b < before.size() && before[b] == name) {
        ++b;
      } else {
        mentions_.push_back({names_.id(name), package_id, where.id, true});
      }
    }
    while (b < before.size()) mentions_.push_back({names_.id(before[b++]), package_id, where.id, false});
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
    const std::vector<std::uint32_t> of_name = names_.ranks(), of_package = packages_.ranks();
    std::sort(mentions_.begin(), mentions_.end(), [&](const Mention& a, const Mention& b) {
      if (a.id != b.id) return of_name[a.id] < of_name[b.id];
      if (a.package != b.package) return of_package[a.package] < of_package[b.package];
      return a.name_space < b.name_space;
    });
    ECLAIR_TRY(auto get, db_.prepare("SELECT namespaces FROM mention WHERE id=?1 AND feed=?2 AND package=?3"));
    ECLAIR_TRY(auto put, db_.prepare("INSERT OR REPLACE INTO mention(id, feed, package, namespaces) VALUES(?1,?2,?3,?4)"));
    ECLAIR_TRY(auto drop, db_.prepare("DELETE FROM mention WHERE id=?1 AND feed=?2 AND package=?3"));
    for (std::size_t i = 0; i < mentions_.size();) {
      const std::string_view id = names_.name(mentions_[i].id), package = packages_.name(mentions_[i].package);
      std::vector<std::int64_t> spaces;
      if (!fresh_) {
        ECLAIR_TRY(const bool there, get.text(1, id).number(2, feed_).text(3, package).step());
        if (there) {
          spaces = unpacked_numbers(get.text_at(0));
          get.reset();
        }
      }
      const bool was_there = !spaces.empty();
      std::size_t end = i;
      for (; end < mentions_.size() && mentions_[end].id == mentions_[i].id && mentions_[end].package == mentions_[i].package; ++end) {
        const std::int64_t space = mentions_[end].name_space;
        const auto at = std::lower_bound(spaces.begin(), spaces.end(), space);
        const bool has = at != spaces.end() && *at == space;
        if (mentions_[end].added && !has) spaces.insert(at, space);
        if (!mentions_[end].added && has) spaces.erase(at);
      }
      if (!spaces.empty()) {
        const std::string packed = packed_numbers(spaces);
        ECLAIR_CHECK_OK(put.text(1, id).number(2, feed_).text(3, package).blob(4, packed).run());
      } else if (was_there) {
        ECLAIR_CHECK_OK(drop.text(1, id).number(2, feed_).text(3, package).run());
      }
      i = end;
    }
    return {};
  }

  static ContentSum::Piece text_piece(std::string_view id, std::string_view text) { return ContentSum::of({"text", id, text}); }

  Result<> write_vulnerabilities() {
    // What changed in number, and what has a text: both by id, sorted.
    std::vector<std::pair<std::string_view, std::int64_t>> changes;
    for (const auto& [id, change] : changes_) {
      if (change.rows != 0) changes.emplace_back(names_.name(id), change.rows);
    }
    std::sort(changes.begin(), changes.end());
    ECLAIR_TRY(auto get, db_.prepare("SELECT rows, text FROM vulnerability WHERE feed=?1 AND id=?2"));
    ECLAIR_TRY(auto put, db_.prepare("INSERT OR REPLACE INTO vulnerability(feed, id, rows, text) VALUES(?1,?2,?3,?4)"));
    ECLAIR_TRY(auto drop, db_.prepare("DELETE FROM vulnerability WHERE feed=?1 AND id=?2"));
    const std::vector<std::string_view>& texts = staging_.text_ids();
    std::size_t c = 0, t = 0;
    while (c < changes.size() || t < texts.size()) {
      const bool has_change = c < changes.size() && (t == texts.size() || changes[c].first <= texts[t]);
      const bool has_text = t < texts.size() && (c == changes.size() || texts[t] <= changes[c].first);
      const std::string_view id = has_change ? changes[c].first : texts[t];
      std::int64_t rows = has_change ? changes[c].second : 0;
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
      std::string after = before;
      const bool keeps_text = rows > 0 && (has_text || had_text);
      if (has_text && rows > 0) {
        ECLAIR_TRY(after, staging_.joined_text(t));
      }
      const bool text_changed = keeps_text != had_text || (keeps_text && after != before);
      if (had_text && text_changed) sum_.subtract(text_piece(id, before));
      if (keeps_text && text_changed) sum_.add(text_piece(id, after));
      if (rows <= 0 && had) {
        ECLAIR_CHECK_OK(drop.number(1, feed_).text(2, id).run());
        --vulnerabilities_;
        changed_any_ = true;
      } else if (rows > 0 && (has_change || text_changed)) {
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
      c += has_change ? 1 : 0;
      t += has_text ? 1 : 0;
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
  const Staging& staging_;
  const std::set<std::string, std::less<>>& completed_;
  const std::unordered_set<std::string>& records_;
  const UnixTime at_;
  Statement get_content_, get_chunks_, put_chunk_, cut_chunks_, put_history_;

  std::int64_t feed_ = 0, rows_ = 0, vulnerabilities_ = 0;
  bool fresh_ = true;         ///< the feed has no rows yet: nothing to look up
  bool changed_any_ = false;
  ContentSum sum_;
  std::string snapshot_;
  std::map<std::string, Space, std::less<>> spaces_;
  std::uint64_t staged_rows_ = 0, added_ = 0, changed_ = 0, closed_ = 0;
  Names names_, packages_;
  std::vector<Mention> mentions_;
  std::unordered_map<std::uint32_t, VulnerabilityChange> changes_;
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
    staging_.count_vulnerability(row.vulnerability);
    return staging_.row(name_space, package, out.bytes());
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
