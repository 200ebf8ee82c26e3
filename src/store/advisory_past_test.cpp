// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What every engine must do about the past: states of a day, history, forgetting. And imports that become visible together.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "store/content_sum.h"
#include "store/interface.h"
#include "support/engines.h"

using namespace eclair;
using namespace eclair::store;

namespace advisory_past_test_detail {

using test::each_engine;
using test::Place;

Advisory row(std::string vulnerability, std::string fixed_in) {
  Advisory a;
  a.vulnerability = std::move(vulnerability);
  a.aliases = {"ALIAS-" + a.vulnerability};
  a.status = Status::fixed;
  a.ranges = {Range{.upper = fixed_in}};
  a.fixed_in = std::move(fixed_in);
  return a;
}

VulnerabilityText text(std::string id, std::string description) {
  VulnerabilityText t;
  t.id = std::move(id);
  t.description = std::move(description);
  return t;
}

using State = std::map<std::tuple<std::string, std::string, std::string>, std::string>;  ///< (namespace, package, CVE): fixed in

Result<ImportSummary> import(AdvisoryStore& store, const State& rows, const std::set<std::string>& completed, UnixTime at, std::string_view feed = "debian",
                             const std::string& told = "") {
  ECLAIR_TRY(auto one, store.begin_import(feed, "test", at));
  for (const auto& [key, fixed] : rows) {
    const auto& [name_space, package, id] = key;
    ECLAIR_CHECK_OK(one->advisory(name_space, package, row(id, fixed)));
    ECLAIR_CHECK_OK(one->vulnerability(text(id, told + fixed)));
  }
  for (const std::string& each : completed) one->complete(each);
  return one->commit(true);
}

std::unique_ptr<AdvisoryStore> open(const Place& place) {
  auto store = open_advisories(place.url);
  REQUIRE(store);
  return *std::move(store);
}

std::unique_ptr<AdvisoryStore> open_as_of(const Place& place, UnixTime at) {
  auto store = open_advisories_as_of(place.url, at);
  INFO((store ? std::string() : store.error().text));
  REQUIRE(store);
  return *std::move(store);
}

State state_of(AdvisoryStore& store, const std::set<std::string>& packages, const std::set<std::string>& spaces) {
  State out;
  for (const std::string& space : spaces) {
    for (const std::string& package : packages) {
      const auto rows = store.rows(space, package);
      REQUIRE(rows);
      for (const AdvisoryRow& one : *rows) {
        CHECK(one.closed == 0);
        const bool fresh = out.emplace(std::tuple(space, package, one.advisory.vulnerability), one.advisory.fixed_in).second;
        CHECK(fresh);
      }
    }
  }
  return out;
}

/// The content-derived id of what each() tells.
std::string content_id(AdvisoryStore& store, std::string_view feed) {
  ContentSum sum;
  const auto walked = store.each(
      feed,
      [&](std::string_view name_space, std::string_view package, const std::vector<std::string>& rows) -> Result<> {
        std::vector<std::string_view> parts = {"rows", name_space, package};
        parts.insert(parts.end(), rows.begin(), rows.end());
        sum.add(ContentSum::of(parts));
        return {};
      },
      [&](std::string_view id, std::string_view encoded) -> Result<> {
        sum.add(ContentSum::of({"text", id, encoded}));
        return {};
      });
  REQUIRE(walked);
  return sum.id();
}

}  // namespace advisory_past_test_detail
using namespace advisory_past_test_detail;

