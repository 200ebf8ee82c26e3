// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What every engine must do.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <tuple>

#include "store/interface.h"
#include "support/engines.h"

using namespace eclair;
using namespace eclair::store;

namespace advisory_suite_detail {

using test::Place;

/// A row as (namespace, package, advisory).
using Rows = std::vector<std::tuple<std::string, std::string, Advisory>>;

Advisory row(std::string vulnerability, std::string fixed_in, std::string record = "") {
  Advisory a;
  a.vulnerability = std::move(vulnerability);
  a.record = std::move(record);
  a.status = fixed_in.empty() ? Status::affected : Status::fixed;
  if (!fixed_in.empty()) a.ranges = {Range{.upper = fixed_in}};
  a.fixed_in = std::move(fixed_in);
  return a;
}

VulnerabilityText text(std::string id, std::string description) {
  VulnerabilityText t;
  t.id = std::move(id);
  t.description = std::move(description);
  return t;
}

Result<ImportSummary> import(AdvisoryStore& store, const Rows& rows, UnixTime at, const std::vector<std::string>& completed,
                             const std::vector<VulnerabilityText>& texts = {}, const std::vector<std::string>& removed = {},
                             bool allow_shrink = false, std::string_view feed = "debian") {
  ECLAIR_TRY(auto one, store.begin_import(feed, "test", at));
  for (const auto& [name_space, package, advisory] : rows) ECLAIR_CHECK_OK(one->advisory(name_space, package, advisory));
  for (const VulnerabilityText& t : texts) ECLAIR_CHECK_OK(one->vulnerability(t));
  for (const std::string& name_space : completed) one->complete(name_space);
  for (const std::string& record : removed) ECLAIR_CHECK_OK(one->remove(record));
  return one->commit(allow_shrink);
}

std::vector<Advisory> open_rows(AdvisoryStore& store, std::string_view name_space, std::string_view package) {
  const auto found = store.rows(name_space, package);
  INFO(name_space, " ", package, ": ", found ? "" : found.error().text);
  REQUIRE(found);
  std::vector<Advisory> out;
  for (const AdvisoryRow& one : *found) out.push_back(one.advisory);
  return out;
}

FeedState state(AdvisoryStore& store, std::string_view feed = "debian") {
  const auto feeds = store.feeds();
  REQUIRE(feeds);
  for (const FeedState& one : *feeds) {
    if (one.name == feed) return one;
  }
  return {};
}

const Rows kThree = {{"debian:12", "zlib", row("CVE-2023-1", "1:1.2-3")},
                     {"debian:12", "zlib", row("CVE-2023-2", "")},
                     {"debian:11", "zlib", row("CVE-2023-1", "1:1.2-1")}};
const std::vector<std::string> kBoth = {"debian:11", "debian:12"};

}  // namespace advisory_suite_detail
using namespace advisory_suite_detail;

#define FOR_EACH_ENGINE                                   \
  for (const std::string& engine : test::engines())       \
    if (CAPTURE(engine); true)                            \
      if (const Place place(engine); true)

