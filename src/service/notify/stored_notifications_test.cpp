// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// From imports and clients' changes to notifications, over the real stores.
#include "service/notify/stored_notifications.h"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "service/notify/notification_content.h"
#include "service/layers/stored_layers.h"
#include "service/classic/stored_vulnerabilities.h"
#include "support/image_files.h"

using namespace eclair;
using namespace eclair::service;

namespace stored_notifications_test_detail {

using Side = Notifications::Side;

/// A service whose clock stands still, so that nothing can depend on it.
struct House {
  test::TempFolder folder;
  std::unique_ptr<store::ServiceStore> store;
  Advisories advisories;
  std::unique_ptr<Vulnerabilities> vulnerabilities;
  std::unique_ptr<Notifications> notifications;
  std::unique_ptr<Layers> layers;
  std::int64_t seen = 0;

  House()
      : store(*store::open_service_store(folder.at("data"))),
        advisories(folder.at("data")),
        vulnerabilities(make_vulnerabilities(advisories, [] { return UnixTime{5000}; })),
        notifications(make_notifications(*store, advisories)) {
    LayerSettings settings;
    settings.fetch.local_files = true;
    layers = make_layers(*store, advisories, settings);
  }

  struct Row {
    std::string vulnerability, package, fixed;
    Severity severity = Severity::high;
    std::vector<std::string> aliases{};
  };
  void knows(const std::string& name_space, const std::vector<Row>& rows, const std::string& feed = "debian", const std::vector<VulnerabilityText>& texts = {}) {
    auto known = *store::open_advisories(folder.at("data"));
    auto import = *known->begin_import(feed, "test", 5000);
    for (const Row& one : rows) {
      Advisory row;
      row.vulnerability = one.vulnerability;
      row.aliases = one.aliases;
      row.status = one.fixed.empty() ? Status::affected : Status::fixed;
      row.severity = one.severity;
      row.fixed_in = one.fixed;
      if (!one.fixed.empty()) row.ranges = {Range{"", one.fixed}};
      REQUIRE(import->advisory(name_space, one.package, row));
    }
    for (const VulnerabilityText& text : texts) REQUIRE(import->vulnerability(text));
    import->complete(name_space);
    REQUIRE(import->commit(true));
  }
  static VulnerabilityText text(const std::string& id, const std::string& description, Severity severity) {
    VulnerabilityText out;
    out.id = id;
    out.description = description;
    out.severity = severity;
    return out;
  }

  /// Names of the notifications made since the last look.
  std::vector<std::string> news() {
    const auto made = make_news(*store, advisories, 6000);
    const std::string why = made ? "" : made.error().text;
    INFO(why);
    REQUIRE(made);
    std::vector<std::string> out;
    const auto all = *store->notifications(seen, 1000);
    for (const auto& one : all) {
      seen = one.id;
      out.push_back(one.name);
    }
    CHECK(out.size() == *made);
    return out;
  }
  static std::string brief(const std::optional<Vulnerability>& one) {
    if (!one) return "none";
    std::string out = one->name_space + " " + one->name + " " + std::string(name(one->severity));
    for (const Fix& fix : one->fixes) out += " " + fix.feature + "<" + fix.version;
    return out;
  }
  /// "before => after" of each new notification.
  std::vector<std::string> told() {
    std::vector<std::string> out;
    for (const std::string& name : news()) {
      const auto one = notifications->get(name);
      REQUIRE(one);
      REQUIRE(*one);
      out.push_back(brief((*one)->before) + " => " + brief((*one)->after));
    }
    return out;
  }
  std::vector<std::string> hits(const std::string& name, Side side, std::int64_t after = 0, std::size_t limit = 100) {
    const auto one = notifications->get(name);
    REQUIRE(*one);
    const auto found = notifications->layers(**one, side, after, limit);
    REQUIRE(found);
    std::vector<std::string> out;
    for (const auto& layer : *found) out.push_back(layer.name);
    return out;
  }
  void post(const std::string& name, const std::string& parent, const std::vector<std::array<std::string, 2>>& packages) {
    test::Files files = {{"etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n"}};
    std::string status;
    for (const auto& [package, version] : packages) {
      status += "Package: " + package + "\nStatus: install ok installed\nArchitecture: amd64\nMaintainer: Debian <d@debian.org>\nVersion: " + version + "\n\n";
    }
    files["var/lib/dpkg/status"] = status;
    LayerPost layer;
    layer.name = name;
    layer.parent = parent;
    layer.path = folder.write(name + ".tar", files.tar());
    REQUIRE_FALSE(layers->post(layer, Cancel{}));
  }
};

using Lines = std::vector<std::string>;

}  // namespace stored_notifications_test_detail
using namespace stored_notifications_test_detail;

