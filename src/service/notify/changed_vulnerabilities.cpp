// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/notify/changed_vulnerabilities.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "match/classic_names.h"
#include "match/judge.h"
#include "service/classic/told_vulnerability.h"

// The store keeps of each change what it takes to undo it. So the state before is today's with the changes undone, the last one first: exact
// whatever clocks say, and however many imports came since the last look.
namespace eclair::service {
namespace changed_vulnerabilities_detail {

constexpr std::size_t kPage = 1000;

using Key = std::pair<std::string, std::string>;  ///< namespace, name of the vulnerability

/// The changes that each vulnerability had, by number. They are read again when its turn comes: an import may change all that a feed says.
struct Touched {
  std::map<Key, std::vector<std::int64_t>> changes;
  std::vector<Key> order;
  std::map<std::string, std::vector<std::int64_t>> rated;  ///< by sources that speak of no namespace

  void add(std::string_view name_space, std::string_view name, std::int64_t change) {
    if (name.empty() || !match::has_classic_name(name_space)) return;
    Key key{name_space, name};
    const auto [at, fresh] = changes.try_emplace(key);
    if (fresh) order.push_back(std::move(key));
    if (at->second.empty() || at->second.back() != change) at->second.push_back(change);
  }
};

void note(const store::Change& change, Touched& to) {
  if (change.package.empty()) {
    if (change.name_space == kVulnerabilitySpace) {
      to.rated[change.vulnerability].push_back(change.id);
      return;
    }
    std::string_view name = change.vulnerability;
    const std::string prefix = given_record(change.name_space, "");
    if (change.feed == kGivenFeed && name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
    to.add(change.name_space, name, change.id);
    return;
  }
  for (const auto* rows : {&change.gone, &change.come}) {
    for (const Advisory& row : *rows) {
      const bool marker = change.feed == kGivenFeed && change.package == kGivenPackage;
      if (!marker) {
        to.add(change.name_space, match::main_name(row), change.id);
      } else if (!row.references.empty()) {
        to.add(change.name_space, row.references.front(), change.id);
      }
    }
  }
}

/// Where a rating of no namespace counts: wherever the vulnerability is known and nobody there rates it.
Result<> spread_ratings(store::AdvisoryStore& store, Touched& to) {
  for (const auto& [name, changes] : to.rated) {
    ECLAIR_TRY(const std::vector<store::AdvisoryRow> rows, store.search({.id = name}));
    std::set<std::string> spaces;
    for (const store::AdvisoryRow& row : rows) {
      if (match::main_name(row.advisory) == name) spaces.insert(row.name_space);
    }
    for (const std::string& space : spaces) {
      for (const std::int64_t change : changes) to.add(space, name, change);
    }
  }
  return {};
}

/// Rows and texts as they were.
struct Past {
  std::vector<store::AdvisoryRow> rows;
  std::map<std::pair<std::string, std::string>, VulnerabilityText> texts;  ///< by feed and id: ratings, or of clients the whole text
  bool given = false;  ///< clients changed something

  void undo(const store::Change& change, const std::string& name_space) {
    given = given || change.feed == kGivenFeed;
    if (change.package.empty()) {
      texts[{change.feed, change.vulnerability}] = change.text_before;
      return;
    }
    for (const Advisory& come : change.come) {
      const auto is_it = [&](const store::AdvisoryRow& row) { return row.feed == change.feed && row.package == change.package && row.advisory == come; };
      if (const auto at = std::find_if(rows.begin(), rows.end(), is_it); at != rows.end()) rows.erase(at);
    }
    for (const Advisory& gone : change.gone) rows.push_back({change.feed, name_space, change.package, gone});
  }
};

Result<store::Change> change_of(store::AdvisoryStore& store, std::int64_t id) {
  ECLAIR_TRY(std::vector<store::Change> found, store.changes(id - 1, 1));
  if (found.empty() || found.front().id != id) return fail(Errc::unavailable, "a change that was there is gone");
  return std::move(found.front());
}

Result<std::optional<NotificationContent::Side>> side(const Key& key, std::vector<store::AdvisoryRow> rows, const TextOf& text) {
  auto told = told_vulnerability(key.first, key.second, rows);
  if (!told) return std::nullopt;
  NotificationContent::Side out;
  ECLAIR_TRY(out.vulnerability, with_texts(*std::move(told), text));
  out.rows = std::move(rows);
  return out;
}

bool alike(const Vulnerability& a, const Vulnerability& b, bool given) {
  if (a.severity != b.severity || a.severity_word != b.severity_word || a.fixes != b.fixes) return false;
  return !given || (a.description == b.description && a.link == b.link && a.metadata == b.metadata);
}

/// nullopt: nobody can see a difference.
Result<std::optional<NotificationContent>> content(store::AdvisoryStore& store, const Key& key, const std::vector<std::int64_t>& changes) {
  NotificationContent out;
  out.name_space = key.first;
  out.vulnerability = key.second;
  ECLAIR_TRY(std::vector<store::AdvisoryRow> rows, store.search({.id = key.second, .name_space = key.first}));
  Past past;
  past.rows = rows;
  for (auto id = changes.rbegin(); id != changes.rend(); ++id) {
    ECLAIR_TRY(const store::Change change, change_of(store, *id));
    past.undo(change, key.first);
  }
  const TextOf text_now = [&](std::string_view feed, std::string_view id) { return store.text(feed, id); };
  const TextOf text_then = [&](std::string_view feed, std::string_view id) -> Result<std::optional<VulnerabilityText>> {
    ECLAIR_TRY(std::optional<VulnerabilityText> now, store.text(feed, id));
    const auto then = past.texts.find({std::string(feed), std::string(id)});
    if (then == past.texts.end()) return now;
    if (feed == kGivenFeed || !now) return then->second;
    now->severity = then->second.severity;
    now->cvss = then->second.cvss;
    return now;
  };
  ECLAIR_TRY(out.before, side(key, std::move(past.rows), text_then));
  ECLAIR_TRY(out.after, side(key, std::move(rows), text_now));
  if (!out.before && !out.after) return std::nullopt;
  if (out.before && out.after && alike(out.before->vulnerability, out.after->vulnerability, past.given)) return std::nullopt;
  return out;
}

}  // namespace changed_vulnerabilities_detail

Result<ChangedVulnerabilities> changed_since(store::AdvisoryStore& store, std::int64_t after) {
  using namespace changed_vulnerabilities_detail;
  ChangedVulnerabilities out;
  out.last = after;
  Touched touched;
  while (true) {
    ECLAIR_TRY(const std::vector<store::Change> page, store.changes(out.last, kPage));
    for (const store::Change& one : page) note(one, touched);
    if (!page.empty()) out.last = page.back().id;
    if (page.size() < kPage) break;
  }
  ECLAIR_CHECK_OK(spread_ratings(store, touched));
  for (const Key& key : touched.order) {
    std::vector<std::int64_t>& changes = touched.changes[key];
    std::sort(changes.begin(), changes.end());
    ECLAIR_TRY(std::optional<NotificationContent> one, content(store, key, changes));
    if (one) out.all.push_back(*std::move(one));
  }
  return out;
}

}  // namespace eclair::service