#define OPEN(name)                                        \
  auto name##_opened = open_advisories(place.url);        \
  REQUIRE(name##_opened);                                 \
  AdvisoryStore& name = **name##_opened

TEST_CASE("advisory store: a reader that stays sees a change after release, and a number that tells of it") {
  FOR_EACH_ENGINE {
    OPEN(store);
    OPEN(other);
    REQUIRE(import(other, kThree, 1000, kBoth));
    const std::uint64_t first = *store.generation();
    CHECK(open_rows(store, "debian:12", "zlib").size() == 2);

    Rows rows = kThree;
    rows.emplace_back("debian:12", "zlib", row("CVE-2023-3", "2.0"));
    REQUIRE(import(other, rows, 2000, kBoth));
    CHECK(*store.generation() == first);  // still the old state, number and rows alike
    CHECK(open_rows(store, "debian:12", "zlib").size() == 2);
    store.release();
    const std::uint64_t second = *store.generation();
    CHECK(second != first);
    CHECK(open_rows(store, "debian:12", "zlib").size() == 3);

    REQUIRE(import(other, rows, 3000, kBoth));  // the same content
    REQUIRE(other.confirm("debian", {}, 4000));
    store.release();
    CHECK(*store.generation() == second);
    CHECK(state(store).fetched_at == 4000);
    store.release();
    store.release();  // nothing to release is fine
    REQUIRE(import(other, rows, 5000, kBoth, {text("CVE-2023-3", "a text alone")}));
    CHECK(*store.generation() != second);
    CHECK(*other.generation() == *store.generation());
  }
}

TEST_CASE("advisory store: what was imported is found by package, by id, by feed") {
  FOR_EACH_ENGINE {
    OPEN(store);
    Advisory aliased = row("CVE-2024-9", "2.0", "GHSA-1");
    aliased.aliases = {"GHSA-1", "PYSEC-1"};
    aliased.references = {"DSA-1-1"};
    Rows rows = kThree;
    rows.emplace_back("pypi", "jinja2", aliased);
    const auto summary = import(store, rows, 1000, kBoth, {text("CVE-2023-1", "an overflow"), text("CVE-2000-1", "of no row")});
    REQUIRE(summary);
    CHECK(summary->rows == 4);
    CHECK(summary->added == 4);
    CHECK(summary->vulnerabilities == 3);
    CHECK_FALSE(summary->unchanged);

    const FeedState feed = state(store);
    CHECK(feed.snapshot == summary->snapshot);
    CHECK_FALSE(feed.snapshot.empty());
    CHECK(feed.fetched_at == 1000);
    CHECK(feed.records == 4);
    CHECK(feed.vulnerabilities == 3);
    CHECK(feed.namespaces == std::vector<std::string>{"debian:11", "debian:12", "pypi"});
    CHECK(feed.origin == "test");

    CHECK(open_rows(store, "debian:12", "zlib") == std::vector<Advisory>{row("CVE-2023-1", "1:1.2-3"), row("CVE-2023-2", "")});
    CHECK(open_rows(store, "debian:13", "zlib").empty());
    CHECK(open_rows(store, "debian:12", "zli").empty());

    for (const char* id : {"CVE-2024-9", "GHSA-1", "PYSEC-1", "DSA-1-1"}) {
      CAPTURE(id);
      const auto found = store.search({.id = id});
      REQUIRE(found);
      REQUIRE(found->size() == 1);
      CHECK(found->front().package == "jinja2");
      CHECK(found->front().advisory == aliased);
    }
    const auto found = store.search({.id = "CVE-2023-1"});
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].name_space == "debian:11");
    CHECK((*found)[1].name_space == "debian:12");
    for (const char* id : {"CVE-2023", "cve-2023-1", "CVE-2000-1"}) {
      CAPTURE(id);
      const auto none = store.search({.id = id});
      REQUIRE(none);
      CHECK(none->empty());
    }
    const auto known = store.text("debian", "CVE-2023-1");
    REQUIRE(known);
    REQUIRE(*known);
    CHECK((*known)->description == "an overflow");
    for (const auto& [of, id] : {std::pair("debian", "CVE-2023-2"), std::pair("osv", "CVE-2023-1"), std::pair("debian", "CVE-2000-1")}) {
      const auto none = store.text(of, id);
      REQUIRE(none);
      CHECK_FALSE(none->has_value());
    }
  }
}

TEST_CASE("advisory store: rows of several feeds come sorted by feed, vulnerability, record") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, {{"pypi", "a", row("CVE-2", "1", "r2")}, {"pypi", "a", row("CVE-2", "1", "r1")}}, 1, {}, {}, {}, false, "osv"));
    REQUIRE(import(store, {{"pypi", "a", row("CVE-3", "1")}}, 1, {}, {}, {}, false, "debian"));
    const auto found = store.rows("pypi", "a");
    REQUIRE(found);
    REQUIRE(found->size() == 3);
    CHECK((*found)[0].feed == "debian");
    CHECK((*found)[1].advisory.record == "r1");
    CHECK((*found)[2].advisory.record == "r2");
  }
}

TEST_CASE("advisory store: a namespace is walked row by row, of one feed or of all") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, {{"pypi", "b", row("CVE-2", "1")}, {"pypi", "a", row("CVE-1", "1")}, {"npm", "a", row("CVE-9", "1")}}, 1, {}, {}, {}, false, "osv"));
    REQUIRE(import(store, {{"pypi", "a", row("CVE-3", "1")}}, 1, {}, {}, {}, false, "debian"));
    const auto walked = [&](std::string_view name_space, std::string_view feed) {
      std::string out;
      const auto done = store.walk(name_space, feed, [&](AdvisoryRow one) -> Result<> {
        CHECK(one.name_space == name_space);
        out += one.feed + "/" + one.package + "/" + one.advisory.vulnerability + " ";
        return {};
      });
      REQUIRE(done);
      return out;
    };
    CHECK(walked("pypi", "") == "debian/a/CVE-3 osv/a/CVE-1 osv/b/CVE-2 ");
    CHECK(walked("pypi", "osv") == "osv/a/CVE-1 osv/b/CVE-2 ");
    CHECK(walked("pypi", "none").empty());
    CHECK(walked("hex", "").empty());
    int calls = 0;
    const auto ended = store.walk("pypi", "", [&](AdvisoryRow) -> Result<> {
      ++calls;
      return fail(Errc::cancelled, "enough");
    });
    REQUIRE_FALSE(ended);
    CHECK(ended.error().text == "enough");
    CHECK(calls == 1);
  }
}

