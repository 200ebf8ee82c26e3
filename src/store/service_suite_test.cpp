// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/service_store.h"
#include "support/engines.h"
#include "support/random.h"

using namespace eclair;
using namespace eclair::store;

namespace service_suite_detail {

using test::each_engine;
using test::Place;

PackageVersion package(const std::string& name, const std::string& version, const std::string& source = "") {
  PackageVersion out;
  out.type = "deb";
  out.name = name;
  out.version = version;
  out.source_name = source;
  return out;
}

LayerRecord record(const std::string& content) {
  LayerRecord out;
  out.digest = sha256(content);
  out.blob_bytes = 1000;
  out.packages = {package("a", "1")};
  PathListBuilder builder;
  builder.add(PathKind::file, "usr/share/" + content);
  out.paths = builder.finish();
  return out;
}

Os debian() {
  Os os;
  os.id = "debian";
  os.version = "12";
  return os;
}

Node node(const std::string& name, std::int64_t parent, std::vector<std::uint64_t> added, std::vector<std::uint64_t> removed = {}) {
  Node out;
  out.name = name;
  out.parent = parent;
  out.os = debian();
  out.name_space = "debian:12";
  out.revision = 7;
  PackageGroup group;
  group.name_space = "debian:12";
  std::sort(added.begin(), added.end());
  group.packages = std::move(added);
  if (!group.packages.empty()) out.delta.added = {group};
  out.delta.removed = std::move(removed);
  return out;
}

std::unique_ptr<ServiceStore> open(const Place& place) {
  auto store = open_service_store(place.url);
  REQUIRE_MESSAGE(store, (store ? "" : store.error().text));
  return std::move(*store);
}

std::vector<std::string> names(const Result<std::vector<ServiceStore::NodeName>>& found) {
  REQUIRE(found);
  std::vector<std::string> out;
  for (const auto& one : *found) out.push_back(one.name);
  return out;
}

}  // namespace service_suite_detail
using namespace service_suite_detail;

TEST_CASE("service store: a delta comes back as it was, and a damaged one is refused") {
  Delta delta;
  PackageGroup plain, special;
  plain.name_space = "debian:12";
  plain.packages = {1, 2, 3, 1000, 1u << 20};
  special.os = debian();
  special.repositories = {"rhel-8-baseos", "rhel-8-appstream"};
  special.owned = true;
  special.packages = {5};
  delta.added = {plain, special};
  delta.removed = {7, 9};
  const std::string stored = encode(delta);
  const auto back = decode_delta(stored);
  REQUIRE(back);
  CHECK(*back == delta);
  CHECK(encode(*back) == stored);
  for (std::size_t size = 0; size < stored.size(); ++size) CHECK_FALSE(decode_delta(stored.substr(0, size)));
  CHECK(decode_delta("\x02").error().code == Errc::unsupported);
}

TEST_CASE("service store: layers come back by name and by number, with their record, after the store was opened anew") {
  const Place place(each_engine());
  std::int64_t base = 0, top = 0;
  const LayerRecord record_of_base = record("base");
  {
    auto store = open(place);
    const auto numbers = store->intern({package("a", "1"), package("b", "2", "src"), package("a", "1")});
    REQUIRE(numbers);
    CHECK((*numbers)[0] == (*numbers)[2]);
    CHECK(*store->packages(*numbers) == std::vector{package("a", "1"), package("b", "2", "src"), package("a", "1")});
    base = store->put_node(node("base", 0, {(*numbers)[0]}), nullptr).value_or(0);
    REQUIRE(base > 0);
    Node upper = node("top", base, {(*numbers)[1]}, {(*numbers)[0]});
    upper.record = record_of_base.digest;
    top = store->put_node(upper, &record_of_base).value_or(0);
    REQUIRE(top > base);
    // A name that is taken stays what it is.
    CHECK(store->put_node(node("top", 0, {}), nullptr).value_or(0) == top);
  }
  auto store = open(place);
  const auto found = store->node(Scope::v1, "top");
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->id == top);
  CHECK((*found)->parent == base);
  CHECK((*found)->record == record_of_base.digest);
  CHECK((*found)->os == debian());
  CHECK((*found)->name_space == "debian:12");
  CHECK((*found)->revision == 7);
  CHECK((*found)->delta.added.size() == 1);
  CHECK((*found)->delta.removed.size() == 1);
  CHECK((*store->node(top))->name == "top");
  CHECK(**store->layer_record(record_of_base.digest) == record_of_base);
  CHECK_FALSE(*store->node(Scope::image, "top"));
  CHECK_FALSE(*store->node(Scope::v1, "other"));
  CHECK((*store->mark(Scope::v1, "top"))->id == top);
  CHECK(store->namespaces() == std::vector<std::string>{"debian:12"});
}

