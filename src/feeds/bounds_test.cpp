// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// What one notice, definition or entry may cost, whatever a stranger writes into it.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "feeds/feed.h"
#include "feeds/oval.h"
#include "feeds/rpm_notice.h"

namespace eclair::feeds {
namespace bounds_test_detail {

class Keeps final : public AdvisorySink {
 public:
  Result<> advisory(std::string_view, std::string_view, Advisory row) override {
    rows.push_back(std::move(row));
    return {};
  }
  Result<> vulnerability(VulnerabilityText text) override {
    texts.push_back(std::move(text));
    return {};
  }
  void complete(std::string_view, std::string_view) override {}
  Result<> remove(std::string_view) override { return {}; }
  void bad_record(std::string) override {}
  std::vector<Advisory> rows;
  std::vector<VulnerabilityText> texts;
};

/// A notice of two flaws and `builds` packages.
Result<> emit(int builds, const Limits& limits, Keeps& into) {
  RpmNotice notice;
  notice.id = "XX-2024:1";
  notice.flaws.resize(2);
  notice.flaws[0].id = "CVE-2024-1";
  notice.flaws[1].id = "CVE-2024-2";
  for (int i = 0; i < builds; ++i) REQUIRE(notice.add("almalinux:9", "p" + std::to_string(i), "1-1.el9", "x86_64", ""));
  return notice.emit(limits, Cancel{}, into);
}

/// A definition whose criterion says what it is about in very many words, and nothing else that is large.
std::string oval_of(std::size_t comment_bytes) {
  return R"(<oval_definitions><definitions><definition class="vulnerability" id="d:1"><metadata><title>t</title></metadata><criteria><criterion test_ref="t:1" comment=")" +
         std::string(comment_bytes, 'x') + R"("/></criteria></definition></definitions></oval_definitions>)";
}

Result<int> definitions_in(const std::string& document, const Limits& limits) {
  int count = 0;
  const MemorySource bytes(document);
  const auto done = oval::read(bytes, limits, Cancel{}, [&](oval::Definition&) -> Result<> {
    ++count;
    return {};
  });
  if (!done) return fail(done.error());
  return count;
}

}  // namespace bounds_test_detail
using namespace bounds_test_detail;

TEST_CASE("bounds: a notice gives feed_record_rows rows and no more") {
  Limits limits;
  limits.feed_record_rows = 10;
  Keeps fits;
  CHECK(emit(5, limits, fits));
  CHECK(fits.rows.size() == 10);
  Keeps too_many;
  const auto refused = emit(6, limits, too_many);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::limit);
  CHECK(refused.error().text.find("feed_record_rows") != std::string::npos);
  CHECK(too_many.rows.empty());
}

TEST_CASE("bounds: a definition of OVAL holds feed_member_bytes, the words of its criteria included") {
  Limits limits;
  limits.feed_member_bytes = 20'000;
  const auto fits = definitions_in(oval_of(15'000), limits);
  REQUIRE_MESSAGE(fits, fits.error().text);
  CHECK(*fits == 1);
  const auto refused = definitions_in(oval_of(20'000), limits);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::limit);
  CHECK(refused.error().text.find("feed_member_bytes") != std::string::npos);
}

TEST_CASE("bounds: of one kind of NVD's scores the first 32 are kept") {
  std::string document = R"({"vulnerabilities":[{"cve":{"id":"CVE-2024-0001","metrics":{"cvssMetricV31":[)";
  for (int i = 0; i < 40; ++i) {
    document += std::string(i == 0 ? "" : ",") + R"({"type":"Primary","source":"s)" + std::to_string(i) + R"(","cvssData":{"vectorString":"v)" + std::to_string(i) + R"(","baseScore":5}})";
  }
  document += "]}}}]}";
  Keeps kept;
  const MemorySource bytes(document);
  const auto done = find_feed("nvd")->parse("nvd.json", bytes, Limits{}, Cancel{}, kept);
  REQUIRE_MESSAGE(done, done.error().text);
  REQUIRE(kept.texts.size() == 1);
  REQUIRE(kept.texts[0].cvss.size() == 32);
  CHECK(kept.texts[0].cvss.front().source == "s0");
  CHECK(kept.texts[0].cvss.back().source == "s31");
}

}  // namespace eclair::feeds