TEST_CASE("advisory store: the same content again changes nothing but the time") {
  FOR_EACH_ENGINE {
    OPEN(store);
    const std::vector<VulnerabilityText> texts = {text("CVE-2023-1", "one")};
    REQUIRE(import(store, kThree, 1000, kBoth, texts));
    const FeedState before = state(store);
    Rows shuffled(kThree.rbegin(), kThree.rend());
    shuffled.push_back(shuffled.front());  // twice the same row is one row
    const auto again = import(store, shuffled, 2000, kBoth, texts);
    REQUIRE(again);
    CHECK(again->unchanged);
    CHECK(again->rows == 3);
    CHECK(again->added + again->changed + again->closed == 0);
    const FeedState after = state(store);
    CHECK(after.snapshot == before.snapshot);
    CHECK(after.records == 3);
    CHECK(after.fetched_at == 2000);
  }
}

TEST_CASE("advisory store: what an update keeps comes back, and times are those of each namespace") {
  FOR_EACH_ENGINE {
    OPEN(store);
    PortionState one;
    one.name = "v12";
    one.revision = 3;
    one.cursor = "2026-08-01";
    one.documents = {{"https://example.org/12", "\"e1\"", "Sat, 01 Aug 2026 00:00:00 GMT", ""}, {"https://example.org/12b", "", "", "sha256:00"}};
    one.namespaces = {"debian:12"};
    PortionState other;
    other.name = "v11";
    other.namespaces = {"debian:11"};
    {
      auto begun = store.begin_import("debian", "test", 1000);
      REQUIRE(begun);
      for (const auto& [name_space, package, advisory] : kThree) REQUIRE((*begun)->advisory(name_space, package, advisory));
      for (const std::string& name_space : kBoth) (*begun)->complete(name_space);
      (*begun)->keep(one);
      (*begun)->keep(other);
      CHECK(store.portions("debian")->empty());
      REQUIRE((*begun)->commit(false));
    }
    CHECK(state(store).changed_at == 1000);
    CHECK(state(store).asked_at == std::vector<UnixTime>{1000, 1000});
    const auto kept = store.portions("debian");
    REQUIRE(kept);
    REQUIRE(kept->size() == 2);
    CHECK((*kept)[0].name == "v11");
    CHECK((*kept)[1].name == "v12");
    CHECK((*kept)[1].revision == 3);
    CHECK((*kept)[1].cursor == "2026-08-01");
    CHECK((*kept)[1].namespaces == one.namespaces);
    REQUIRE((*kept)[1].documents.size() == 2);
    CHECK((*kept)[1].documents[0].etag == "\"e1\"");
    CHECK((*kept)[1].documents[0].last_modified == "Sat, 01 Aug 2026 00:00:00 GMT");
    CHECK((*kept)[1].documents[1].url == "https://example.org/12b");
    CHECK((*kept)[1].documents[1].digest == "sha256:00");
    CHECK(store.portions("alpine")->empty());

    // Nothing new in one of them: its time moves, and neither content nor the other's time does.
    const std::string snapshot = state(store).snapshot;
    one.cursor = "2026-08-02";
    REQUIRE(store.confirm("debian", {one}, 2000));
    const FeedState after = state(store);
    CHECK(after.fetched_at == 2000);
    CHECK(after.changed_at == 1000);
    CHECK(after.snapshot == snapshot);
    CHECK(after.fetched_at_of("debian:12") == 2000);
    CHECK(after.fetched_at_of("debian:11") == 1000);
    CHECK(after.fetched_at_of("debian:10") == 2000);  // of no namespace of its own: the feed's
    CHECK((*store.portions("debian"))[1].cursor == "2026-08-02");
    // The same content again: the time moves, and it counts as unchanged.
    REQUIRE(import(store, kThree, 3000, kBoth));
    CHECK(state(store).changed_at == 1000);
    CHECK(state(store).fetched_at_of("debian:11") == 3000);
    REQUIRE(store.confirm("no such feed", {one}, 4000));
    CHECK(store.feeds()->size() == 1);
  }
}

TEST_CASE("advisory store: the snapshot id says what the content is, not how it came about") {
  FOR_EACH_ENGINE {
    std::string direct;
    {
      OPEN(store);
      REQUIRE(import(store, kThree, 5, kBoth, {text("CVE-2023-1", "one")}));
      direct = state(store).snapshot;
    }
    const Place other(engine);
    auto opened = open_advisories(other.url);
    REQUIRE(opened);
    AdvisoryStore& store = **opened;
    REQUIRE(import(store, {{"pypi", "x", row("CVE-1", "")}}, 1, {}, {}, {}, false, "osv"));  // another feed, other ids inside
    REQUIRE(import(store, {{"debian:12", "zlib", row("CVE-2023-2", "9")}, {"debian:12", "old", row("CVE-1", "")}}, 1, {}, {text("CVE-2023-1", "zero")}));
    CHECK(state(store).snapshot != direct);
    REQUIRE(import(store, kThree, 2, kBoth, {text("CVE-2023-1", "one")}, {}, true));
    CHECK(state(store).snapshot == direct);
    REQUIRE(import(store, kThree, 3, kBoth, {text("CVE-2023-1", "two")}));
    CHECK(state(store).snapshot != direct);
  }
}

