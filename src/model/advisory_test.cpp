// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/advisory.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <tuple>

using namespace eclair;

namespace advisory_test_detail {

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  std::string word(std::uint32_t longest = 12) {
    std::string out;
    for (std::uint32_t n = below(longest + 1); n > 0; --n) out += static_cast<char>(below(256));
    return out;
  }
  std::vector<std::string> words() {
    std::vector<std::string> out;
    for (std::uint32_t n = below(3) == 0 ? below(4) : 0; n > 0; --n) out.push_back(word());
    return out;
  }
  Advisory row() {
    Advisory a;
    a.vulnerability = "CVE-2024-" + std::to_string(below(40));
    if (below(3) == 0) a.record = word();
    a.aliases = words();
    a.references = words();
    a.status = static_cast<Status>(below(8));
    a.name_kind = static_cast<NameKind>(below(3));
    a.severity = static_cast<Severity>(below(6));
    if (below(2) == 0) a.severity_word = word();
    if (below(2) == 0) a.fixed_in = word();
    if (below(2) == 0) {
      a.ranges.push_back(Range{.upper = a.fixed_in});
    } else {
      for (std::uint32_t n = below(4); n > 0; --n) a.ranges.push_back(Range{word(), word(), below(2) == 0, below(2) == 0});
    }
    a.versions = words();
    a.arches = words();
    if (below(4) == 0) a.module = word();
    a.cpes = words();
    if (below(4) == 0) a.reason = word(200);
    return a;
  }
  VulnerabilityText text() {
    VulnerabilityText t;
    t.id = word();
    t.title = word();
    t.description = below(3) == 0 ? std::string(below(5000), static_cast<char>('a' + below(26))) : word(3000);
    t.urls = words();
    for (std::uint32_t n = below(3); n > 0; --n) t.cvss.push_back({word(), word(), below(2) == 0 ? -1.0 : below(101) / 10.0});
    t.severity = static_cast<Severity>(below(6));
    t.cwes = words();
    t.published = static_cast<UnixTime>(random_()) - 2'000'000'000;
    t.modified = below(2) == 0 ? 0 : -1;
    if (below(3) == 0) {
      for (VulnerabilityText::Cvss& one : t.cvss) one.source = word();
    }
    if (below(4) == 0) t.exploited = {static_cast<UnixTime>(random_()), below(2) == 0 ? 0 : static_cast<UnixTime>(random_()), below(2) == 0};
    if (below(4) == 0) t.epss = {below(100001) / 100000.0, below(2) == 0 ? -1.0 : below(100001) / 100000.0, static_cast<UnixTime>(random_())};
    if (below(4) == 0) t.given = GivenText{word(), word()};
    return t;
  }

 private:
  std::mt19937 random_;
};

template <class T>
std::string encoded(const T& value) {
  Encoder out;
  encode(value, out);
  return out.take();
}

}  // namespace advisory_test_detail
using namespace advisory_test_detail;

TEST_CASE("advisory: decode gives back what was encoded") {
  const std::uint32_t seed = 20240801;
  CAPTURE(seed);
  Maker maker(seed);
  for (int i = 0; i < 3000; ++i) {
    const Advisory row = maker.row();
    const std::string bytes = encoded(row);
    Decoder in(bytes);
    CHECK(decode_advisory(in) == row);
    CHECK(in.ok());
    CHECK(in.done());
    RowNames names;
    REQUIRE(row_names(bytes, names));
    CHECK(names.vulnerability == row.vulnerability);
    CHECK(names.record == row.record);
    CHECK(names.others.size() == row.aliases.size() + row.references.size());
    const VulnerabilityText text = maker.text();
    const std::string text_bytes = encoded(text);
    Decoder text_in(text_bytes);
    CHECK(decode_vulnerability(text_in) == text);
    CHECK(text_in.ok());
    CHECK(text_in.done());
  }
}