TEST_CASE("service store: a layer read anew keeps its number and gets another mark") {
  const Place place(each_engine());
  auto store = open(place);
  const auto numbers = *store->intern({package("a", "1"), package("b", "1")});
  const std::int64_t id = *store->put_node(node("one", 0, {numbers[0]}), nullptr);
  const auto before = *store->mark(Scope::v1, "one");
  Node anew = node("one", 0, {numbers[1]});
  anew.revision = 8;
  REQUIRE(store->replace_node(id, anew, nullptr));
  const auto after = *store->mark(Scope::v1, "one");
  CHECK(after->id == before->id);
  CHECK(after->version != before->version);
  CHECK((*store->node(id))->revision == 8);
  CHECK(names(store->adding("debian:12", {numbers[0]}, 0, 10)).empty());
  CHECK(names(store->adding("debian:12", {numbers[1]}, 0, 10)) == std::vector<std::string>{"one"});
}

TEST_CASE("service store: from a package to the layers that add it, by pages, in the namespace asked for") {
  const Place place(each_engine());
  auto store = open(place);
  const auto numbers = *store->intern({package("libssl3", "3.0", "openssl"), package("openssl", "3.0"), package("zlib1g", "1")});
  for (int i = 0; i < 10; ++i) {
    Node one = node("layer" + std::to_string(i), 0, {numbers[static_cast<std::size_t>(i % 2)]});
    if (i == 4) one.delta.added[0].name_space = "ubuntu:22.04";
    REQUIRE(store->put_node(one, nullptr));
  }
  const auto versions = store->versions_of("openssl");
  REQUIRE(versions);
  REQUIRE(versions->size() == 2);
  CHECK((*versions)[0].number == numbers[0]);
  CHECK((*versions)[1].package == package("openssl", "3.0"));
  REQUIRE(store->intern({package("linux-image", "6", "linux-signed-amd64"), package("linux-signed", "6"), package("other", "6", "linux-sign")}));
  REQUIRE(store->versions_from("linux-signed"));
  CHECK(store->versions_from("linux-signed")->size() == 1);
  CHECK(store->versions_from("\xff")->empty());
  std::vector<std::string> all;
  std::int64_t after = 0;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = store->adding("debian:12", {numbers[0], numbers[1]}, after, 2);
    REQUIRE(page);
    if (page->empty()) break;
    CHECK(page->size() <= 2);
    for (const auto& one : *page) all.push_back(one.name);
    after = page->back().id;
  }
  CHECK(all == std::vector<std::string>{"layer0", "layer1", "layer2", "layer3", "layer5", "layer6", "layer7", "layer8", "layer9"});
  CHECK(names(store->adding("ubuntu:22.04", {numbers[0], numbers[1]}, 0, 10)) == std::vector<std::string>{"layer4"});
  CHECK(names(store->adding("nowhere:1", {numbers[0]}, 0, 10)).empty());
}

