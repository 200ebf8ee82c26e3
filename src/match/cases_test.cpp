// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "match/judge.h"
#include "util/json.h"
#include "version/scheme.h"

// Runs tests/cases/match/*.json: one package, rows, and what judge_all() must make of them. A member that a wanted finding does not
// name is not compared. Every case is judged a second time with its rows turned round: their order must not matter.

namespace eclair::match {
namespace cases_test_detail {

std::vector<std::string> strings(json::Value list) {
  std::vector<std::string> out;
  list.each([&](json::Value each) {
    out.emplace_back(each.string());
    return true;
  });
  return out;
}

PackageVersion package_of(json::Value in, std::string_view type) {
  PackageVersion out;
  out.type = in["type"].string(type);
  out.name = in["name"].string();
  out.version = in["version"].string();
  out.arch = in["arch"].string();
  out.source_name = in["source_name"].string();
  out.source_version = in["source_version"].string();
  out.module = in["module"].string();
  out.vendor = in["vendor"].string();
  return out;
}

store::AdvisoryRow row_of(json::Value in, std::string_view name_space) {
  store::AdvisoryRow out;
  out.feed = in["feed"].string("debian");
  out.name_space = in["namespace"].string(name_space);
  out.package = in["package"].string();
  Advisory& advisory = out.advisory;
  advisory.vulnerability = in["vulnerability"].string();
  advisory.aliases = strings(in["aliases"]);
  advisory.references = strings(in["references"]);
  advisory.record = in["record"].string();
  REQUIRE(parse(in["status"].string(), advisory.status));
  if (in["severity"]) REQUIRE(parse(in["severity"].string(), advisory.severity));
  const std::string_view kind = in["kind"].string("source");
  advisory.name_kind = kind == "binary" ? NameKind::binary : kind == "both" ? NameKind::both : NameKind::source;
  advisory.fixed_in = in["fixed_in"].string();
  in["ranges"].each([&](json::Value each) {
    Range range;
    range.introduced = each["introduced"].string();
    range.upper = each["upper"].string();
    range.upper_inclusive = each["inclusive"].boolean();
    range.semver = each["semver"].boolean();
    advisory.ranges.push_back(range);
    return true;
  });
  advisory.versions = strings(in["versions"]);
  advisory.arches = strings(in["arches"]);
  advisory.module = in["module"].string();
  advisory.cpes = strings(in["cpes"]);
  advisory.reason = in["reason"].string();
  return out;
}

void compare(const Finding& got, json::Value want) {
  REQUIRE(!got.evidence.empty());
  const Judgement& first = got.evidence.front();
  CHECK(got.vulnerability == want["vulnerability"].string());
  const auto same = [&](const char* member, std::string_view value) {
    CAPTURE(member);
    if (want[member]) CHECK(value == want[member].string());
  };
  same("status", name(got.status));
  same("fixed_in", got.fixed_in);
  same("severity", name(got.severity));
  same("severity_source", got.severity_source);
  same("rule", first.rule);
  same("package_name", first.package_name);
  same("installed_version", first.installed_version);
  std::vector<std::string> feeds, records;
  for (const Judgement& each : got.evidence) {
    feeds.push_back(each.feed);
    records.push_back(each.record);
  }
  if (want["feeds"]) CHECK(feeds == strings(want["feeds"]));
  if (want["records"]) CHECK(records == strings(want["records"]));
  if (want["aliases"]) CHECK(got.aliases == strings(want["aliases"]));
  if (want["references"]) CHECK(got.references == strings(want["references"]));
}

void run(json::Value file, json::Value one) {
  const std::string name_space(one["namespace"].string(file["namespace"].string()));
  Occurrence occurrence;
  occurrence.package = package_of(one["package"], file["type"].string("deb"));
  occurrence.cpes = strings(one["cpes"]);
  occurrence.repositories = strings(one["repositories"]);
  std::vector<store::AdvisoryRow> rows;
  one["rows"].each([&](json::Value each) {
    rows.push_back(row_of(each, name_space));
    return true;
  });
  for (int turn = 0; turn < 2; ++turn) {
    CAPTURE(turn);
    std::vector<const store::AdvisoryRow*> pointers;
    for (const store::AdvisoryRow& row : rows) pointers.push_back(&row);
    const Verdict verdict = judge_all(occurrence, name_space, pointers);
    REQUIRE(verdict.findings.size() == one["want"].size());
    std::size_t i = 0;
    one["want"].each([&](json::Value want) {
      compare(verdict.findings[i++], want);
      return true;
    });
    REQUIRE(verdict.unjudged.size() == one["unjudged"].size());
    i = 0;
    one["unjudged"].each([&](json::Value want) {
      const Unjudged& got = verdict.unjudged[i++];
      CHECK(got.vulnerability == want["vulnerability"].string());
      CHECK(got.why == want["why"].string());
      CHECK(got.installed_at_fault == want["installed"].boolean());
      return true;
    });
    std::reverse(rows.begin(), rows.end());
  }
}

}  // namespace cases_test_detail

TEST_CASE("judgements, case by case") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(ECLAIR_SOURCE_DIR "/tests/cases/match")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 6);
  for (const auto& path : files) {
    std::ifstream in(path);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    const std::string text = bytes.str();
    json::Document document;
    const auto file = document.parse(text);
    const std::string shown = path.filename().string();
    CAPTURE(shown);
    REQUIRE(file.has_value());
    REQUIRE((*file)["cases"].size() > 0);
    (*file)["cases"].each([&](json::Value one) {
      const std::string about(one["about"].string());
      CAPTURE(about);
      if (one["needs_no_semver"].boolean() && version::find_scheme("semver") != nullptr) return true;
      cases_test_detail::run(*file, one);
      return true;
    });
  }
}

}  // namespace eclair::match
