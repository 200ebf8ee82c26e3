// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "store/sql/advisory_names.h"

#include <algorithm>
#include <future>
#include <set>

#include "model/advisory.h"
#include "store/sql/places.h"
#include "util/bytes.h"

namespace eclair::store::sql {
namespace advisory_names_detail {

constexpr std::size_t kBatchNames = 1024;  // worked out on another thread while the batch before is written

std::uint64_t key_of(std::uint32_t id, std::uint32_t package) { return static_cast<std::uint64_t>(id) << 32 | package; }

/// From ranks back to ids.
std::vector<std::uint32_t> inverse(const std::vector<std::uint32_t>& ranks) {
  std::vector<std::uint32_t> out(ranks.size());
  for (std::uint32_t id = 0; id < ranks.size(); ++id) out[ranks[id]] = id;
  return out;
}

ContentSum::Piece text_piece(std::string_view id, std::string_view text) { return ContentSum::of({"text", id, text}); }

}  // namespace advisory_names_detail
using namespace advisory_names_detail;

void NameWriter::mention(std::uint32_t name, std::uint32_t package, std::uint32_t name_space, bool added) {
  mentions_.push_back({key_of(name, package), name_space, added});
}

std::int64_t& NameWriter::rows_of(std::uint32_t name) {
  if (name >= changes_.size()) changes_.resize(std::max<std::size_t>(name + 1, staging_.ids.size()));
  return changes_[name];
}

/// The mentions [begin, end) of a name that is new, so that all of them came: pack_places() of them, without making Places.
std::string NameWriter::first_places(std::size_t begin, std::size_t end) {
  encoder_.clear();
  while (begin < end) {
    const std::uint64_t key = mentions_[begin].key;
    std::size_t last = begin;
    while (last < end && mentions_[last].key == key) ++last;
    encoder_.text(staging_.packages.name(by_package_rank_[key & 0xffffffff]));
    encoder_.number(last - begin);
    for (; begin < last; ++begin) encoder_.number(mentions_[begin].name_space);
  }
  return encoder_.bytes();
}

/// The mentions [begin, end) of one name, applied to where it was spoken of before.
std::string NameWriter::moved(std::size_t begin, std::size_t end, std::string_view before) {
  const auto is_added = [](const Mention& one) { return one.added; };
  const auto first = mentions_.begin() + static_cast<std::ptrdiff_t>(begin), last = mentions_.begin() + static_cast<std::ptrdiff_t>(end);
  if (before.empty() && std::all_of(first, last, is_added)) return first_places(begin, end);
  std::vector<Place> places = unpack_places(before);
  std::size_t p = 0;  // both are sorted by package
  for (std::size_t i = begin; i < end; ++i) {
    const std::string_view package = staging_.packages.name(by_package_rank_[mentions_[i].key & 0xffffffff]);
    while (p < places.size() && places[p].package < package) ++p;
    if (p == places.size() || places[p].package != package) places.insert(places.begin() + static_cast<std::ptrdiff_t>(p), {std::string(package), {}});
    std::vector<std::int64_t>& spaces = places[p].namespaces;
    const std::int64_t space = mentions_[i].name_space;
    const auto at = std::lower_bound(spaces.begin(), spaces.end(), space);
    const bool has = at != spaces.end() && *at == space;
    if (mentions_[i].added && !has) spaces.insert(at, space);
    if (!mentions_[i].added && has) spaces.erase(at);
  }
  places.erase(std::remove_if(places.begin(), places.end(), [](const Place& one) { return one.namespaces.empty(); }), places.end());
  return pack_places(places);
}

/// What the store has of the names of at most kLookedUp works, which are in key order.
Result<std::vector<NameWriter::Name>> NameWriter::stored(const std::vector<Work>& works) {
  std::vector<Name> out(works.size());
  get_.number(1, feed_);
  for (std::size_t i = 0; i < kLookedUp; ++i) {
    const int parameter = static_cast<int>(i + 2);
    if (i < works.size()) get_.text(parameter, staging_.ids.name(works[i].id));
    else get_.null(parameter);
  }
  ECLAIR_TRY(bool more, get_.step());
  while (more) {
    const std::string_view id = get_.text_at(4);
    const auto work = std::lower_bound(works.begin(), works.end(), id, [&](const Work& one, std::string_view name) { return staging_.ids.name(one.id) < name; });
    Name& one = out[static_cast<std::size_t>(work - works.begin())];
    one.there = true;
    one.places = get_.text_at(0);
    one.rows = get_.number_at(1);
    one.has_text = !get_.null_at(2);
    one.text = get_.text_at(2);
    one.text_since = get_.number_at(3);
    ECLAIR_TRY(more, get_.step());
  }
  return out;
}

/// By name, package and namespace: put into the places of their names first, which leaves a few to sort for each.
void NameWriter::sort_mentions(const std::vector<std::uint32_t>& ranks, const std::vector<std::uint32_t>& of_package) {
  std::vector<std::uint32_t> ends(ranks.size() + 1);
  for (const Mention& one : mentions_) ++ends[ranks[one.key >> 32] + 1];
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<Mention> sorted(mentions_.size());
  for (const Mention& one : mentions_) {
    const std::uint32_t rank = ranks[one.key >> 32];
    sorted[ends[rank]++] = {key_of(rank, of_package[one.key & 0xffffffff]), one.name_space, one.added};
  }
  for (std::size_t i = 0, begin = 0; i < ranks.size(); begin = ends[i++]) {
    const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(begin), last = sorted.begin() + static_cast<std::ptrdiff_t>(ends[i]);
    std::sort(first, last, [](const Mention& a, const Mention& b) { return a.key != b.key ? a.key < b.key : a.name_space < b.name_space; });
  }
  mentions_ = std::move(sorted);
}

Result<> NameWriter::prepare(bool fresh) {
  std::string wanted = "?2";
  for (std::size_t i = 1; i < kLookedUp; ++i) wanted += ",?" + std::to_string(i + 2);
  ECLAIR_TRY(get_, db_.prepare("SELECT places, rows, text, text_since, id FROM name WHERE feed=?1 AND id IN (" + wanted + ")"));
  // A fresh feed has nothing there to look for and replace.
  ECLAIR_TRY(put_, db_.prepare(std::string("INSERT INTO name(id, feed, places, rows, text, text_since) VALUES(?1,?2,?3,?4,?5,?6)") +
                                (fresh ? "" : " ON CONFLICT (id, feed) DO UPDATE SET places=excluded.places, rows=excluded.rows, text=excluded.text, "
                                              "text_since=excluded.text_since")));
  ECLAIR_TRY(drop_, db_.prepare("DELETE FROM name WHERE id=?1 AND feed=?2"));
  ECLAIR_TRY(put_past_, db_.prepare("INSERT INTO past_text(id, feed, closed, opened, text) VALUES(?1,?2,?3,?4,?5) "
                                     "ON CONFLICT (id, feed, closed) DO UPDATE SET opened=excluded.opened, text=excluded.text"));
  return {};
}

Result<NameWriter::Outcome> NameWriter::write(std::int64_t feed, bool fresh, ContentSum& sum) {
  feed_ = feed;
  const std::vector<std::uint32_t> ranks = staging_.ranks(), of_package = staging_.packages.ranks(), by_rank = inverse(ranks);
  by_package_rank_ = inverse(of_package);
  sort_mentions(ranks, of_package);
  ECLAIR_CHECK_OK(prepare(fresh));
  changes_.resize(staging_.ids.size());
  Cursor at{by_rank, 0, 0, 0};
  if (!fresh) {
    while (true) {
      std::vector<Work> works;
      for (Work work; works.size() < kLookedUp && next(at, work);) works.push_back(std::move(work));
      if (works.empty()) return outcome_;
      ECLAIR_TRY(const std::vector<Name> before, stored(works));
      for (std::size_t i = 0; i < works.size(); ++i) {
        ECLAIR_CHECK_OK(work_out(before[i], works[i]));
        ECLAIR_CHECK_OK(write_one(before[i], works[i], sum));
      }
    }
  }
  // Nothing to look up: what is to be written is worked out on a thread of its own.
  const Name nothing;
  const auto next_batch = [&] {
    std::vector<Work> batch;
    for (Work work; batch.size() < kBatchNames && next(at, work);) batch.push_back(std::move(work));
    return batch;
  };
  const auto start = [&](std::vector<Work> batch) {
    return std::async(std::launch::async | std::launch::deferred, [&, held = std::move(batch)]() mutable -> Result<std::vector<Work>> {
      for (Work& work : held) ECLAIR_CHECK_OK(work_out(nothing, work));
      return std::move(held);
    });
  };
  for (auto coming = start(next_batch()); coming.valid();) {
    ECLAIR_TRY(const std::vector<Work> batch, coming.get());
    if (std::vector<Work> following = next_batch(); !following.empty()) coming = start(std::move(following));
    for (const Work& work : batch) ECLAIR_CHECK_OK(write_one(nothing, work, sum));
  }
  return outcome_;
}

/// The next name that something happened to; false: that was all.
bool NameWriter::next(Cursor& at, Work& work) const {
  const std::vector<std::uint32_t>& texts = staging_.texts();
  for (; at.rank < at.by_rank.size(); ++at.rank) {
    work = {};
    work.id = at.by_rank[at.rank];
    work.first_mention = at.mention;
    while (at.mention < mentions_.size() && mentions_[at.mention].key >> 32 == at.rank) ++at.mention;
    work.last_mention = at.mention;
    if (at.text < texts.size() && texts[at.text] == work.id) work.staged_text = at.text++;
    if (work.first_mention == work.last_mention && work.staged_text == kNoText && changes_[work.id] == 0) continue;
    ++at.rank;
    return true;
  }
  return false;
}

Result<> NameWriter::work_out(const Name& before, Work& work) {
  work.rows = before.rows + changes_[work.id];
  work.places = work.first_mention == work.last_mention ? before.places : moved(work.first_mention, work.last_mention, before.places);
  work.keeps_text = work.rows > 0 && (work.staged_text != kNoText || before.has_text);
  if (work.keeps_text && work.staged_text != kNoText) {
    ECLAIR_TRY(work.text, staging_.joined_text(work.staged_text));
  } else if (work.keeps_text) {
    work.text = before.text;
  }
  work.text_changed = work.keeps_text != before.has_text || work.text != before.text;
  if (work.keeps_text && work.text_changed) work.content = text_piece(staging_.ids.name(work.id), work.text);
  return {};
}

/// Scores that come anew every day would make the past larger than the present.
Result<> NameWriter::remember_text(std::string_view id, const Name& before) {
  Decoder in(before.text);
  if (const VulnerabilityText text = decode_vulnerability(in); !in.ok() || text.epss) return {};
  return put_past_.text(1, id).number(2, feed_).number(3, at_).number(4, before.text_since).blob(5, before.text).run();
}

Result<> NameWriter::note_text(const Name& before, const Work& work) {
  const auto decoded = [](std::string_view bytes) {
    Decoder in(bytes);
    return decode_vulnerability(in);
  };
  if (log_ == nullptr || !work.keeps_text) return {};  // where no row is left, rows went
  const VulnerabilityText was = before.has_text ? decoded(before.text) : VulnerabilityText{}, is = decoded(work.text);
  if (!whole_texts_ && rates_alike(was, is)) return {};
  const std::string_view name = staging_.ids.name(work.id);
  if (vulnerability_space_ != 0) return log_->text(vulnerability_space_, name, was, false);
  std::set<std::int64_t> spaces;  // what is new in a namespace is noted with its rows
  for (const Place& place : unpack_places(before.places)) spaces.insert(place.namespaces.begin(), place.namespaces.end());
  for (const std::int64_t space : spaces) ECLAIR_CHECK_OK(log_->text(space, name, was, whole_texts_));
  return {};
}

Result<> NameWriter::write_one(const Name& before, const Work& work, ContentSum& sum) {
  const std::string_view name = staging_.ids.name(work.id);
  if (before.has_text && work.text_changed) {
    sum.subtract(text_piece(name, before.text));
    ECLAIR_CHECK_OK(remember_text(name, before));
  }
  if (work.keeps_text && work.text_changed) sum.add(work.content);
  if (work.text_changed) ECLAIR_CHECK_OK(note_text(before, work));
  if (work.places == before.places && work.rows == before.rows && !work.text_changed) return {};
  outcome_.changed = true;
  outcome_.vulnerabilities += (work.rows > 0 ? 1 : 0) - (before.rows > 0 ? 1 : 0);
  if (work.places.empty()) return drop_.text(1, name).number(2, feed_).run();
  put_.text(1, name).number(2, feed_).blob(3, work.places).number(4, work.rows);
  if (work.keeps_text) {
    put_.blob(5, work.text).number(6, work.text_changed ? at_ : before.text_since);
  } else {
    put_.null(5).number(6, 0);
  }
  return put_.run();
}

}  // namespace eclair::store::sql