TEST_CASE("advisory past: any history of imports reads back as it was after each of them, rows, texts, snapshot") {
  const std::set<std::string> packages = {"a", "b", "c"}, spaces = {"debian:11", "debian:12"};
  const std::string engine = each_engine();
  for (unsigned seed = 1, last = engine == "sqlite" ? 12 : engine == "memory" ? 1 : 3; seed <= last; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto pick = [&](unsigned n) { return random() % n; };
    const Place place(engine);
    std::map<UnixTime, State> states;
    std::map<UnixTime, std::string> ids;
    State now;
    UnixTime at = 1000;
    for (int step = 0; step < 12; ++step) {
      at += 10 + static_cast<UnixTime>(pick(3));
      for (unsigned changes = pick(6); changes > 0; --changes) {
        const std::tuple key(pick(2) ? "debian:11" : "debian:12", std::string(1, static_cast<char>('a' + pick(3))), "CVE-" + std::to_string(pick(4)));
        if (pick(3) == 0) {
          now.erase(key);
        } else {
          now[key] = std::to_string(pick(5));
        }
      }
      auto store = open(place);
      REQUIRE(import(*store, now, spaces, at));
      states[at] = now;
      const auto feeds = store->feeds();
      REQUIRE(feeds);
      ids[at] = feeds->at(0).snapshot;
      CHECK(content_id(*store, "debian") == ids[at]);
    }
    for (const auto& [time, state] : states) {
      for (const UnixTime asked : {time, time + 9}) {
        CAPTURE(asked);
        auto store = open_as_of(place, asked);
        CHECK(state_of(*store, packages, spaces) == state);
        const auto feeds = store->feeds();
        REQUIRE(feeds);
        REQUIRE(feeds->size() == 1);
        CHECK(feeds->at(0).snapshot == ids[time]);
        CHECK(feeds->at(0).records == state.size());
        CHECK(feeds->at(0).fetched_at <= asked);
        CHECK(content_id(*store, "debian") == ids[time]);
        std::size_t found = 0;
        for (int i = 0; i < 4; ++i) found += store->search({.id = "ALIAS-CVE-" + std::to_string(i)})->size();
        CHECK(found == state.size());
      }
    }
    CHECK(open_as_of(place, 999)->feeds()->empty());
  }
}

TEST_CASE("advisory past: a search with history tells when each row held") {
  const Place place(each_engine());
  auto store = open(place);
  REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, "1.0"}, {{"debian:12", "zlib", "CVE-2"}, "1.0"}}, {"debian:12"}, 10));
  REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, "2.0"}}, {"debian:12"}, 20));
  const auto shown = [](const Result<std::vector<AdvisoryRow>>& rows) {
    REQUIRE(rows);
    std::vector<std::string> out;
    for (const AdvisoryRow& one : *rows) {
      out.push_back(one.package + " " + one.advisory.vulnerability + " " + one.advisory.fixed_in + " " + std::to_string(one.opened) + "-" + std::to_string(one.closed));
    }
    return out;
  };
  CHECK(shown(store->search({.id = "CVE-1", .history = true})) == std::vector<std::string>{"zlib CVE-1 1.0 10-20", "zlib CVE-1 2.0 20-0"});
  CHECK(shown(store->search({.id = "CVE-1"})) == std::vector<std::string>{"zlib CVE-1 2.0 20-0"});
  CHECK(shown(store->search({.id = "ALIAS-CVE-2", .history = true})) == std::vector<std::string>{"zlib CVE-2 1.0 10-20"});
  CHECK(shown(store->search({.id = "CVE-2"})).empty());
  CHECK(shown(store->search({.package = "zlib", .name_space = "debian:12", .history = true})).size() == 3);
  CHECK(shown(store->search({.package = "zlib"})).size() == 1);
  CHECK(shown(store->search({.name_space = "debian:12"})).size() == 1);
  CHECK(shown(store->search({.name_space = "debian:12", .statuses = {Status::affected}})).empty());
  CHECK(shown(store->search({.name_space = "debian:12", .feed = "ubuntu"})).empty());
  CHECK(store->search({}).error().code == Errc::invalid_input);
  // As of a day, the history is what had been by then.
  CHECK(shown(open_as_of(place, 15)->search({.id = "CVE-1", .history = true})) == std::vector<std::string>{"zlib CVE-1 1.0 10-0"});
}

TEST_CASE("advisory past: texts are those of the day; scores are not remembered") {
  const Place place(each_engine());
  auto store = open(place);
  const auto told = [&](UnixTime at, const std::string& description, double score) {
    auto one = store->begin_import("nvd", "test", at);
    REQUIRE(one);
    REQUIRE((*one)->advisory("cve", "block", row("CVE-1", "1")));
    REQUIRE((*one)->advisory("cve", "block", row("CVE-2", "1")));
    REQUIRE((*one)->vulnerability(text("CVE-1", description)));
    VulnerabilityText scored = text("CVE-2", description);
    scored.epss = Epss{.score = score, .percentile = score, .date = 0};
    REQUIRE((*one)->vulnerability(scored));
    (*one)->complete("cve");
    REQUIRE((*one)->commit(false));
  };
  told(10, "first", 0.1);
  told(20, "second", 0.2);
  CHECK((*store->text("nvd", "CVE-1"))->description == "second");
  auto past = open_as_of(place, 19);
  CHECK((*past->text("nvd", "CVE-1"))->description == "first");
  CHECK_FALSE(past->text("nvd", "CVE-2")->has_value());
  CHECK_FALSE(open_as_of(place, 9)->text("nvd", "CVE-1")->has_value());
}

