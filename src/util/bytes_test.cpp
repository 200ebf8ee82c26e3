// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/bytes.h"

#include <doctest/doctest.h>

using namespace eclair;

TEST_CASE("bytes: what was written is read, and nothing beyond it") {
  Encoder out;
  const std::uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
  for (const std::uint64_t n : numbers) out.number(n);
  out.text("");
  out.text(std::string("a\0b", 3));
  out.raw("xy");
  Decoder in(out.bytes());
  for (const std::uint64_t n : numbers) CHECK(in.number() == n);
  CHECK(in.text() == "");
  CHECK(in.text() == std::string_view("a\0b", 3));
  CHECK(in.raw(2) == "xy");
  CHECK(in.ok());
  CHECK(in.done());
  CHECK(in.number() == 0);
  CHECK_FALSE(in.ok());
}

TEST_CASE("bytes: damage is a failure that stays") {
  const struct {
    const char* what;
    std::string bytes;
  } table[] = {
      {"ends inside a number", "\x80"},
      {"a number of more than 64 bits", std::string(9, '\xff') + "\x02"},
      {"a number that never ends", std::string(11, '\x80')},
      {"a text longer than what is left", "\x05" "abc"},
      {"a text of nearly 2^64 bytes", std::string(9, '\xff') + "\x01" "abc"},
  };
  for (const auto& row : table) {
    CAPTURE(row.what);
    Decoder in(row.bytes);
    CHECK(in.text() == "");
    CHECK_FALSE(in.ok());
    CHECK(in.done());
    CHECK(in.raw(0) == "");
    CHECK_FALSE(in.ok());
  }
  Decoder counted("\x03" "abcdef");
  CHECK(counted.count(2) == 3);
  Decoder too_many("\x04" "abcdef");
  CHECK(too_many.count(2) == 0);
  CHECK_FALSE(too_many.ok());
}

TEST_CASE("bytes: a zstd frame makes room only for what it can hold") {
  const std::string text(5'000'000, 'x');
  const std::string packed = zstd_pack(text);
  CHECK(*zstd_unpack(packed, text.size()) == text);
  CHECK(*zstd_unpack(zstd_pack(""), 0) == "");
  const auto large = zstd_unpack(packed, text.size() - 1);
  REQUIRE_FALSE(large.has_value());
  CHECK(large.error().code == Errc::limit);
  // A header that says 4 GiB - 1, and one empty block.
  const std::string lies("\x28\xb5\x2f\xfd\xa0\xff\xff\xff\xff\x01\0\0", 12);
  const auto refused = zstd_unpack(lies, SIZE_MAX);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().text == "damaged zstd frame: says it is larger than its blocks can be");
  CHECK_FALSE(zstd_unpack(packed.substr(0, packed.size() - 1), text.size()).has_value());
  CHECK_FALSE(zstd_unpack("no frame", 100).has_value());
}