TEST_CASE("service store: with a layer go its descendants, their records where nobody else has them, and their images") {
  const Place place(each_engine());
  auto store = open(place);
  const auto numbers = *store->intern({package("a", "1")});
  const LayerRecord shared = record("shared"), own = record("own");
  const auto put = [&](const std::string& name, std::int64_t parent, const LayerRecord& of) {
    Node one = node(name, parent, {numbers[0]});
    one.record = of.digest;
    return *store->put_node(one, &of);
  };
  const std::int64_t base = put("base", 0, shared), mid = put("mid", base, own), top = put("top", mid, own), beside = put("beside", 0, shared);
  StoredImage image;
  image.digest = sha256("image");
  image.names = {"app:1"};
  image.nodes = {base, mid, top};
  REQUIRE(store->put_image(image));
  CHECK(*store->remove_node(mid));
  CHECK_FALSE(*store->node(mid));
  CHECK_FALSE(*store->node(top));
  CHECK(*store->node(base));
  CHECK(*store->node(beside));
  CHECK_FALSE(*store->layer_record(own.digest));
  CHECK(*store->layer_record(shared.digest));
  CHECK_FALSE(*store->image("app:1"));
  CHECK(names(store->adding("debian:12", numbers, 0, 10)) == std::vector<std::string>{"base", "beside"});
  CHECK_FALSE(*store->remove_node(mid));
  // Numbers are never used twice.
  CHECK(put("again", base, own) > top);
  CHECK(store->put_node(node("orphan", mid, {}), nullptr).error().code == Errc::not_found);
}

TEST_CASE("service store: images by digest and by name; what no image has any more goes with the last one") {
  const Place place(each_engine());
  auto store = open(place);
  const auto put_layer = [&](const std::string& name, std::int64_t parent) {
    Node one = node(name, parent, {});
    one.scope = Scope::image;
    return *store->put_node(one, nullptr);
  };
  const std::int64_t base = put_layer("chain1", 0), left = put_layer("chain2", base), right = put_layer("chain3", base);
  StoredImage one, two;
  one.digest = sha256("one");
  one.names = {"registry/app:1", "registry/app:latest"};
  one.nodes = {base, left};
  one.document = "first";
  one.seen = 100;
  two.digest = sha256("two");
  two.names = {"registry/app:latest"};
  two.nodes = {base, right};
  two.seen = 200;
  REQUIRE(store->put_image(one));
  REQUIRE(store->put_image(two));
  CHECK((*store->image("registry/app:latest"))->digest == two.digest);
  CHECK((*store->image("registry/app:1"))->document == "first");
  CHECK((*store->image(one.digest.text))->names == std::vector<std::string>{"registry/app:1"});
  CHECK(store->images("", 10)->size() == 2);
  CHECK(store->images_with({base}, "", 10)->size() == 2);
  const Digest first = store->images_with({base}, "", 1)->front().digest;
  REQUIRE(store->images_with({base}, first.text, 10)->size() == 1);
  CHECK(store->images_with({base}, first.text, 10)->front().digest > first);
  CHECK(store->images_with({right}, "", 10)->front().digest == two.digest);
  CHECK(*store->expire(150) == 1);
  CHECK_FALSE(*store->image(one.digest.text));
  CHECK_FALSE(*store->node(left));
  CHECK(*store->node(base));
  CHECK(*store->remove_image("registry/app:latest"));
  CHECK_FALSE(*store->node(base));
  CHECK_FALSE(*store->remove_image("registry/app:latest"));
}

TEST_CASE("service store: layers for an image that was never put are forgotten with what is old") {
  const Place place(each_engine());
  auto store = open(place);
  const auto put_layer = [&](const std::string& name, std::int64_t parent) {
    Node one = node(name, parent, {});
    one.scope = Scope::image;
    return *store->put_node(one, nullptr);
  };
  const std::int64_t base = put_layer("chain1", 0), kept = put_layer("chain2", base), orphan = put_layer("chain3", base), above = put_layer("chain4", orphan);
  const UnixTime later = now() + 1000;
  StoredImage image;
  image.digest = sha256("one");
  image.nodes = {base, kept};
  image.seen = later;
  REQUIRE(store->put_image(image));
  CHECK(*store->expire(100) == 0);
  while (*store->expire(later) > 0) {
  }
  CHECK_FALSE(*store->node(orphan));
  CHECK_FALSE(*store->node(above));
  CHECK(*store->node(base));
  CHECK(*store->node(kept));
}

