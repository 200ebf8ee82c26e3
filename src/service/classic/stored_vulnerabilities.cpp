// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/stored_vulnerabilities.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "match/classic_names.h"
#include "match/judge.h"
#include "match/ruling.h"
#include "service/classic/told_vulnerability.h"
#include "service/classic/vulnerability_list.h"

namespace eclair::service {
namespace stored_vulnerabilities_detail {

using store::AdvisoryRow;
using store::AdvisoryStore;

/// A client's rows for a vulnerability of a namespace, by package; without the one that says that it is there.
using Rows = std::map<std::string, Advisory>;

Advisory row_of(const std::string& ours, const std::string& name, Status status, std::string fixed_in = {}) {
  Advisory out;
  out.vulnerability = name;
  out.record = given_record(ours, name);
  out.status = status;
  // Of dpkg's packages clients see sources, of others the packages themselves.
  const bool sources = match::classic_version_format(match::classic_name_space(ours)) == "dpkg" && ours.substr(0, 7) != "alpine:";
  out.name_kind = sources ? NameKind::source : NameKind::binary;
  if (!fixed_in.empty()) out.ranges = {Range{.introduced = {}, .upper = fixed_in}};
  out.fixed_in = std::move(fixed_in);
  return out;
}

/// What is known of a vulnerability of a namespace before it is changed.
struct State {
  std::vector<AdvisoryRow> feeds;     ///< without clients' rows
  std::optional<Vulnerability> now;   ///< as everybody sees it; nullopt: it is not there
  bool made = false;                  ///< by a client
};

Result<State> state_of(AdvisoryStore& store, const std::string& ours, const std::string& name) {
  store::AdvisoryQuery query;
  query.id = name;
  query.name_space = ours;
  ECLAIR_TRY(std::vector<AdvisoryRow> rows, store.search(query));
  State out;
  if (auto told = told_vulnerability(ours, name, rows)) {
    out.made = told->given;
    ECLAIR_TRY(out.now, with_texts(*std::move(told), store));
  }
  for (AdvisoryRow& row : rows) {
    if (row.feed != kGivenFeed) out.feeds.push_back(std::move(row));
  }
  return out;
}

/// The packages that some feed says are affected, for whatever product.
std::set<std::string> told_by_feeds(const State& state, std::string_view name) {
  std::set<std::string> out;
  for (const AdvisoryRow& row : state.feeds) {
    const bool open = row.advisory.status == Status::unknown || row.advisory.status == Status::under_investigation;
    if (match::main_name(row.advisory) == name && !open && !match::says_not_affected(row.advisory)) out.insert(row.package);
  }
  return out;
}

/// A row of that kind of name which the client means; where a feed means another, both.
Advisory row_of(const State& state, const std::string& ours, const std::string& name, const Fix& fix) {
  Advisory out = row_of(ours, name, fix.version.empty() ? Status::affected : Status::fixed, fix.version);
  for (const AdvisoryRow& row : state.feeds) {
    if (row.package == fix.feature && row.advisory.name_kind != out.name_kind) out.name_kind = NameKind::both;
  }
  return out;
}

Advisory not_affected(const std::string& ours, const std::string& name) {
  Advisory out = row_of(ours, name, Status::not_affected);
  out.name_kind = NameKind::both;
  return out;
}

bool is_told(const std::vector<Fix>& fixes, std::string_view feature) {
  return std::any_of(fixes.begin(), fixes.end(), [&](const Fix& fix) { return fix.feature == feature; });
}

class StoredVulnerabilities final : public Vulnerabilities {
 public:
  StoredVulnerabilities(Advisories& advisories, std::function<UnixTime()> clock) : advisories_(advisories), clock_(std::move(clock)) {}

  Result<std::vector<std::string>> namespaces() override {
    return advisories_.with([](AdvisoryStore& store) -> Result<std::vector<std::string>> {
      ECLAIR_TRY(const std::vector<store::FeedState> feeds, store.feeds());
      std::set<std::string> names;
      for (const store::FeedState& feed : feeds) {
        for (const std::string& ours : feed.namespaces) {
          if (match::has_classic_name(ours)) names.insert(match::classic_name_space(ours));
        }
      }
      return std::vector<std::string>(names.begin(), names.end());
    });
  }

  Result<std::optional<std::vector<Vulnerability>>> list(std::string_view name_space, std::string_view after, std::size_t limit) override {
    const std::string ours = match::our_name_space(name_space);
    return advisories_.with([&](AdvisoryStore& store) -> Result<std::optional<std::vector<Vulnerability>>> {
      ECLAIR_TRY(const auto listing, lists_.find(store, ours));
      if (!listing) return std::nullopt;
      std::vector<Vulnerability> out;
      for (std::size_t i = listing->after(after); i < listing->size() && out.size() < limit; ++i) {
        ECLAIR_TRY(Vulnerability one, with_texts(listing->at(i), store));
        out.push_back(std::move(one));
      }
      return out;
    });
  }

  Result<std::optional<Vulnerability>> get(std::string_view name_space, std::string_view name) override {
    return advisories_.with([&](AdvisoryStore& store) -> Result<std::optional<Vulnerability>> {
      ECLAIR_TRY(State state, state_of(store, match::our_name_space(name_space), std::string(name)));
      return std::move(state.now);
    });
  }