TEST_CASE("advisory past: a feed is as old then as it was then") {
  const Place place(each_engine());
  auto store = open(place);
  const State rows = {{{"debian:12", "zlib", "CVE-1"}, "1.0"}};
  REQUIRE(import(*store, rows, {"debian:12"}, 100));
  REQUIRE(import(*store, rows, {"debian:12"}, 200));        // asked again, nothing new
  REQUIRE(store->confirm("debian", {}, 300));
  REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, "2.0"}, {{"debian:13", "zlib", "CVE-1"}, "2.0"}}, {"debian:12", "debian:13"}, 400));
  const auto at = [&](UnixTime time) { return open_as_of(place, time)->feeds()->at(0); };
  CHECK(at(150).fetched_at == 150);
  CHECK(at(350).fetched_at == 300);
  CHECK(at(500).fetched_at == 400);
  CHECK(at(350).changed_at == 100);
  CHECK(at(350).namespaces == std::vector<std::string>{"debian:12"});
  CHECK(at(500).namespaces == std::vector<std::string>{"debian:12", "debian:13"});
  const auto snapshots = store->snapshots();
  REQUIRE(snapshots);
  REQUIRE(snapshots->size() == 2);
  CHECK(snapshots->at(0).at == 400);
  CHECK(snapshots->at(1).seen_until == 300);
  CHECK(snapshots->at(1).records == 1);
}

TEST_CASE("advisory past: a clock that was set back does not lose a state") {
  const Place place(each_engine());
  auto store = open(place);
  REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, "1.0"}}, {"debian:12"}, 100));
  REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, "2.0"}}, {"debian:12"}, 50));
  CHECK(store->rows("debian:12", "zlib")->at(0).advisory.fixed_in == "2.0");
  CHECK(open_as_of(place, 100)->rows("debian:12", "zlib")->at(0).advisory.fixed_in == "2.0");
  CHECK(open_as_of(place, 99)->rows("debian:12", "zlib")->empty());
  const auto all = store->search({.id = "CVE-1", .history = true});
  REQUIRE(all);
  for (const AdvisoryRow& one : *all) CHECK((one.closed == 0 || one.opened <= one.closed));
}

TEST_CASE("advisory past: what was pruned is refused by name, the rest stays") {
  const Place place(each_engine());
  auto store = open(place);
  const std::set<std::string> spaces = {"debian:12"};
  for (int i = 1; i <= 5; ++i) REQUIRE(import(*store, {{{"debian:12", "zlib", "CVE-1"}, std::to_string(i)}}, spaces, i * 100));
  const std::string id = store->feeds()->at(0).snapshot;
  auto done = store->prune(350);
  REQUIRE(done);
  CHECK(done->rows == 2);        // [100, 200) and [200, 300)
  CHECK(done->snapshots == 2);
  CHECK(store->feeds()->at(0).snapshot == id);
  CHECK(open_as_of(place, 350)->rows("debian:12", "zlib")->at(0).advisory.fixed_in == "3");
  CHECK(open_as_of(place, 420)->rows("debian:12", "zlib")->at(0).advisory.fixed_in == "4");
  const auto refused = open_advisories_as_of(place.url, 349);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::not_found);
  CHECK(refused.error().text.find("debian said on 1970-01-01T00:05:49Z is no longer known") != std::string::npos);
  CHECK(store->search({.id = "CVE-1", .history = true})->size() == 3);
  done = store->prune(10000);
  REQUIRE(done);
  CHECK(store->search({.id = "CVE-1", .history = true})->size() == 1);
  CHECK(store->rows("debian:12", "zlib")->at(0).advisory.fixed_in == "5");
}