TEST_CASE("advisory: a text with nothing beside has the form it always had; more makes it version 2") {
  VulnerabilityText text;
  text.id = "CVE-1";
  text.cvss.push_back({"3.1", "V", 7.5});
  CHECK(encoded(text)[0] == 1);
  const std::size_t plain = encoded(text).size();
  text.epss = Epss{0.5, 0.75, 86400};
  CHECK(encoded(text)[0] == 2);
  CHECK(encoded(text).size() == plain + 1 + 8 + 8 + 3);
  text.epss.reset();
  text.cvss[0].source = "x";
  CHECK(encoded(text)[0] == 2);
  text.cvss[0].source.clear();
  text.exploited.emplace();
  CHECK(encoded(text)[0] == 2);
  text.given.emplace();
  CHECK(encoded(text)[0] == 3);
  text.exploited.reset();
  CHECK(encoded(text)[0] == 3);
}

TEST_CASE("advisory: a text of a version to come, or with a second form of the same, is refused") {
  VulnerabilityText text;
  text.id = "CVE-1";
  text.exploited = Exploited{86400, 0, true};
  const std::string good = encoded(text);
  const auto taken = [](std::string_view bytes) {
    Decoder in(bytes);
    decode_vulnerability(in);
    return in.ok() && in.done();
  };
  REQUIRE(taken(good));
  std::string newer = good;
  newer[0] = 4;
  CHECK_FALSE(taken(newer));
  newer[0] = 3;  // nothing was given
  CHECK_FALSE(taken(newer));
  VulnerabilityText given;
  given.id = "CVE-1";
  given.given = GivenText{"{}", "Defcon1"};
  std::string older = encoded(given);
  CHECK(taken(older));
  older[0] = 2;
  CHECK_FALSE(taken(older));
  std::string odd = good;
  odd.back() = 2;  // ransomware
  CHECK_FALSE(taken(odd));
  VulnerabilityText none;
  none.id = "CVE-1";
  std::string empty_more = encoded(none);
  empty_more[0] = 2;
  CHECK_FALSE(taken(empty_more));
  empty_more += '\0';
  CHECK_FALSE(taken(empty_more));
  empty_more.back() = 16;
  CHECK_FALSE(taken(empty_more));
  empty_more.back() = 1;  // says that scores have sources, and there is no score
  CHECK_FALSE(taken(empty_more));
}

TEST_CASE("advisory: a usual Debian row takes few bytes") {
  Advisory row;
  row.vulnerability = "CVE-2024-12345";
  row.status = Status::fixed;
  row.fixed_in = "1.2.13.dfsg-1";
  row.ranges = {Range{.upper = "1.2.13.dfsg-1"}};
  CHECK(encoded(row).size() == 1 + 15 + 1 + 14);
}

TEST_CASE("advisory: a cut row or text is noticed at every length") {
  Maker maker(7);
  for (int i = 0; i < 50; ++i) {
    const std::string row = encoded(maker.row()), text = encoded(maker.text());
    for (std::size_t n = 0; n < row.size(); ++n) {
      Decoder in(std::string_view(row).substr(0, n));
      decode_advisory(in);
      CHECK_FALSE(in.ok());
    }
    for (std::size_t n = 0; n < text.size(); n += 1 + text.size() / 97) {
      Decoder in(std::string_view(text).substr(0, n));
      decode_vulnerability(in);
      CHECK_FALSE(in.ok());
    }
  }
}

TEST_CASE("advisory: chunks hold all rows, sorted, whatever the order they came in") {
  const std::uint32_t seed = 99;
  CAPTURE(seed);
  Maker maker(seed);
  std::mt19937 shuffle(seed);
  for (const std::size_t count : {0u, 1u, 2u, 50u, 3000u}) {
    CAPTURE(count);
    std::vector<Advisory> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back(maker.row());
    const auto chunks = encode_chunks(rows);
    std::shuffle(rows.begin(), rows.end(), shuffle);
    CHECK(encode_chunks(rows) == chunks);
    std::vector<Advisory> back;
    for (const std::string& chunk : chunks) REQUIRE(decode_chunk(chunk, back));
    CHECK(back.size() == rows.size());
    const auto before = [](const Advisory& a, const Advisory& b) { return row_before(encoded(a), encoded(b)); };
    CHECK(std::is_sorted(back.begin(), back.end(), before));
    CHECK(std::is_sorted(back.begin(), back.end(), [](const Advisory& a, const Advisory& b) {
      return std::tie(a.vulnerability, a.record) < std::tie(b.vulnerability, b.record);
    }));
    std::sort(rows.begin(), rows.end(), before);
    CHECK(rows == back);
    std::vector<std::string> raw;
    for (const std::string& chunk : chunks) REQUIRE(unpack_rows(chunk, raw));
    CHECK(pack_rows({raw.begin(), raw.end()}) == chunks);
  }
}