TEST_CASE("notifications: the first import of a feed makes none, a change of what was known makes one for each vulnerability") {
  House house;
  CHECK(house.told().empty());
  house.knows("debian:12", {{"CVE-1", "zlib", "1.2"}, {"CVE-2", "zlib", ""}, {"CVE-3", "bash", ""}});
  CHECK(house.told().empty());
  house.knows("debian:11", {{"CVE-1", "zlib", "1.1"}});  // a release that nobody spoke of
  CHECK(house.told().empty());

  house.knows("debian:12", {{"CVE-1", "zlib", "1.3"}, {"CVE-2", "zlib", ""}, {"CVE-2", "minizip", "9"}, {"CVE-4", "bash", "5.2", Severity::low}});
  CHECK(house.told() == Lines{"debian:12 CVE-3 high bash< => none", "none => debian:12 CVE-4 low bash<5.2",
                              "debian:12 CVE-2 high zlib< => debian:12 CVE-2 high minizip<9 zlib<", "debian:12 CVE-1 high zlib<1.2 => debian:12 CVE-1 high zlib<1.3"});
  CHECK(house.told().empty());

  // Several imports between two looks, all in one second: one notification, from the first state to the last.
  house.knows("debian:12", {{"CVE-1", "zlib", "1.4"}, {"CVE-2", "zlib", ""}, {"CVE-2", "minizip", "9"}, {"CVE-4", "bash", "5.2", Severity::low}});
  house.knows("debian:12", {{"CVE-1", "zlib", "1.5"}, {"CVE-2", "zlib", ""}, {"CVE-2", "minizip", "8"}, {"CVE-4", "bash", "5.2", Severity::low}});
  house.knows("debian:12", {{"CVE-1", "zlib", "1.6"}, {"CVE-2", "zlib", ""}, {"CVE-2", "minizip", "9"}, {"CVE-4", "bash", "5.2", Severity::medium}});
  CHECK(house.told() == Lines{"debian:12 CVE-1 high zlib<1.3 => debian:12 CVE-1 high zlib<1.6", "debian:12 CVE-4 low bash<5.2 => debian:12 CVE-4 medium bash<5.2"});
}

TEST_CASE("notifications: texts make one where they rate a vulnerability that nobody else rates") {
  House house;
  const std::vector<House::Row> rows = {{"CVE-1", "zlib", "1.2", Severity::unknown}, {"CVE-2", "zlib", "1.2", Severity::high}};
  house.knows("debian:12", rows, "debian", {House::text("CVE-1", "a", Severity::unknown), House::text("CVE-2", "a", Severity::unknown)});
  house.knows("cve", {{"CVE-2", "x", ""}}, "nvd", {House::text("CVE-2", "b", Severity::low)});
  CHECK(house.told().empty());
  house.knows("debian:12", rows, "debian", {House::text("CVE-1", "told otherwise", Severity::unknown), House::text("CVE-2", "a", Severity::low)});
  CHECK(house.told().empty());
  house.knows("cve", {{"CVE-1", "x", ""}, {"CVE-2", "x", ""}}, "nvd", {House::text("CVE-1", "b", Severity::medium), House::text("CVE-2", "b", Severity::critical)});
  CHECK(house.told() == Lines{"debian:12 CVE-1 unknown zlib<1.2 => debian:12 CVE-1 medium zlib<1.2"});
  house.knows("debian:12", rows, "debian", {House::text("CVE-1", "c", Severity::low), House::text("CVE-2", "a", Severity::low)});
  CHECK(house.told() == Lines{"debian:12 CVE-1 medium zlib<1.2 => debian:12 CVE-1 low zlib<1.2"});
}

TEST_CASE("notifications: what a client writes makes one from its first word on, also within a second") {
  House house;
  CHECK(house.told().empty());  // sets the cursor
  Vulnerability mine;
  mine.name = "MINE-1";
  mine.name_space = "theirs:1";
  mine.link = "http://x/";
  mine.severity = Severity::low;
  mine.fixes = {{"zlib", "1.2"}};
  REQUIRE(house.vulnerabilities->put(mine));
  CHECK(house.told() == Lines{"none => theirs:1 MINE-1 low zlib<1.2"});
  REQUIRE(house.vulnerabilities->put(mine));
  CHECK(house.told().empty());
  mine.fixes = {{"zlib", "1.3"}};
  REQUIRE(house.vulnerabilities->put(mine));
  CHECK(house.told() == Lines{"theirs:1 MINE-1 low zlib<1.2 => theirs:1 MINE-1 low zlib<1.3"});
  REQUIRE(house.vulnerabilities->put_fix("theirs:1", "MINE-1", {"bash", ""}));
  CHECK(house.told() == Lines{"theirs:1 MINE-1 low zlib<1.3 => theirs:1 MINE-1 low bash< zlib<1.3"});
  mine.description = "said anew";
  mine.fixes.clear();
  REQUIRE(house.vulnerabilities->put(mine));
  const auto described = house.news();
  REQUIRE(described.size() == 1);
  const auto one = *house.notifications->get(described[0]);
  CHECK(one->before->description.empty());
  CHECK(one->after->description == "said anew");
  CHECK(one->after->link == "http://x/");
  mine.severity = Severity::critical;
  mine.severity_word = "Defcon1";
  REQUIRE(house.vulnerabilities->put(mine));
  CHECK(house.told() == Lines{"theirs:1 MINE-1 low bash< zlib<1.3 => theirs:1 MINE-1 critical bash< zlib<1.3"});
  REQUIRE(house.vulnerabilities->remove("theirs:1", "MINE-1"));
  CHECK(house.told() == Lines{"theirs:1 MINE-1 critical bash< zlib<1.3 => none"});
  // Made and removed between two looks: nobody saw it.
  REQUIRE(house.vulnerabilities->put(mine));
  REQUIRE(house.vulnerabilities->remove("theirs:1", "MINE-1"));
  CHECK(house.told().empty());
}