  Result<std::vector<Vulnerability>> everywhere(std::string_view name) override {
    return advisories_.with([&](AdvisoryStore& store) -> Result<std::vector<Vulnerability>> {
      store::AdvisoryQuery query;
      query.id = name;
      ECLAIR_TRY(std::vector<AdvisoryRow> rows, store.search(query));
      std::map<std::string, std::vector<AdvisoryRow>> by_space;
      for (AdvisoryRow& row : rows) {
        if (match::has_classic_name(row.name_space)) by_space[row.name_space].push_back(std::move(row));
      }
      std::vector<Vulnerability> out;
      for (const auto& [ours, of_space] : by_space) {
        auto told = told_vulnerability(ours, name, of_space);
        if (!told) continue;
        ECLAIR_TRY(Vulnerability one, with_texts(*std::move(told), store));
        out.push_back(std::move(one));
      }
      std::sort(out.begin(), out.end(), [](const Vulnerability& a, const Vulnerability& b) { return a.name_space < b.name_space; });
      return out;
    });
  }

  Result<> put(const Vulnerability& value) override {
    const std::string ours = match::our_name_space(value.name_space);
    const std::lock_guard lock(writing_);
    return advisories_.with([&](AdvisoryStore& store) -> Result<> {
      ECLAIR_TRY(State state, state_of(store, ours, value.name));
      const std::vector<Fix> before = state.now ? state.now->fixes : std::vector<Fix>{};
      Rows rows;
      for (const Fix& fix : value.fixes) {
        // What feeds say already is left to them, so that their next word counts.
        const bool said = std::find(before.begin(), before.end(), fix) != before.end();
        if (!said) rows.insert_or_assign(fix.feature, row_of(state, ours, value.name, fix));
      }
      const bool brought_back = !state.now && value.fixes.empty();
      return write(store, ours, value.name, rows, &value, brought_back ? Others::go : Others::stay);
    });
  }

  Result<bool> put_fix(std::string_view name_space, std::string_view name, const Fix& fix) override {
    return change(name_space, name, [&](AdvisoryStore& store, const std::string& ours, State& state) -> Result<> {
      return write(store, ours, std::string(name), {{fix.feature, row_of(state, ours, std::string(name), fix)}}, nullptr, Others::stay);
    });
  }

  Result<bool> remove_fix(std::string_view name_space, std::string_view name, std::string_view feature) override {
    return change(name_space, name, [&](AdvisoryStore& store, const std::string& ours, State& state) -> Result<> {
      std::vector<Fix>& fixes = state.now->fixes;
      if (!is_told(fixes, feature)) return {};
      std::erase_if(fixes, [&](const Fix& fix) { return fix.feature == feature; });
      // The last fix goes, the vulnerability stays.
      const bool make = !state.made && fixes.empty();
      return write(store, ours, std::string(name), {{std::string(feature), not_affected(ours, std::string(name))}}, make ? &*state.now : nullptr,
                   Others::stay);
    });
  }

  Result<bool> remove(std::string_view name_space, std::string_view name) override {
    return change(name_space, name, [&](AdvisoryStore& store, const std::string& ours, State& state) -> Result<> {
      Rows rows;
      for (const std::string& package : told_by_feeds(state, name)) rows.insert_or_assign(package, not_affected(ours, std::string(name)));
      return write(store, ours, std::string(name), rows, nullptr, Others::go);
    });
  }

 private:
  /// Runs work on a vulnerability that is there. false: it is not.
  template <class Work>
  Result<bool> change(std::string_view name_space, std::string_view name, Work&& work) {
    const std::string ours = match::our_name_space(name_space);
    const std::lock_guard lock(writing_);
    return advisories_.with([&](AdvisoryStore& store) -> Result<bool> {
      ECLAIR_TRY(State state, state_of(store, ours, std::string(name)));
      if (!state.now) return false;
      ECLAIR_CHECK_OK(work(store, ours, state));
      return true;
    });
  }

  /// Writes rows for packages; others that clients wrote before go or stay. made: what clients say of the vulnerability itself; nullptr: that
  /// stays, or goes with the others. A change writes no more than it is about, so that two nodes which change different fixes both succeed.
  enum class Others : std::uint8_t { stay, go };
  Result<> write(AdvisoryStore& store, const std::string& ours, const std::string& name, const Rows& rows, const Vulnerability* made,
                 Others others) {
    ECLAIR_TRY(const auto import, store.begin_import(kGivenFeed, "api", clock_()));
    const std::string record = given_record(ours, name);
    if (others == Others::go) ECLAIR_CHECK_OK(import->remove(record));
    for (const auto& [package, row] : rows) ECLAIR_CHECK_OK(import->advisory(ours, package, row));
    if (made != nullptr) {
      Advisory marker;
      marker.vulnerability = record;
      marker.record = record;
      marker.references = {name};
      marker.status = Status::unknown;
      marker.severity = made->severity;
      ECLAIR_CHECK_OK(import->advisory(ours, kGivenPackage, std::move(marker)));
      VulnerabilityText text;
      text.id = record;
      text.description = made->description;
      if (!made->link.empty()) text.urls = {made->link};
      text.severity = made->severity;
      text.given = GivenText{made->metadata, made->severity_word};
      ECLAIR_CHECK_OK(import->vulnerability(std::move(text)));
    }
    ECLAIR_TRY(const store::ImportSummary done, import->commit(true));
    if (done.bad_records > 0) return fail(Errc::internal, done.bad.empty() ? "a row was refused" : done.bad.front());
    return {};
  }

  Advisories& advisories_;
  const std::function<UnixTime()> clock_;
  std::mutex writing_;  // one change at a time: each reads what is there and replaces it
  VulnerabilityLists lists_;
};

}  // namespace stored_vulnerabilities_detail

std::unique_ptr<Vulnerabilities> make_vulnerabilities(Advisories& advisories, std::function<UnixTime()> clock) {
  return std::make_unique<stored_vulnerabilities_detail::StoredVulnerabilities>(advisories, std::move(clock));
}

}  // namespace eclair::service