TEST_CASE("service store: notifications are made once, whoever comes first, and offered until they are read") {
  const Place place(each_engine());
  auto store = open(place);
  StoredNotification one;
  one.name = "one";
  one.created = 10;
  one.content = std::string("a\0b", 3);
  CHECK(store->cursor() == "");
  CHECK(*store->last_notification() == 0);
  REQUIRE(store->put_notifications({one}, "", "5"));
  CHECK(*store->last_notification() == store->notifications(0, 10)->at(0).id);
  CHECK(store->cursor() == "5");
  StoredNotification late = one;
  late.name = "late";
  CHECK(store->put_notifications({late}, "", "6").error().code == Errc::conflict);
  CHECK_FALSE(*store->notification("late"));
  CHECK((*store->notification("one"))->content == one.content);
  CHECK(store->pending(100, 10)->size() == 1);
  CHECK(*store->mark_notified("one", 100));
  CHECK(store->pending(100, 10)->empty());
  CHECK(store->pending(101, 10)->size() == 1);
  CHECK(*store->mark_read("one", 200));
  CHECK(*store->mark_read("one", 300));
  CHECK((*store->notification("one"))->read == 200);
  CHECK(store->pending(1000, 10)->empty());
  CHECK_FALSE(*store->mark_read("other", 1));
  CHECK(store->notifications(0, 10)->size() == 1);
  CHECK(*store->drop_read(201) == 1);
  CHECK_FALSE(*store->notification("one"));
}

TEST_CASE("service store: a notification is one node's to send at a time, to each target") {
  const Place place(each_engine());
  auto store = open(place), other = open(place);
  std::vector<StoredNotification> made(5);
  for (std::size_t i = 0; i < made.size(); ++i) made[i].name = std::to_string(i);
  REQUIRE(store->put_notifications(made, "", "1"));
  REQUIRE(store->mark_read("1", 50));
  const auto names = [](const Result<std::vector<ServiceStore::Delivery>>& claimed) {
    REQUIRE(claimed);
    std::string out;
    for (const auto& one : *claimed) out += one.notification.name + (one.attempts > 0 ? "!" : "");
    return out;
  };
  const auto mine = store->claim("a", "me", 600, 2);
  CHECK(names(mine) == "0");  // of the two first, one was read
  CHECK(names(other->claim("a", "you", 600, 2)) == "23");
  CHECK(names(other->claim("a", "you", 600, 10)) == "4");
  CHECK(names(store->claim("a", "me", 600, 10)) == "");
  CHECK(names(store->claim("b", "me", 0, 1)) == "0");   // another target is told by itself
  CHECK(names(other->claim("b", "you", 600, 10)) == "0234");  // my claim was over at once

  const std::int64_t first = mine->front().notification.id;
  // Accepted, and to be told again at once until it is read; not accepted; accepted for good.
  REQUIRE(store->settle("a", "me", {{.notification = first, .accepted = true, .again_seconds = 0}}, {}));
  CHECK((*store->notification("0"))->notified > 0);
  REQUIRE(other->settle("a", "you", {{.notification = first + 2, .attempts = 3, .again_seconds = 0}, {.notification = first + 3, .accepted = true, .over = true}}, {}));
  CHECK(names(store->claim("a", "me", 600, 10)) == "02!");
  REQUIRE(store->settle("a", "me", {{.notification = first, .accepted = true, .again_seconds = 1000}, {.notification = first + 2, .accepted = true, .again_seconds = 0}}, {}));
  REQUIRE(store->mark_read("2", 60));
  CHECK(names(store->claim("a", "me", 600, 10)) == "");
  // Of whoever lost his claim nothing is taken.
  REQUIRE(store->settle("b", "me", {{.notification = first, .over = true}}, {}));
  REQUIRE(other->settle("b", "you", {{.notification = first, .again_seconds = 0}}, {}));
  CHECK(names(store->claim("b", "me", 600, 10)) == "0");

  // Where it is over for all targets, it is as good as read.
  REQUIRE(store->settle("b", "me", {{.notification = first, .accepted = true, .over = true}}, {"a", "b"}));
  CHECK((*store->notification("0"))->read == 0);
  REQUIRE(other->settle("b", "you", {{.notification = first + 3, .accepted = true, .over = true}}, {"a", "b"}));
  CHECK((*store->notification("3"))->read > 0);
  CHECK(*store->drop_read(2000000000000) == 3);
}