TEST_CASE("advisory store: a hundred updates of one record each make the file grow by less than a hundredth") {
  const Place place("sqlite");  // how much a file grows is its matter
  State rows;
  for (int p = 0; p < 800; ++p) {
    for (int v = 0; v < 30; ++v) rows[{"debian:12", "package-" + std::to_string(p), "CVE-2024-" + std::to_string(p * 7 + v)}] = "1." + std::to_string(v) + "-1+deb12u" + std::to_string(p % 3);
  }
  const auto size = [&] {
    std::uintmax_t sum = 0;
    for (const auto& file : std::filesystem::directory_iterator(place.url)) sum += file.file_size();
    return sum;
  };
  {
    auto store = open(place);
    REQUIRE(import(*store, rows, {"debian:12"}, 1000));
  }
  const std::uintmax_t before = size();
  for (int i = 0; i < 100; ++i) {
    auto store = open(place);
    const auto done = import(*store, {{{"debian:12", "package-" + std::to_string(i * 7), "CVE-2024-" + std::to_string(i * 49 + 3)}, "2.0-" + std::to_string(i)}}, {}, 2000 + i);
    REQUIRE(done);
    CHECK(done->changed == 1);
  }
  CAPTURE(before);
  CAPTURE(size());
  CHECK(size() < before + before / 100);
  CHECK(open_as_of(place, 1999)->search({.id = "CVE-2024-3"})->at(0).advisory.fixed_in == "1.3-1+deb12u0");
}

TEST_CASE("advisory store: a batch becomes visible as a whole, or not at all") {
  const Place place(each_engine());
  auto store = open(place);
  const auto add = [](AdvisoryStore::Batch& batch, std::string_view feed, std::string_view name_space, bool fails) {
    auto one = batch.begin_import(feed, "test", 10);
    REQUIRE(one->advisory(name_space, "zlib", row("CVE-1", "1")));
    one->complete(name_space);
    one->fetched("", 5);
    REQUIRE(one->commit(false).has_value() != fails);
  };
  {
    auto batch = store->begin_batch();
    REQUIRE(batch);
    add(**batch, "debian", "debian:12", false);
    CHECK(open(place)->feeds()->empty());
  }
  CHECK(store->feeds()->empty());
  {
    auto batch = store->begin_batch();
    add(**batch, "debian", "debian:12", false);
    add(**batch, "alpine", "alpine:v3.19", false);
    REQUIRE((*batch)->commit());
    // Nothing is held any more: another writer gets through while the batch is still there.
    REQUIRE(import(*store, {{{"osv:x", "y", "CVE-9"}, "1"}}, {}, 11, "osv"));
  }
  REQUIRE(store->feeds()->size() == 3);
  CHECK(store->feeds()->at(0).name == "alpine");
  CHECK(store->feeds()->at(0).fetched_at == 5);
  CHECK(store->feeds()->at(0).changed_at == 10);
  CHECK(store->rows("debian:12", "zlib")->size() == 1);
  {
    auto batch = store->begin_batch();
    auto shrunk = (*batch)->begin_import("debian", "test", 20);
    shrunk->complete("debian:12");
    CHECK(shrunk->commit(false).error().code == Errc::conflict);
    CHECK((*batch)->commit().error().code == Errc::internal);
    REQUIRE(import(*store, {{{"osv:x", "y", "CVE-9"}, "2"}}, {}, 21, "osv"));  // the lock is free
  }
  CHECK(store->rows("debian:12", "zlib")->size() == 1);
}

TEST_CASE("advisory store: what was kept for conditional requests goes when something else tells the namespace anew") {
  const Place place(each_engine());
  auto store = open(place);
  const auto import_kept = [&](const std::string& fixed, bool keep) {
    auto one = store->begin_import("debian", "test", 10);
    REQUIRE((*one)->advisory("debian:12", "zlib", row("CVE-1", fixed)));
    (*one)->complete("debian:12");
    if (keep) {
      (*one)->keep({.name = "all", .namespaces = {"debian:12"}});
      (*one)->keep({.name = "other", .namespaces = {"debian:99"}});
    }
    REQUIRE((*one)->commit(false));
  };
  import_kept("1", true);
  CHECK(store->portions("debian")->size() == 2);
  import_kept("1", false);  // changes nothing: what was kept is still so
  CHECK(store->portions("debian")->size() == 2);
  import_kept("2", false);
  REQUIRE(store->portions("debian")->size() == 1);
  CHECK(store->portions("debian")->at(0).name == "other");
}