TEST_CASE("advisory store: absence closes a row only in a completed namespace") {
  FOR_EACH_ENGINE {
    OPEN(store);
    Rows many = kThree;
    for (int i = 0; i < 10; ++i) many.emplace_back("debian:12", "linux", row("CVE-2022-" + std::to_string(i), "6.1"));
    REQUIRE(import(store, many, 1000, kBoth));
    // debian:11 is no longer published; in debian:12 a row went, one changed, one came.
    Rows next(many.begin() + 3, many.end());
    next.emplace_back("debian:12", "zlib", row("CVE-2023-1", "1:1.2-4"));
    next.emplace_back("debian:12", "bash", row("CVE-2023-7", ""));
    const auto summary = import(store, next, 2000, {"debian:12"});
    REQUIRE(summary);
    CHECK(summary->added == 1);
    CHECK(summary->changed == 1);
    CHECK(summary->closed == 1);
    CHECK(open_rows(store, "debian:11", "zlib") == std::vector<Advisory>{row("CVE-2023-1", "1:1.2-1")});
    CHECK(open_rows(store, "debian:12", "zlib") == std::vector<Advisory>{row("CVE-2023-1", "1:1.2-4")});
    CHECK(state(store).records == 13);
    const auto gone = store.search({.id = "CVE-2023-2"});
    REQUIRE(gone);
    CHECK(gone->empty());
    CHECK(state(store).vulnerabilities == 12);
    // A package that is gone as a whole.
    next.pop_back();
    REQUIRE(import(store, next, 3000, {"debian:12"}));
    CHECK(open_rows(store, "debian:12", "bash").empty());
  }
}

TEST_CASE("advisory store: without completion a row replaces its like, and a record told anew leaves where it no longer applies") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, {{"pypi", "a", row("CVE-1", "1", "R1")}, {"pypi", "b", row("CVE-1", "1", "R1")}, {"npm", "c", row("CVE-1", "1", "R1")},
                           {"pypi", "a", row("CVE-2", "1", "R2")}, {"pypi", "d", row("CVE-3", "1")}},
                   1, {}));
    const auto summary = import(store, {{"pypi", "a", row("CVE-1", "2", "R1")}}, 2, {}, {}, {"R1"});
    REQUIRE(summary);
    CHECK(summary->changed == 1);
    CHECK(summary->closed == 2);
    CHECK(open_rows(store, "pypi", "a") == std::vector<Advisory>{row("CVE-1", "2", "R1"), row("CVE-2", "1", "R2")});
    CHECK(open_rows(store, "pypi", "b").empty());
    CHECK(open_rows(store, "npm", "c").empty());
    REQUIRE(import(store, {}, 3, {}, {}, {"R2", "CVE-3", "R9"}));
    CHECK(open_rows(store, "pypi", "a") == std::vector<Advisory>{row("CVE-1", "2", "R1")});
    CHECK(open_rows(store, "pypi", "d").empty());
    CHECK(state(store).records == 1);
  }
}

TEST_CASE("advisory store: an import that loses too much is refused, by namespace") {
  FOR_EACH_ENGINE {
    OPEN(store);
    Rows rows;
    for (int i = 0; i < 100; ++i) rows.emplace_back("debian:12", "p" + std::to_string(i), row("CVE-1", ""));
    for (int i = 0; i < 1000; ++i) rows.emplace_back("debian:11", "p" + std::to_string(i), row("CVE-1", ""));
    REQUIRE(import(store, rows, 1, kBoth));
    const FeedState before = state(store);
    const auto left = [&](std::size_t n) { return Rows(rows.begin() + static_cast<std::ptrdiff_t>(100 - n), rows.end()); };
    const auto refused = import(store, left(69), 2, kBoth);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::conflict);
    CHECK(refused.error().text.find("debian:12") != std::string::npos);
    CHECK(state(store).snapshot == before.snapshot);
    CHECK(state(store).fetched_at == 1);
    CHECK(open_rows(store, "debian:12", "p0").size() == 1);
    const auto empty = import(store, {}, 2, {"debian:11"});
    REQUIRE_FALSE(empty);
    CHECK(empty.error().code == Errc::conflict);
    REQUIRE(import(store, left(70), 3, kBoth));
    CHECK(state(store).records == 1070);
    REQUIRE(import(store, {}, 4, {"debian:12"}, {}, {}, true));
    CHECK(state(store).records == 1000);
    CHECK(state(store).namespaces == kBoth);  // known, and empty
  }
}