TEST_CASE("service store: a lease has one owner until it ends") {
  const Place place(each_engine());
  auto store = open(place), other = open(place);
  CHECK(*store->lease("updater", "me", 600));
  CHECK(*store->lease("updater", "me", 600));
  CHECK_FALSE(*other->lease("updater", "you", 600));
  CHECK(*other->lease("notifier", "you", 600));
  REQUIRE(store->release("updater", "me"));
  CHECK(*other->lease("updater", "you", 0));
  CHECK(*store->lease("updater", "me", 600));  // that one ended at once
  CHECK_FALSE(*other->value("updater/last"));
  REQUIRE(store->set_value("updater/last", "1456247389"));
  REQUIRE(store->set_value("updater/last", "1456247390"));
  CHECK((*other->value("updater/last")) == "1456247390");
}

TEST_CASE("service store: many threads and two openings write at once; every layer is there once, and one that cannot be put harms no other") {
  const Place place(each_engine());
  auto store = open(place), other = open(place);
  std::vector<std::thread> threads;
  std::atomic<int> refused{0}, failed{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      ServiceStore& mine = t % 2 == 0 ? *store : *other;
      for (int i = 0; i < 25; ++i) {
        const auto numbers = mine.intern({package("p" + std::to_string(i), "1"), package("common", "1")});
        if (!numbers) {
          ++failed;
          continue;
        }
        if (!mine.put_node(node("shared" + std::to_string(i), 0, *numbers), nullptr)) ++failed;
        if (!mine.put_node(node("own" + std::to_string(t) + "-" + std::to_string(i), 0, *numbers), nullptr)) ++failed;
        if (!mine.put_node(node("orphan" + std::to_string(t), 999999, *numbers), nullptr)) ++refused;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  CHECK(failed == 0);
  CHECK(refused == 8 * 25);
  CHECK(store->counts()->bytes > 4096);
  CHECK(store->counts()->layers == 25 + 8 * 25);
  CHECK(store->counts()->packages == 26);
  const auto common = store->versions_of("common");
  REQUIRE(common);
  REQUIRE(common->size() == 1);
  CHECK(names(store->adding("debian:12", {(*common)[0].number}, 0, 1000)).size() == 25 + 8 * 25);
}

TEST_CASE("service store: of several notifiers at once one moves the cursor, and keeps what it made") {
  const Place place(each_engine());
  std::vector<std::thread> threads;
  std::vector<std::string> faults(4);
  std::atomic<int> made{0};
  for (std::size_t t = 0; t < faults.size(); ++t) {
    threads.emplace_back([&, t] {
      const auto store = open_service_store(place.url);
      if (!store) {
        faults[t] = store.error().text;
        return;
      }
      while (true) {
        const auto stands = (*store)->cursor();
        if (!stands) {
          faults[t] = stands.error().text;
          return;
        }
        const int next = stands->empty() ? 1 : std::stoi(*stands) + 1;
        if (next > 20) return;
        StoredNotification one;
        one.name = std::to_string(next) + "-" + std::to_string(t);
        const auto done = (*store)->put_notifications({one}, *stands, std::to_string(next));
        if (done) ++made;
        else if (done.error().code != Errc::conflict) faults[t] = done.error().text;
      }
    });
  }
  for (std::thread& one : threads) one.join();
  for (const std::string& fault : faults) CHECK(fault == "");
  auto store = open(place);
  CHECK(store->cursor() == "20");
  CHECK(made == 20);
  const auto kept = store->notifications(0, 100);
  REQUIRE(kept);
  std::set<std::string> steps;
  for (const StoredNotification& one : *kept) steps.insert(one.name.substr(0, one.name.find('-')));
  CHECK(kept->size() == 20);
  CHECK(steps.size() == 20);
}

TEST_CASE("service store: of several nodes at once each notification is one's to send, the first time and again") {
  const Place place(each_engine());
  constexpr int kMade = 60;
  {
    auto store = open(place);
    std::vector<StoredNotification> made;
    for (int i = 0; i < kMade; ++i) {
      StoredNotification one;
      one.name = std::to_string(i);
      made.push_back(one);
    }
    REQUIRE(store->put_notifications(made, "", "1"));
  }
  for (const char* const round : {"first", "again"}) {
    CAPTURE(round);
    std::vector<std::thread> threads;
    std::vector<std::string> faults(4);
    std::vector<std::vector<std::string>> taken(4);
    for (std::size_t t = 0; t < faults.size(); ++t) {
      threads.emplace_back([&, t] {
        const auto store = open_service_store(place.url);
        if (!store) {
          faults[t] = store.error().text;
          return;
        }
        for (int empty = 0; empty < 3;) {
          const auto some = (*store)->claim("hook", "node" + std::to_string(t), 600, 1 + t);  // each by another measure
          if (!some && some.error().code != Errc::conflict) faults[t] = some.error().text;
          if (!some || some->empty()) {
            ++empty;
            continue;
          }
          std::vector<ServiceStore::Outcome> outcomes;
          for (const ServiceStore::Delivery& one : *some) {
            taken[t].push_back(one.notification.name);
            ServiceStore::Outcome outcome;
            outcome.notification = one.notification.id;
            outcome.attempts = 1;
            outcome.again_seconds = 600;
            outcomes.push_back(outcome);
          }
          if (std::string_view(round) == "first") continue;  // held for ten minutes
          if (const auto done = (*store)->settle("hook", "node" + std::to_string(t), outcomes, {}); !done) faults[t] = done.error().text;
        }
      });
    }
    for (std::thread& one : threads) one.join();
    for (const std::string& fault : faults) CHECK(fault == "");
    std::multiset<std::string> all;
    for (const auto& some : taken) all.insert(some.begin(), some.end());
    CHECK(all.size() == kMade);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == kMade);
    // Whoever held them gives them back, due at once.
    auto store = open(place);
    for (std::size_t t = 0; t < faults.size(); ++t) {
      for (const std::string& name : taken[t]) {
        ServiceStore::Outcome outcome;
        outcome.notification = (*store->notification(name))->id;
        REQUIRE(store->settle("hook", "node" + std::to_string(t), {outcome}, {}));
      }
    }
  }
}

TEST_CASE("service store: layers are removed while others are put on them; none hangs in the air") {
  const Place place(each_engine());
  auto store = open(place), other = open(place);
  const LayerRecord of_all = record("shared");
  std::vector<std::thread> threads;
  std::vector<std::string> faults(4);
  for (std::size_t t = 0; t < faults.size(); ++t) {
    threads.emplace_back([&, t] {
      ServiceStore& mine = t % 2 == 0 ? *store : *other;
      for (int i = 0; i < 40; ++i) {
        Node base = node("base" + std::to_string(i % 5), 0, {}), top = node("top" + std::to_string(t) + "-" + std::to_string(i), 0, {});
        base.record = top.record = of_all.digest;
        const auto parent = mine.put_node(base, &of_all);
        if (!parent) {
          if (parent.error().code != Errc::conflict) faults[t] = parent.error().text;
          continue;
        }
        top.parent = *parent;
        const auto put = mine.put_node(top, nullptr);  // the parent, or the record, may be gone
        if (!put && put.error().code != Errc::not_found && put.error().code != Errc::conflict) faults[t] = put.error().text;
        if (i % 3 == 0) {
          const auto removed = mine.remove_node(*parent);
          if (!removed && removed.error().code != Errc::conflict) faults[t] = removed.error().text;
        }
      }
    });
  }
  for (std::thread& one : threads) one.join();
  for (const std::string& fault : faults) CHECK(fault == "");
  std::size_t left = 0;
  for (std::size_t t = 0; t < faults.size(); ++t) {
    for (int i = 0; i < 40; ++i) {
      const auto top = store->node(Scope::v1, "top" + std::to_string(t) + "-" + std::to_string(i));
      REQUIRE(top);
      if (!*top) continue;
      ++left;
      CHECK(*store->node((*top)->parent));
      CHECK((*top)->record == of_all.digest);
      CHECK(*store->layer_record(of_all.digest));
    }
  }
  CHECK(left > 0);
}
