// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "match/match.h"
#include "support/fake_advisories.h"
#include "util/json.h"

// Real package lists (by dpkg-query) against advisories in the security tracker's shape, with answers computed by
// `dpkg --compare-versions`; and made-up advisories of every status. Needs the data sets beside the repository; skipped without.

namespace eclair::match {
namespace tracker_test_detail {

const std::string kImages = ECLAIR_SOURCE_DIR "/../shared/tools/images/";

/// Keeps the text that a document's values point into.
struct File {
  std::string text;
  json::Document document;
  json::Value root;

  bool load(const std::string& path) {
    std::ifstream in(path);
    if (!in) return false;
    std::ostringstream bytes;
    bytes << in.rdbuf();
    text = bytes.str();
    auto parsed = document.parse(text);
    REQUIRE(parsed.has_value());
    root = *parsed;
    return true;
  }
};

/// As the feed's parser maps a release of the tracker, in short.
Advisory advisory(std::string_view id, json::Value release) {
  Advisory out;
  out.vulnerability = id;
  const std::string_view status = release["status"].string(), fixed = release["fixed_version"].string(),
                         why = release["nodsa_reason"].string();
  if (status == "undetermined") out.status = Status::under_investigation;
  if (status == "resolved") {
    out.status = fixed == "0" ? Status::not_affected : Status::fixed;
    out.fixed_in = fixed;
  }
  if (status == "open") {
    out.status = why == "ignored" ? Status::will_not_fix : why == "postponed" ? Status::fix_deferred : Status::affected;
    if (release["urgency"].string() == "end-of-life") out.status = Status::end_of_life;
  }
  return out;
}

void fill(test::FakeAdvisories& store, json::Value tracker, std::string_view suite, const std::string& name_space) {
  tracker.each_member([&](std::string_view source, json::Value ids) {
    ids.each_member([&](std::string_view id, json::Value about) {
      if (!about["releases"][suite]) return true;
      store::AdvisoryRow row;
      row.feed = "debian";
      row.name_space = name_space;
      row.package = source;
      row.advisory = advisory(id, about["releases"][suite]);
      store.add(std::move(row));
      return true;
    });
    return true;
  });
}

Inventory inventory_of(json::Value truth) {
  Inventory out;
  Os os;
  os.id = truth["os"]["id"].string();
  os.version = truth["os"]["version_id"].string();
  out.systems = {os};
  out.had_package_database = true;
  truth["packages"].each([&](json::Value each) {
    Occurrence one;
    one.package.type = each["type"].string();
    one.package.name = each["name"].string();
    one.package.version = each["version"].string();
    one.package.arch = each["arch"].string();
    one.package.source_name = each["source"].string();
    one.package.source_version = each["source_version"].string();
    out.packages.push_back(std::move(one));
    return true;
  });
  return out;
}

/// "source CVE fix": the source by which the deciding row was met.
std::set<std::string> found(const Inventory& inventory, test::FakeAdvisories& store) {
  const Cancel stop;
  const auto result = match_image(inventory, store, {}, stop);
  REQUIRE(result.has_value());
  std::set<std::string> out;
  for (const Finding& each : result->findings) {
    const PackageVersion& package = inventory.packages[each.package].package;
    out.insert(std::string(package.source()) + " " + each.vulnerability + " " + each.fixed_in);
  }
  return out;
}

}  // namespace tracker_test_detail
using namespace tracker_test_detail;  // NOLINT: one test file

TEST_CASE("real images have exactly the vulnerabilities that dpkg's own comparison gives") {
  File tracker;
  if (!tracker.load(kImages + "debian-advisories.json")) {
    MESSAGE("skipped: ../shared/tools/images is not here");
    return;
  }
  struct Case {
    const char *image, *suite, *name_space;
  };
  const Case cases[] = {{"debian-bullseye", "bullseye", "debian:11"},
                        {"debian-bookworm", "bookworm", "debian:12"},
                        {"debian-bookworm-layers", "bookworm", "debian:12"},
                        {"debian-trixie", "trixie", "debian:13"}};
  for (const Case& each : cases) {
    CAPTURE(each.image);
    File truth, answers;
    REQUIRE(truth.load(kImages + "expected/" + each.image + ".json"));
    REQUIRE(answers.load(kImages + "expected/" + each.image + "-vulns.json"));
    test::FakeAdvisories store;
    fill(store, tracker.root, each.suite, each.name_space);
    const Inventory inventory = inventory_of(truth.root);
    CHECK(name_space(inventory.systems[0]) == each.name_space);
    std::set<std::string> want;
    answers.root["vulnerabilities"].each([&](json::Value one) {
      want.insert(std::string(one["source"].string()) + " " + std::string(one["cve"].string()) + " " +
                  std::string(one["fixed_version"].string()));
      return true;
    });
    CHECK(!want.empty());
    CHECK(found(inventory, store) == want);
  }
}

TEST_CASE("made-up advisories of every status are reported as they should") {
  File tracker, answers, truth;
  if (!tracker.load(kImages + "debian-edge-advisories.json")) {
    MESSAGE("skipped: ../shared/tools/images is not here");
    return;
  }
  REQUIRE(answers.load(kImages + "expected/debian-edge.json"));
  REQUIRE(truth.load(kImages + "expected/" + std::string(answers.root["image"].string()) + ".json"));
  test::FakeAdvisories store;
  fill(store, tracker.root, "bookworm", "debian:12");
  std::set<std::string> got;
  for (const std::string& each : found(inventory_of(truth.root), store)) got.insert(each.substr(0, each.rfind(' ')));
  std::size_t judged = 0;
  answers.root["cases"].each([&](json::Value one) {
    const std::string id(one["cve"].string()), about(one["about"].string());
    CAPTURE(id);
    CAPTURE(about);
    if (one["reported"].kind() != json::Kind::boolean) return true;  // "either"
    CHECK(got.count(std::string(one["source"].string()) + " " + id) == (one["reported"].boolean() ? 1u : 0u));
    ++judged;
    return true;
  });
  CHECK(judged > 10);
}

}  // namespace eclair::match