TEST_CASE("advisory store: an import that is dropped leaves no trace") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, kThree, 1, kBoth));
    const FeedState before = state(store);
    {
      auto one = store.begin_import("debian", "x", 2);
      REQUIRE(one);
      REQUIRE((*one)->advisory("debian:12", "zlib", row("CVE-9", "")));
    }
    CHECK(state(store).snapshot == before.snapshot);
    CHECK(open_rows(store, "debian:12", "zlib").size() == 2);
  }
}

TEST_CASE("advisory store: a reader keeps the state of its first read; the importer sees its own import") {
  FOR_EACH_ENGINE {
    OPEN(writer);
    REQUIRE(import(writer, kThree, 1, kBoth));
    OPEN(reader);
    CHECK(open_rows(reader, "debian:12", "bash").empty());
    Rows more = kThree;
    more.emplace_back("debian:12", "bash", row("CVE-5", ""));
    REQUIRE(import(writer, more, 2, kBoth));
    CHECK(open_rows(writer, "debian:12", "bash").size() == 1);
    CHECK(open_rows(reader, "debian:12", "bash").empty());
    CHECK(state(reader).fetched_at == 1);
    OPEN(later);
    CHECK(open_rows(later, "debian:12", "bash").size() == 1);
  }
}

TEST_CASE("advisory store: texts given several times are joined, whatever their order") {
  FOR_EACH_ENGINE {
    VulnerabilityText a = text("CVE-2023-1", "the longer one"), b = text("CVE-2023-1", "short");
    a.urls = {"https://b.example"};
    b.urls = {"https://a.example", "https://b.example"};
    b.title = "title";
    b.severity = Severity::high;
    std::vector<std::string> snapshots;
    for (const bool swapped : {false, true}) {
      const Place fresh(engine);
      auto opened = open_advisories(fresh.url);
      REQUIRE(opened);
      AdvisoryStore& store = **opened;
      REQUIRE(import(store, kThree, 1, kBoth, swapped ? std::vector{b, a} : std::vector{a, b, a}));
      const auto joined = store.text("debian", "CVE-2023-1");
      REQUIRE(joined);
      REQUIRE(*joined);
      CHECK((*joined)->description == "the longer one");
      CHECK((*joined)->title == "title");
      CHECK((*joined)->severity == Severity::high);
      CHECK((*joined)->urls == std::vector<std::string>{"https://a.example", "https://b.example"});
      snapshots.push_back(state(store).snapshot);
    }
    CHECK(snapshots[0] == snapshots[1]);
  }
}

TEST_CASE("advisory store: bad records are counted and the first ones shown") {
  FOR_EACH_ENGINE {
    OPEN(store);
    auto one = store.begin_import("debian", "x", 1);
    REQUIRE(one);
    for (int i = 0; i < 25; ++i) (*one)->bad_record("record " + std::to_string(i));
    REQUIRE((*one)->advisory("", "zlib", row("CVE-1", "")));
    REQUIRE((*one)->advisory("debian:12", "", row("CVE-1", "")));
    const auto summary = (*one)->commit(false);
    REQUIRE(summary);
    CHECK(summary->bad_records == 27);
    CHECK(summary->bad.size() == 10);
    CHECK(summary->bad.front() == "record 0");
    CHECK(summary->rows == 0);
  }
}

TEST_CASE("advisory store: a package of thousands of rows is kept in bounded pieces, and small changes are found") {
  FOR_EACH_ENGINE {
    OPEN(store);
    Rows rows;
    for (int i = 0; i < 6000; ++i) {
      Advisory one = row("CVE-2024-" + std::to_string(100000 + i), "6.1." + std::to_string(i % 97));
      one.reason = "reason " + std::to_string(i * 7919 % 1000);
      rows.emplace_back("debian:12", "linux", one);
    }
    std::shuffle(rows.begin(), rows.end(), std::mt19937(4));
    REQUIRE(import(store, rows, 1, {"debian:12"}));
    CHECK(open_rows(store, "debian:12", "linux").size() == 6000);
    std::get<2>(rows[17]).reason = "changed";
    rows.pop_back();
    const auto summary = import(store, rows, 2, {"debian:12"});
    REQUIRE(summary);
    CHECK(summary->changed == 1);
    CHECK(summary->closed == 1);
    CHECK(summary->added == 0);
    const auto back = open_rows(store, "debian:12", "linux");
    CHECK(back.size() == 5999);
    CHECK(std::is_sorted(back.begin(), back.end(), [](const Advisory& a, const Advisory& b) { return a.vulnerability < b.vulnerability; }));
  }
}

