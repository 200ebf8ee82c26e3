// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/zip.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/zip_writer.h"

namespace eclair::feeds {
namespace zip_test_detail {

using test::ZipWriter;

// "hello hello hello hello" by Python's zlib.compressobj(9, zlib.DEFLATED, -15)
const std::string kDeflated("\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01", 10);
const std::string kPlain = "hello hello hello hello";

ZipWriter::Member deflated(std::string name) {
  ZipWriter::Member m;
  m.name = std::move(name);
  m.bytes = kDeflated;
  m.crc = ZipWriter::crc32(kPlain);
  m.size = kPlain.size();
  m.method = 8;
  return m;
}

/// All members as "name=bytes;".
Result<std::string> unpack(const std::string& archive, const Limits& limits = {}) {
  const MemorySource in(archive);
  const Cancel stop;
  ECLAIR_TRY(ZipReader zip, ZipReader::open(in, limits));
  std::string out;
  ZipMember member;
  while (true) {
    ECLAIR_TRY(const bool more, zip.next(member));
    if (!more) return out;
    ECLAIR_TRY(const auto bytes, zip.read(member, stop));
    ECLAIR_TRY(const std::string all, read_all(*bytes, 1u << 20));
    out += member.name + "=" + all + ";";
  }
}

Errc code_of(const std::string& archive, const Limits& limits = {}) {
  const auto done = unpack(archive, limits);
  INFO((done ? *done : done.error().text));
  REQUIRE_FALSE(done);
  CHECK(done.error().text.find("zip: ") == 0);
  return done.error().code;
}

}  // namespace zip_test_detail
using namespace zip_test_detail;

TEST_CASE("zip: stored and deflated members, comments, zip64") {
  ZipWriter zip;
  zip.add("a.json", "{}");
  zip.add(deflated("b/c.json"));
  zip.add("empty", "");
  ZipWriter::Member large = deflated("64");
  large.zip64 = true;
  zip.add(large);
  const std::string want = "a.json={};b/c.json=" + kPlain + ";empty=;64=" + kPlain + ";";
  CHECK(*unpack(zip.finish()) == want);
  CHECK(*unpack(zip.finish("a comment PK\5\6 of the archive")) == want);
  CHECK(*unpack(zip.finish("", true)) == want);
  CHECK(*unpack(ZipWriter().finish()) == "");
  CHECK(is_zip(zip.finish()));
  CHECK(is_zip(ZipWriter().finish()));
  CHECK_FALSE(is_zip("PK"));
  CHECK_FALSE(is_zip("{\"a\":1}"));
}

TEST_CASE("zip: an archive cut anywhere is refused") {
  ZipWriter zip;
  zip.add("a.json", "{}");
  zip.add(deflated("b.json"));
  const std::string whole = zip.finish("c", true);
  for (std::size_t n = 0; n < whole.size(); ++n) {
    CAPTURE(n);
    CHECK(code_of(whole.substr(0, n)) == Errc::invalid_input);
  }
}

TEST_CASE("zip: a zip64 end that is not before its locator is refused") {
  ZipWriter zip;
  zip.add("a.json", "{}");
  const std::string whole = zip.finish("", true);
  const std::size_t locator = whole.size() - 22 - 20;
  const auto pointing_to = [&](std::uint64_t offset) {
    std::string out = whole;
    for (int i = 0; i < 8; ++i) out[locator + 8 + i] = static_cast<char>(offset >> 8 * i);
    return out;
  };
  CHECK(unpack(pointing_to(locator - 56)));
  for (const std::uint64_t offset : {std::uint64_t{locator - 55}, std::uint64_t{locator}, std::uint64_t{whole.size()}, ~std::uint64_t{0} - 55, ~std::uint64_t{0}}) {
    CAPTURE(offset);
    const auto refused = unpack(pointing_to(offset));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text == "zip: the zip64 end lies outside");
  }
}

TEST_CASE("zip: members that are not what they say are refused") {
  const auto one = [](auto change) {
    ZipWriter::Member m = deflated("a");
    change(m);
    ZipWriter zip;
    zip.add(m);
    return zip.finish();
  };
  CHECK(code_of(one([](auto& m) { m.crc ^= 1; })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.size += 1; })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.size -= 1; })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.size = 1u << 30; })) == Errc::invalid_input);  // more than deflate can do
  CHECK(code_of(one([](auto& m) { m.bytes[3] = '\xff'; })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.bytes.pop_back(); })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.method = 0; })) == Errc::invalid_input);
  CHECK(code_of(one([](auto& m) { m.method = 12; })) == Errc::unsupported);
  CHECK(code_of(one([](auto& m) { m.flags = 1; })) == Errc::unsupported);
}

TEST_CASE("zip: bounds") {
  ZipWriter zip;
  for (int i = 0; i < 10; ++i) zip.add("m" + std::to_string(i), std::string(100, 'x'));
  Limits few;
  few.feed_documents = 9;
  CHECK(code_of(zip.finish(), few) == Errc::limit);
  Limits small;
  small.feed_bytes = 99;
  CHECK(code_of(zip.finish(), small) == Errc::limit);
  std::string lying = zip.finish();
  lying[lying.size() - 12] = '\xff';  // 255 members in a directory of ten
  CHECK(code_of(lying) == Errc::invalid_input);
}

TEST_CASE("zip: a changed byte is noticed, or changes no content") {
  ZipWriter zip;
  zip.add("a.json", "{\"a\":1}");
  zip.add(deflated("b.json"));
  const std::string whole = zip.finish();
  const auto contents = [](const std::string& archive) -> Result<std::string> {  // names are not covered by a checksum
    ECLAIR_TRY(const std::string all, unpack(archive));
    std::string out;
    for (std::size_t i = 0; i < all.size(); i = all.find(';', i) + 1) out += all.substr(all.find('=', i), all.find(';', i) - all.find('=', i));
    return out;
  };
  const std::string want = *contents(whole);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const int bit : {0, 1, 2, 3, 4, 5, 6, 7}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      CAPTURE(i);
      CAPTURE(bit);
      const auto got = unpack(changed);
      if (!got || got->find("json") == std::string::npos || got->find(';') == std::string::npos) continue;
      const bool name_hit = got->find("a.json={") == std::string::npos || got->find(";b.json=") == std::string::npos;
      if (!name_hit) CHECK(*contents(changed) == want);
    }
  }
}

}  // namespace eclair::feeds
