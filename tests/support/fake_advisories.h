// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "support/empty_advisories.h"

namespace eclair::test {

/// An AdvisoryStore of what a test put in; counts what is asked of it.
class FakeAdvisories final : public EmptyAdvisories {
 public:
  std::vector<store::FeedState> states;
  std::vector<store::AdvisoryRow> all;
  std::map<std::pair<std::string, std::string>, VulnerabilityText> texts;  ///< (feed, id)
  std::map<std::pair<std::string, std::string>, int> asked;                ///< (namespace, package) → calls of rows()
  int asked_texts = 0;
  bool broken = false;  ///< every call fails

  /// Adds a row, and the feed that has it where that is new.
  void add(store::AdvisoryRow row, UnixTime fetched_at = 0) {
    const auto feed = std::find_if(states.begin(), states.end(), [&](const store::FeedState& each) { return each.name == row.feed; });
    if (feed == states.end()) {
      store::FeedState state;
      state.name = row.feed;
      state.fetched_at = fetched_at;
      state.namespaces = {row.name_space};
      states.push_back(std::move(state));
    } else if (!std::binary_search(feed->namespaces.begin(), feed->namespaces.end(), row.name_space)) {
      feed->namespaces.insert(std::upper_bound(feed->namespaces.begin(), feed->namespaces.end(), row.name_space), row.name_space);
    }
    all.push_back(std::move(row));
  }

  Result<std::vector<store::FeedState>> feeds() override {
    if (broken) return fail(Errc::unavailable, "the fake store is broken");
    return states;
  }
  Result<std::vector<store::AdvisoryRow>> rows(std::string_view name_space, std::string_view package) override {
    if (broken) return fail(Errc::unavailable, "the fake store is broken");
    ++asked[{std::string(name_space), std::string(package)}];
    std::vector<store::AdvisoryRow> out;
    for (const store::AdvisoryRow& row : all) {
      if (row.name_space == name_space && row.package == package) out.push_back(row);
    }
    std::stable_sort(out.begin(), out.end(), [](const store::AdvisoryRow& a, const store::AdvisoryRow& b) {
      return std::tie(a.feed, a.advisory.vulnerability, a.advisory.record) < std::tie(b.feed, b.advisory.vulnerability, b.advisory.record);
    });
    return out;
  }
  Result<std::vector<store::AdvisoryRow>> search(const store::AdvisoryQuery& query) override {
    const std::string& id = query.id;
    if (broken) return fail(Errc::unavailable, "the fake store is broken");
    std::vector<store::AdvisoryRow> out;
    for (const store::AdvisoryRow& row : all) {
      const auto& aliases = row.advisory.aliases;
      if (row.advisory.vulnerability == id || std::find(aliases.begin(), aliases.end(), id) != aliases.end()) out.push_back(row);
    }
    std::stable_sort(out.begin(), out.end(), [](const store::AdvisoryRow& a, const store::AdvisoryRow& b) {
      return std::tie(a.name_space, a.package, a.feed) < std::tie(b.name_space, b.package, b.feed);
    });
    return out;
  }
  Result<std::optional<VulnerabilityText>> text(std::string_view feed, std::string_view id) override {
    if (broken) return fail(Errc::unavailable, "the fake store is broken");
    ++asked_texts;
    const auto found = texts.find({std::string(feed), std::string(id)});
    if (found == texts.end()) return std::optional<VulnerabilityText>();
    return std::optional<VulnerabilityText>(found->second);
  }
};

}  // namespace eclair::test