TEST_CASE("advisory store: a sequence of random imports gives what a plain map gives") {
  FOR_EACH_ENGINE {
    const std::uint32_t seed = 20260801;
    CAPTURE(seed);
    std::mt19937 random(seed);
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    OPEN(store);
    using Key = std::tuple<std::string, std::string, std::string>;  // namespace, package, vulnerability
    std::map<Key, Advisory> truth;
    for (int step = 0; step < 40; ++step) {
      CAPTURE(step);
      std::map<Key, Advisory> brought;
      std::set<std::string> completed;
      for (std::uint32_t n = below(60); n > 0; --n) {
        const Key key{"ns:" + std::to_string(below(3)), "p" + std::to_string(below(6)), "CVE-" + std::to_string(below(8))};
        brought[key] = row(std::get<2>(key), below(2) == 0 ? "" : std::to_string(below(3)));
      }
      for (int i = 0; i < 3; ++i) {
        if (below(2) == 0) completed.insert("ns:" + std::to_string(i));
      }
      Rows rows;
      for (const auto& [key, advisory] : brought) rows.emplace_back(std::get<0>(key), std::get<1>(key), advisory);
      std::shuffle(rows.begin(), rows.end(), random);
      std::map<Key, Advisory> next = brought;
      for (const auto& [key, advisory] : truth) {
        if (completed.count(std::get<0>(key)) == 0) next.emplace(key, advisory);
      }
      REQUIRE(import(store, rows, step, {completed.begin(), completed.end()}, {}, {}, true));
      truth = std::move(next);

      std::map<std::pair<std::string, std::string>, std::vector<Advisory>> by_package;
      std::map<std::string, std::size_t> by_id;
      for (const auto& [key, advisory] : truth) {
        by_package[{std::get<0>(key), std::get<1>(key)}].push_back(advisory);
        ++by_id[std::get<2>(key)];
      }
      for (int s = 0; s < 3; ++s) {
        for (int p = 0; p < 6; ++p) {
          CHECK(open_rows(store, "ns:" + std::to_string(s), "p" + std::to_string(p)) ==
                by_package[{"ns:" + std::to_string(s), "p" + std::to_string(p)}]);
        }
      }
      for (int v = 0; v < 8; ++v) {
        const auto found = store.search({.id = "CVE-" + std::to_string(v)});
        REQUIRE(found);
        CHECK(found->size() == by_id["CVE-" + std::to_string(v)]);
      }
      CHECK(state(store).records == truth.size());
      CHECK(state(store).vulnerabilities == static_cast<std::size_t>(std::count_if(by_id.begin(), by_id.end(), [](const auto& x) { return x.second > 0; })));
    }
  }
}

TEST_CASE("advisory store: thousands of packages, of which some go, some change and some come") {
  FOR_EACH_ENGINE {
    OPEN(store);
    const auto of = [](int round) {
      Rows rows;
      for (int p = 0; p < 1500; ++p) {
        const std::string package = "p" + std::to_string(p * 7919 % 100000);
        if ((p + round) % 10 == 0) continue;
        rows.emplace_back("debian:11", package, row("CVE-1", "1"));
        rows.emplace_back("debian:12", package, row("CVE-" + std::to_string(p % 50), p % 3 == 0 ? std::to_string(round) : "1"));
      }
      return rows;
    };
    for (int round = 0; round < 4; ++round) {
      CAPTURE(round);
      const Rows rows = of(round);
      REQUIRE(import(store, rows, round, kBoth));
      std::map<std::pair<std::string, std::string>, Advisory> want;
      for (const auto& [name_space, package, advisory] : rows) want[{name_space, package}] = advisory;
      std::size_t wrong = 0;
      for (int p = 0; p < 1500; ++p) {
        const std::string package = "p" + std::to_string(p * 7919 % 100000);
        for (const std::string& name_space : kBoth) {
          const auto found = want.find({name_space, package});
          const auto there = open_rows(store, name_space, package);
          if (found == want.end() ? !there.empty() : there != std::vector<Advisory>{found->second}) ++wrong;
        }
      }
      CHECK(wrong == 0);
      CHECK(state(store).records == rows.size());
    }
  }
}

TEST_CASE("advisory store: several writers and readers at once wait for each other and none fails") {
  FOR_EACH_ENGINE {
    constexpr int kThreads = 4, kImports = 6;
    std::vector<std::thread> threads;
    std::vector<std::string> faults(kThreads);
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kImports; ++i) {
          auto store = open_advisories(place.url);
          if (!store) {
            faults[static_cast<std::size_t>(t)] = store.error().text;
            return;
          }
          const auto done = import(**store, {{"ns:" + std::to_string(t), "p" + std::to_string(i), row("CVE-1", "")}}, i, {}, {}, {}, false,
                                   "feed" + std::to_string(t));
          const auto read = (*store)->rows("ns:" + std::to_string(t), "p" + std::to_string(i));
          if (!done) faults[static_cast<std::size_t>(t)] = done.error().text;
          if (!read || read->size() != 1) faults[static_cast<std::size_t>(t)] = "own rows not read back";
        }
      });
    }
    for (std::thread& one : threads) one.join();
    for (const std::string& fault : faults) CHECK(fault == "");
    OPEN(store);
    const auto found = store.search({.id = "CVE-1"});
    REQUIRE(found);
    CHECK(found->size() == kThreads * kImports);
  }
}

