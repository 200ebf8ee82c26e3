// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/decompress.h"

#include <bzlib.h>
#include <doctest/doctest.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <zstd.h>

#include <random>

#include "support/pieces.h"

using namespace eclair;
using test::Pieces;

namespace decompress_test_detail {

std::string gzip(const std::string& s) {
  std::string out(s.size() + s.size() / 8 + 1024, '\0');
  isal_zstream stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(s.data()));
  stream.avail_in = static_cast<std::uint32_t>(s.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  REQUIRE(isal_deflate(&stream) == COMP_OK);
  out.resize(stream.total_out);
  return out;
}

std::string zstd(const std::string& s) {
  std::string out(ZSTD_compressBound(s.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), s.data(), s.size(), 3));
  return out;
}

std::string bzip2(const std::string& s) {
  std::string out(s.size() + s.size() / 50 + 1024, '\0');
  auto size = static_cast<unsigned>(out.size());
  REQUIRE(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(s.data()), static_cast<unsigned>(s.size()), 9, 0, 0) == BZ_OK);
  out.resize(size);
  return out;
}

std::string xz(const std::string& s) {
  std::string out(lzma_stream_buffer_bound(s.size()), '\0');
  std::size_t size = 0;
  REQUIRE(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(s.data()), s.size(),
                                  reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()) == LZMA_OK);
  out.resize(size);
  return out;
}

Result<std::string> unpack(const std::string& packed, std::size_t piece, const Limits& limits = {}) {
  auto stream = decompress(std::make_unique<Pieces>(packed, piece), limits);
  std::string out;
  while (true) {
    ECLAIR_TRY(const std::string_view more, stream->next());
    if (more.empty()) return out;
    out.append(more);
  }
}

std::string sample(std::size_t size) {
  std::mt19937 random(7);
  std::string out;
  while (out.size() < size) {
    out += "Package: p" + std::to_string(random() % 1000) + "\n";
    if (random() % 8 == 0) out.append(random() % 300, static_cast<char>(random()));
  }
  return out;
}

}  // namespace decompress_test_detail

using namespace decompress_test_detail;

TEST_CASE("every codec gives the bytes back, however its input is cut") {
  const std::string text = sample(700'000);
  const std::string skippable("\x50\x2a\x4d\x18\x04\0\0\0abcd", 12);
  const std::pair<const char*, std::string> packed[] = {
      {"plain", text},
      {"gzip", gzip(text)},
      {"gzip, three members", gzip(text.substr(0, 10)) + gzip(text.substr(10, 300'000)) + gzip(text.substr(300'010))},
      {"gzip, an empty member in the middle", gzip(text.substr(0, 1000)) + gzip("") + gzip(text.substr(1000))},
      {"gzip, zero padding", gzip(text) + std::string(1000, '\0')},
      {"gzip, garbage after it", gzip(text) + "garbage"},
      {"zstd", zstd(text)},
      {"zstd, skippable frames", skippable + zstd(text.substr(0, 5)) + skippable + zstd(text.substr(5)) + skippable},
      {"bzip2", bzip2(text)},
      {"bzip2, two streams", bzip2(text.substr(0, 400'000)) + bzip2(text.substr(400'000))},
      {"xz", xz(text)},
      {"xz, two streams", xz(text.substr(0, 1)) + xz(text.substr(1))},
  };
  for (const auto& [what, bytes] : packed) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, bytes.size()}) {
      const auto& this_what = what;  // clang cannot capture a binding
      CAPTURE(this_what);
      CAPTURE(piece);
      const auto got = unpack(bytes, piece);
      REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
      CHECK(*got == text);
    }
  }
}

/// A member with every part a header may have: extra field, name, comment, and the sum over them.
std::string gzip_with_all_fields(const std::string& s) {
  std::string head("\x1f\x8b\x08\x1e\0\0\0\0\0\x03", 10);
  head += std::string("\x05\0extra", 7) + "a name longer than a piece" + '\0' + "a comment" + '\0';
  std::uint32_t crc = 0xffffffff;  // RFC 1952, section 8
  for (const char c : head) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0u);
  }
  crc = ~crc;
  head += static_cast<char>(crc & 0xff);
  head += static_cast<char>(crc >> 8 & 0xff);
  return head + gzip(s).substr(10);
}

TEST_CASE("small gzip members, cut at every size: what follows one is never lost or invented") {
  const std::string text = sample(3000);
  const std::string parts[] = {text.substr(0, 1), "", text.substr(1, 40), text.substr(41)};
  std::string packed;
  for (const std::string& part : parts) packed += gzip_with_all_fields(part) + gzip("");
  for (const std::string& tail : {std::string(), std::string(1, '\0'), std::string(400, '\0'), std::string("\x1f"), std::string("\x1f\x8b\x07"), std::string("text")}) {
    for (std::size_t piece = 1; piece < 700; ++piece) {
      CAPTURE(piece);
      CAPTURE(tail.size());
      const auto got = unpack(packed + tail, piece);
      if (tail == "\x1f") {  // may be the beginning of a member
        CHECK_FALSE(got.has_value());
        continue;
      }
      REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
      REQUIRE(*got == text);
    }
  }
}

TEST_CASE("a gzip header that is cut, or whose sum is wrong, is an error") {
  const std::string packed = gzip_with_all_fields("abc");
  for (std::size_t keep = 2; keep < packed.size(); ++keep) {
    CAPTURE(keep);
    const auto got = unpack(packed.substr(0, keep), 5);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().text.find("gzip: ends early") == 0);
  }
  std::string wrong = packed;
  wrong[12] = 'E';
  const auto got = unpack(wrong, 1000);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().text.find("gzip: checksum of a header differs at byte") == 0);
}

TEST_CASE("nothing is nothing") {
  const auto got = unpack("", 1);
  REQUIRE(got.has_value());
  CHECK(got->empty());
}

TEST_CASE("a stream that ends early or is damaged is an error, never short data") {
  const std::string text = sample(300'000);
  for (const auto& [what, bytes] : {std::pair{"gzip", gzip(text)}, {"zstd", zstd(text)}, {"bzip2", bzip2(text)}, {"xz", xz(text)}}) {
    for (const std::size_t keep : {bytes.size() / 2, bytes.size() - 1, bytes.size() - 5, std::size_t{10}}) {
      const auto& this_what = what;  // clang cannot capture a binding
      CAPTURE(this_what);
      CAPTURE(keep);
      const auto got = unpack(bytes.substr(0, keep), 1000);
      REQUIRE_FALSE(got.has_value());
      CHECK(got.error().text.find(what) == 0);
    }
  }
  std::string wrong_crc = gzip(text);
  wrong_crc[wrong_crc.size() - 6] = static_cast<char>(wrong_crc[wrong_crc.size() - 6] ^ 1);
  const auto got = unpack(wrong_crc, 1000);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().text.find("checksum") != std::string::npos);
}

TEST_CASE("a zstd window above the limit is refused by the limit's name") {
  // One frame header with a window of 2 GiB (descriptor 0xa8) and an empty last block.
  const std::string frame("\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", 9);
  const auto got = unpack(frame, 9);
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::limit);
  CHECK(got.error().text.find("zstd_window_bytes") != std::string::npos);
}