TEST_CASE("notifications: a client's word over that of a feed") {
  House house;
  house.knows("debian:12", {{"CVE-1", "zlib", "1.2"}});
  CHECK(house.told().empty());
  REQUIRE(house.vulnerabilities->put_fix("debian:12", "CVE-1", {"zlib", "9"}));
  CHECK(house.told() == Lines{"debian:12 CVE-1 high zlib<1.2 => debian:12 CVE-1 high zlib<9"});
  house.knows("debian:12", {{"CVE-1", "zlib", "1.3"}});  // nobody sees that now
  CHECK(house.told().empty());
  REQUIRE(house.vulnerabilities->remove("debian:12", "CVE-1"));
  CHECK(house.told() == Lines{"debian:12 CVE-1 high zlib<9 => none"});
}

TEST_CASE("notifications: the layers of each side, by the rows of that side, whatever is known later") {
  House house;
  house.post("base", "", {{"zlib", "1.2"}});
  house.post("middle", "base", {{"zlib", "1.2"}, {"bash", "5"}});
  house.post("top", "middle", {{"zlib", "1.3"}, {"bash", "5"}});
  house.knows("debian:12", {{"CVE-1", "zlib", "1.3"}});
  CHECK(house.told().empty());
  house.knows("debian:12", {{"CVE-1", "zlib", "1.4"}, {"CVE-2", "bash", ""}});
  const auto made = house.news();
  REQUIRE(made.size() == 2);
  CHECK(house.hits(made[0], Side::before).empty());
  CHECK(house.hits(made[0], Side::after) == Lines{"middle"});
  CHECK(house.hits(made[1], Side::before) == Lines{"base"});
  CHECK(house.hits(made[1], Side::after) == Lines{"base", "top"});
  CHECK(house.hits(made[1], Side::after, 0, 1) == Lines{"base"});
  house.knows("debian:12", {{"CVE-1", "zlib", "9"}});
  CHECK(house.hits(made[1], Side::before) == Lines{"base"});
  CHECK(house.hits(made[0], Side::after) == Lines{"middle"});
  house.post("late", "", {{"zlib", "1.2-1"}, {"bash", "4"}});  // a layer that came after is hit all the same
  CHECK(house.hits(made[0], Side::after) == Lines{"middle", "late"});
}

TEST_CASE("notifications: another node's cursor, and advisories that were removed") {
  House house;
  house.knows("debian:12", {{"CVE-1", "zlib", "1.2"}});
  CHECK(house.told().empty());
  house.knows("debian:12", {{"CVE-1", "zlib", "1.3"}});
  auto second = *store::open_service_store(house.folder.at("data"));
  Advisories theirs(house.folder.at("data"));
  CHECK(*make_news(*second, theirs, 1) == 1);
  CHECK(*make_news(*house.store, house.advisories, 1) == 0);
  // The cursor is beyond what a new store of advisories has: it begins anew.
  REQUIRE(house.store->put_notifications({}, *house.store->cursor(), "4711"));
  CHECK(*make_news(*house.store, house.advisories, 1) == 0);
  CHECK(*house.store->cursor() == "1");
  house.knows("debian:12", {{"CVE-1", "zlib", "1.4"}});
  CHECK(*make_news(*house.store, house.advisories, 1) == 1);
}

TEST_CASE("notifications: read and unknown ones, and stored bytes that are damaged") {
  House house;
  CHECK_FALSE(*house.notifications->get("none"));
  CHECK_FALSE(*house.notifications->mark_read("none", 7));
  house.knows("debian:12", {{"CVE-1", "zlib", "1.2"}});
  CHECK(house.told().empty());
  house.knows("debian:12", {{"CVE-1", "zlib", "1.3", Severity::high, {"GHSA-1"}}});
  const auto made = house.news();
  REQUIRE(made.size() == 1);
  CHECK(made[0].size() == 36);
  CHECK(*house.notifications->mark_read(made[0], 7));
  CHECK((*house.notifications->get(made[0]))->read == 7);
  CHECK((*house.notifications->get(made[0]))->created == 6000);

  const auto stored = *house.store->notification(made[0]);
  const auto whole = decode_notification(stored->content);
  REQUIRE(whole);
  CHECK(encode(*whole) == stored->content);
  CHECK(whole->after->rows[0].advisory.aliases == Lines{"GHSA-1"});
  for (std::size_t size = 0; size < stored->content.size(); ++size) CHECK_FALSE(decode_notification(stored->content.substr(0, size)));
}
