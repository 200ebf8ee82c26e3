// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/json_members.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "support/random.h"

namespace eclair::feeds {
namespace json_members_test_detail {

/// Gives at most a few bytes a read, so that every boundary falls everywhere.
class Trickle final : public ByteSource {
 public:
  Trickle(std::string bytes, std::size_t piece) : bytes_(std::move(bytes)), piece_(piece) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    return MemorySource(bytes_).read_at(offset, into.first(std::min(into.size(), piece_)));
  }

 private:
  std::string bytes_;
  std::size_t piece_;
};

/// Members of the outer container as "key=value", with objects and arrays one level down entered when `deep`.
Result<std::string> cut(const ByteSource& in, bool deep, const Limits& limits = {}) {
  MemberReader reader(in, limits);
  std::string out;
  ECLAIR_TRY(const char outer, reader.peek());
  ECLAIR_CHECK_OK(reader.enter(outer));
  while (true) {
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) break;
    out += std::string(reader.key()) + "=";
    ECLAIR_TRY(const char kind, reader.peek());
    if (deep && (kind == '{' || kind == '[')) {
      ECLAIR_CHECK_OK(reader.enter(kind));
      while (true) {
        ECLAIR_TRY(const bool inner, reader.next());
        if (!inner) break;
        ECLAIR_TRY(const std::string_view value, reader.value());
        out += "<" + std::string(kind == '{' ? reader.key() : "") + ":" + std::string(value) + ">";
      }
    } else {
      ECLAIR_TRY(const std::string_view value, reader.value());
      out += value;
    }
    out += ";";
  }
  ECLAIR_CHECK_OK(reader.finish());
  return out;
}

/// Reads to the end, taking nothing.
Result<> skip_all(const ByteSource& in) {
  MemberReader reader(in, Limits{});
  ECLAIR_TRY(const char outer, reader.peek());
  ECLAIR_CHECK_OK(reader.enter(outer));
  while (true) {
    ECLAIR_TRY(const bool more, reader.next());
    if (!more) return reader.finish();
  }
}

}  // namespace json_members_test_detail
using namespace json_members_test_detail;

TEST_CASE("json members: documents are cut at their members, wherever reads end") {
  struct {
    const char *text, *members, *deep;
  } const cases[] = {
      {"{}", "", ""},
      {" [ ] \n", "", ""},
      {R"({"a":1})", "a=1;", "a=1;"},
      {R"( {"a" : {"x":[1,"}"]} , "b":[ 2 , 3 ],"c":"t" } )", R"(a={"x":[1,"}"]};b=[ 2 , 3 ];c="t";)", R"(a=<x:[1,"}"]>;b=<:2><:3>;c="t";)"},
      {R"({"q\"\\":"\"","e":"\\","u\u00e9":null})", "q\"\\=\"\\\"\";e=\"\\\\\";u\xc3\xa9=null;", "q\"\\=\"\\\"\";e=\"\\\\\";u\xc3\xa9=null;"},
      {R"([true,false,-1.5e3,"x"])", R"(=true;=false;=-1.5e3;="x";)", R"(=true;=false;=-1.5e3;="x";)"},
      {R"({"a":"\\\\\"]}","b":{}})", R"(a="\\\\\"]}";b={};)", R"(a="\\\\\"]}";b=;)"},
      {R"({"":[]})", "=[];", "=;"},
  };
  for (const auto& one : cases) {
    for (const std::size_t piece : {1u, 2u, 3u, 7u, 1000u}) {
      CAPTURE(one.text);
      CAPTURE(piece);
      const Trickle in(one.text, piece);
      const auto flat = cut(in, false), deep = cut(in, true);
      REQUIRE(flat);
      REQUIRE(deep);
      CHECK(*flat == one.members);
      CHECK(*deep == one.deep);
      CHECK(skip_all(in));
    }
  }
}

TEST_CASE("json members: what is no document is refused with the place") {
  for (const char* text : {"", " ", "{", "[", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":1,)", R"({"a":1,})", R"({"a" 1})", R"({a:1})", R"({"a":1 "b":2})", R"({"a":"x)",
                           R"({"a":"x\")", R"({"a":{"b":1})", R"({"a":1}x)", R"([1,])", R"([,1])", R"([1 2])", R"({"a":})", R"({"a"::1})", R"({"\x":1})", "{\"\x80\":1}",
                           "5", "\"x\""}) {
    CAPTURE(text);
    for (const std::size_t piece : {1u, 1000u}) {
      const Trickle in(text, piece);
      const auto done = cut(in, false);
      REQUIRE_FALSE(done);
      CHECK(done.error().code == Errc::invalid_input);
      CHECK(done.error().text.find("json: ") == 0);
      CHECK(done.error().text.find(" at byte ") != std::string::npos);
    }
  }
  CHECK(cut(MemorySource(R"({"a":"x")"), false).error().text == "json: ends early at byte 8");
  CHECK(cut(MemorySource(R"({"a":1,,"b":2})"), false).error().text == "json: no key at byte 7");
}

TEST_CASE("json members: depth and size are bounded, by name") {
  Limits limits;
  limits.json_depth = 8;
  limits.feed_member_bytes = 1000;
  CHECK(cut(MemorySource("{\"a\":" + std::string(7, '[') + std::string(7, ']') + "}"), false, limits));
  const auto deep = cut(MemorySource("{\"a\":" + std::string(8, '[') + std::string(8, ']') + "}"), false, limits);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == Errc::limit);
  CHECK(deep.error().text.find("json_depth (8)") != std::string::npos);
  CHECK(cut(MemorySource("[\"" + std::string(998, 'x') + "\"]"), false, limits));
  for (const std::size_t size : {999u, 2'000'000u}) {
    const auto large = cut(MemorySource("[\"" + std::string(size, 'x') + "\"]"), false, limits);
    REQUIRE_FALSE(large);
    CHECK(large.error().code == Errc::limit);
    CHECK(large.error().text.find("feed_member_bytes (1000)") != std::string::npos);
  }
  CHECK(skip_all(MemorySource("[\"" + std::string(2'000'000, 'x') + "\"]")));  // what is skipped is not held
  const std::string bomb(3'000'000, '[');
  CHECK_FALSE(skip_all(MemorySource(bomb)));
}

TEST_CASE("json members: random documents come out member by member as they were put together") {
  const std::uint64_t seed = test::seed_or(42);
  CAPTURE(seed);
  test::Random random(seed);
  const auto text = [&] {
    std::string out = "\"";
    for (std::size_t n = random.below(30); n > 0; --n) {
      const char* const pieces[] = {"a", "\\\"", "\\\\", "{", "}", "[", "]", ",", ":", "\\u0041", " "};
      out += pieces[random.below(std::size(pieces))];
    }
    return out + "\"";
  };
  for (int round = 0; round < 300; ++round) {
    std::string document = "[", want;
    for (std::size_t n = random.below(20); n > 0; --n) {
      std::string value = text();
      for (std::size_t depth = random.below(5); depth > 0; --depth) value = random.one_in(2) ? "[" + value + "," + text() + "]" : "{" + text() + ":" + value + "}";
      want += "=" + value + ";";
      document += (document.size() > 1 ? "," : "") + value;
    }
    document += "]";
    CAPTURE(document);
    const auto got = cut(Trickle(document, 1 + random.below(9)), false);
    REQUIRE(got);
    CHECK(*got == want);
    CHECK(skip_all(Trickle(document, 1 + random.below(9))));
  }
}

}  // namespace eclair::feeds
