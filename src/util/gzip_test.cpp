// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/gzip.h"

#include <doctest/doctest.h>

#include <vector>

#include "util/byte_source.h"
#include "util/byte_stream.h"
#include "util/decompress.h"

namespace eclair {
namespace gzip_test_detail {

std::string unpacked(const std::string& packed) {
  const MemorySource source(packed);
  SourceStream in(source);
  const auto out = decompress(in, Limits{});
  std::string all;
  while (true) {
    const auto piece = out->next();
    REQUIRE_MESSAGE(piece, (piece ? "" : piece.error().text));
    if (piece->empty()) return all;
    all += *piece;
  }
}

}  // namespace gzip_test_detail

TEST_CASE("what was packed is what is unpacked, however it was cut") {
  std::string text;
  for (int i = 0; text.size() < 400'000; ++i) text += "line " + std::to_string(i * 7919) + " of a text that repeats itself, ";
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{255}, std::size_t{65535}, std::size_t{65536}, std::size_t{65537}, std::size_t{131072}, std::size_t{400'000}}) {
    for (const std::size_t step : {std::size_t{13}, std::size_t{700}, std::size_t{65536}, std::size_t{400'000}}) {
      CAPTURE(size);
      CAPTURE(step);
      const std::string_view want = std::string_view(text).substr(0, size);
      std::vector<std::string_view> parts{{}};
      for (std::size_t at = 0; at < want.size(); at += step) parts.push_back(want.substr(at, step));
      const std::string packed = gzip(parts);
      CHECK(gzip_test_detail::unpacked(packed) == want);
      if (size > 60'000) CHECK(packed.size() < size / 4);
    }
  }
}

TEST_CASE("what cannot be made smaller stays whole") {
  std::string noise(300'000, '\0');
  std::uint64_t state = 88172645463325252u;
  for (char& c : noise) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = static_cast<char>(state);
  }
  const std::string_view parts[] = {noise};
  const std::string packed = gzip(parts);
  CHECK(gzip_test_detail::unpacked(packed) == noise);
  CHECK(packed.size() < noise.size() + 1000);
}

}  // namespace eclair