TEST_CASE("advisory store: a process killed at any moment leaves the old state or the new one, whole") {
  FOR_EACH_ENGINE {
    // State n: every row of 120 packages says "n".
    const auto state_of = [](int n) {
      Rows rows;
      for (int p = 0; p < 120; ++p) {
        for (int v = 0; v < 5; ++v) rows.emplace_back("debian:12", "p" + std::to_string(p), row("CVE-" + std::to_string(v), std::to_string(n)));
      }
      return rows;
    };
    {
      OPEN(store);
      REQUIRE(import(store, state_of(0), 1, {"debian:12"}));
    }
    // Moments are spread over what three imports take here, however fast or busy the machine is.
    const auto begin = std::chrono::steady_clock::now();
    {
      OPEN(store);
      REQUIRE(import(store, state_of(1), 2, {"debian:12"}));
    }
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
    const std::uint32_t seed = 11;
    CAPTURE(seed);
    std::mt19937 random(seed);
    std::set<int> seen;
    for (int round = 1; round <= 15; ++round) {
      CAPTURE(round);
      const pid_t child = ::fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        for (int n = round * 1000;; ++n) {
          auto store = open_advisories(place.url);
          if (!store || !import(**store, state_of(n), n, {"debian:12"})) ::_exit(1);
        }
      }
      ::usleep(static_cast<useconds_t>(random() % static_cast<std::uint32_t>(3 * took + 1)));
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      CHECK(WIFSIGNALED(status));  // it did not stop by itself
      OPEN(store);
      std::set<std::string> versions;
      std::size_t rows = 0;
      for (int p = 0; p < 120; ++p) {
        for (const Advisory& one : open_rows(store, "debian:12", "p" + std::to_string(p))) {
          versions.insert(one.fixed_in);
          ++rows;
        }
      }
      CHECK(rows == 600);
      REQUIRE(versions.size() == 1);
      seen.insert(std::stoi(*versions.begin()));
      CHECK(state(store).records == 600);
      const auto found = store.search({.id = "CVE-3"});
      REQUIRE(found);
      CHECK(found->size() == 120);
    }
    CHECK(seen.size() > 1);  // some imports did get through
  }
}

TEST_CASE("advisory store: the folder is made with its parents, for its owner alone") {
  {
    const test::Folder folder;
    const std::string deep = folder.path + "/a/b/c";
    REQUIRE(open_advisories(deep));
    for (const std::string& part : {folder.path + "/a", folder.path + "/a/b", deep}) {
      struct stat st {};
      REQUIRE(::stat(part.c_str(), &st) == 0);
      CHECK((st.st_mode & 0777) == 0700);
    }
    CHECK(open_advisories(deep));
    std::filesystem::path file = folder.path + "/file";
    REQUIRE(::creat(file.c_str(), 0600) >= 0);
    const auto bad = open_advisories(file.string() + "/x");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == Errc::unavailable);
  }
}

namespace advisory_suite_detail {

std::vector<Change> changes_after(AdvisoryStore& store, std::int64_t after, std::size_t limit = 1000) {
  auto out = store.changes(after, limit);
  REQUIRE(out);
  return *std::move(out);
}

}  // namespace advisory_suite_detail