TEST_CASE("advisory: a chunk stays below its bound, and a larger row is one alone") {
  std::vector<Advisory> rows;
  for (int i = 0; i < 4000; ++i) {
    Advisory row;
    row.vulnerability = "CVE-2024-" + std::to_string(10000 + i);
    row.reason = std::string(40, 'x');
    rows.push_back(row);
  }
  rows[2000].versions.assign(20000, "1.2.3-4");
  const auto chunks = encode_chunks(rows);
  std::size_t large = 0;
  for (const std::string& chunk : chunks) {
    std::vector<std::string> raw;
    REQUIRE(unpack_rows(chunk, raw));
    std::size_t bytes = 2;
    for (const std::string& row : raw) bytes += row.size() + (row.size() < 128 ? 1 : 3);
    if (bytes <= kChunkBytes) continue;
    ++large;
    CHECK(raw.size() == 1);
  }
  CHECK(large == 1);
  CHECK(chunks.size() > 4);
}

TEST_CASE("advisory: damaged chunks are refused") {
  Maker maker(3);
  std::vector<Advisory> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(maker.row());
  const std::string chunk = encode_chunks(rows).front();
  std::vector<Advisory> into;
  const auto code = [&](std::string bytes) {
    const auto result = decode_chunk(bytes, into);
    return result ? Errc::internal : result.error().code;
  };
  CHECK(code("") == Errc::invalid_input);
  CHECK(code(std::string(1, '\1')) == Errc::invalid_input);
  CHECK(code(chunk.substr(0, chunk.size() - 1)) == Errc::invalid_input);
  CHECK(code(chunk + "x") == Errc::invalid_input);
  CHECK(code(std::string("\1\7", 2) + chunk.substr(2)) == Errc::invalid_input);
  CHECK(code(std::string("\0\0\0", 3)) == Errc::invalid_input);
  CHECK(code(std::string("\2\0\0", 3)) == Errc::unsupported);
  CHECK(code(std::string("\1\0\xff\xff\xff\xff\x0f", 7)) == Errc::invalid_input);  // says it has billions of rows
  CHECK(decode_chunk(std::string("\1\0\0", 3), into));
}

TEST_CASE("advisory: the words of status and severity") {
  for (int i = 0; i < 8; ++i) {
    Status back = Status::unknown;
    CHECK(parse(name(static_cast<Status>(i)), back));
    CHECK(back == static_cast<Status>(i));
  }
  const std::pair<const char*, Severity> known[] = {
      {"Unknown", Severity::unknown}, {"negligible", Severity::negligible}, {"LOW", Severity::low},      {"Medium", Severity::medium},
      {"MODERATE", Severity::medium}, {"Important", Severity::high},        {"high", Severity::high},    {"critical", Severity::critical},
      {"Defcon1", Severity::critical}};
  for (const auto& [word, severity] : known) {
    const auto& this_word = word;  // clang cannot capture a binding
    CAPTURE(this_word);
    Severity back = Severity::unknown;
    CHECK(parse(word, back));
    CHECK(back == severity);
  }
  for (const char* word : {"", "hig", "unimportant", "low*", " low"}) {
    const auto& this_word = word;  // clang cannot capture a binding
    CAPTURE(this_word);
    Severity back = Severity::high;
    CHECK_FALSE(parse(word, back));
    CHECK(back == Severity::high);
  }
  Status status = Status::fixed;
  CHECK_FALSE(parse("Fixed", status));
}