TEST_CASE("advisory store: what an import changes of what was known is noted, with what it takes to undo it") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, kThree, 1000, kBoth));
    CHECK(*store.last_change() == 0);  // a first import is no news
    Rows rows = kThree;
    rows[1] = {"debian:12", "zlib", row("CVE-2023-2", "1:1.2-4")};
    rows.emplace_back("debian:12", "bash", row("CVE-2023-2", "5.2"));
    rows.emplace_back("debian:13", "bash", row("CVE-2023-2", "5.2"));  // a namespace that nobody spoke of
    REQUIRE(import(store, rows, 2000, {"debian:11", "debian:12", "debian:13"}));
    const auto first = changes_after(store, 0);
    REQUIRE(first.size() == 2);
    CHECK(first[0].at == 2000);
    CHECK(first[0].feed == "debian");
    CHECK(first[0].name_space == "debian:12");
    CHECK(first[0].package == "bash");
    CHECK(first[0].vulnerability == "CVE-2023-2");
    CHECK(first[0].gone.empty());
    CHECK(first[0].come == std::vector{row("CVE-2023-2", "5.2")});
    CHECK(first[1].package == "zlib");
    CHECK(first[1].gone == std::vector{row("CVE-2023-2", "")});
    CHECK(first[1].come == std::vector{row("CVE-2023-2", "1:1.2-4")});
    CHECK(*store.last_change() == first[1].id);
    CHECK(changes_after(store, 0, 1).size() == 1);
    CHECK(changes_after(store, first[0].id).size() == 1);

    // In the same second, and by records: the order is that of the imports.
    REQUIRE(import(store, {{"debian:12", "zlib", row("CVE-2023-1", "1:1.2-9")}}, 2000, {}));
    REQUIRE(import(store, {}, 2000, {}, {}, {"CVE-2023-1"}));
    const auto second = changes_after(store, first[1].id);
    REQUIRE(second.size() == 3);
    CHECK(second[0].gone == std::vector{row("CVE-2023-1", "1:1.2-3")});
    CHECK(second[0].come == std::vector{row("CVE-2023-1", "1:1.2-9")});
    CHECK(second[1].name_space == "debian:11");  // told anew in debian:12 alone
    CHECK(second[1].come.empty());
    CHECK(second[2].name_space == "debian:12");
    CHECK(second[2].gone == std::vector{row("CVE-2023-1", "1:1.2-9")});
    CHECK(second[2].come.empty());

    REQUIRE(store.prune(3000));
    CHECK(changes_after(store, 0).empty());
    CHECK(*store.last_change() == second.back().id);  // numbers are not used twice
    REQUIRE(import(store, {{"debian:12", "zlib", row("CVE-2023-3", "1")}}, 4000, {}));
    const auto third = changes_after(store, 0);
    REQUIRE(third.size() == 1);
    CHECK(third[0].id == second.back().id + 1);
    // Thirty days later it is forgotten.
    REQUIRE(import(store, {{"debian:12", "zlib", row("CVE-2023-4", "1")}}, 4000 + 31 * 86400, {}));
    REQUIRE(changes_after(store, 0).size() == 1);
    CHECK(changes_after(store, 0)[0].vulnerability == "CVE-2023-4");
  }
}

TEST_CASE("advisory store: of texts a change of severity is noted, and of feeds without packages nothing else") {
  FOR_EACH_ENGINE {
    OPEN(store);
    VulnerabilityText low = text("CVE-2023-1", "a");
    low.severity = Severity::low;
    REQUIRE(import(store, kThree, 1000, kBoth, {low}));
    VulnerabilityText told = low;
    told.description = "told otherwise";
    REQUIRE(import(store, kThree, 2000, kBoth, {told}));
    CHECK(changes_after(store, 0).empty());
    VulnerabilityText high = told;
    high.severity = Severity::high;
    REQUIRE(import(store, kThree, 3000, kBoth, {high}));
    const auto rated = changes_after(store, 0);
    REQUIRE(rated.size() == 2);
    CHECK(std::set<std::string>{rated[0].name_space, rated[1].name_space} == std::set<std::string>{"debian:11", "debian:12"});
    CHECK(rated[0].vulnerability == "CVE-2023-1");
    CHECK(rated[0].package.empty());
    CHECK(rated[0].text_before.severity == Severity::low);
    CHECK(rated[0].text_before.description.empty());

    const auto nvd = [&](std::vector<std::pair<std::string, double>> scores, UnixTime at) {
      Rows rows;
      std::vector<VulnerabilityText> texts;
      for (const auto& [id, score] : scores) {
        rows.emplace_back("cve", "block", row(id, ""));
        texts.push_back(text(id, std::to_string(at)));
        if (score > 0) texts.back().cvss = {{.version = "3.1", .vector = "", .score = score}};
      }
      REQUIRE(import(store, rows, at, {"cve"}, texts, {}, false, "nvd"));
    };
    const std::int64_t before = *store.last_change();
    nvd({{"CVE-2023-1", 0}, {"CVE-2023-2", 5.0}}, 4000);
    CHECK(*store.last_change() == before);
    nvd({{"CVE-2023-1", 7.5}, {"CVE-2023-2", 5.0}, {"CVE-2023-3", 3.0}, {"CVE-2023-4", 0}}, 5000);
    const auto scored = changes_after(store, before);
    REQUIRE(scored.size() == 2);
    CHECK(scored[0].name_space == "cve");
    CHECK(scored[0].vulnerability == "CVE-2023-1");
    CHECK(scored[0].text_before.cvss.empty());
    CHECK(scored[1].vulnerability == "CVE-2023-3");
  }
}

TEST_CASE("advisory store: what clients say is news from its first word on") {
  FOR_EACH_ENGINE {
    OPEN(store);
    REQUIRE(import(store, {{"theirs", "zlib", row("X-1", "2")}}, 1000, {}, {}, {}, false, "api"));
    const auto noted = changes_after(store, 0);
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].feed == "api");
    CHECK(noted[0].name_space == "theirs");
    CHECK(noted[0].come == std::vector{row("X-1", "2")});
  }
}
