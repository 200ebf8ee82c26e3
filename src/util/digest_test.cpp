// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// The wanted digests are sha256sum's and sha512sum's.
#include "util/digest.h"

#include <doctest/doctest.h>

using namespace eclair;

namespace digest_test_detail {
const std::string kAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
}
using namespace digest_test_detail;

TEST_CASE("digest: sha256 and sha512, whole or in pieces") {
  CHECK(sha256("abc").text == kAbc);
  CHECK(sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Hasher pieces;
  pieces.update("a");
  pieces.update("");
  pieces.update("bc");
  CHECK(pieces.finish().text == kAbc);
  Hasher large("sha512");
  large.update("abc");
  CHECK(large.finish().text == "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  const std::string_view parts[] = {"ab", "c"};
  const auto raw = sha256_bytes(parts);
  CHECK(static_cast<unsigned char>(raw[0]) == 0xba);
  CHECK(static_cast<unsigned char>(raw[31]) == 0xad);
}

TEST_CASE("digest: only what is safe as a file name is one") {
  const auto good = Digest::parse(kAbc);
  REQUIRE(good.has_value());
  CHECK(good->algorithm() == "sha256");
  CHECK(good->brief() == "ba7816bf8f01");
  std::string upper = kAbc;
  upper[7] = 'B';
  for (const std::string& bad : {std::string(), std::string("sha256"), std::string("sha256:"), kAbc + "0", kAbc.substr(0, 70), upper, "sha256:../" + kAbc.substr(10)}) {
    CAPTURE(bad);
    const auto got = Digest::parse(bad);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
  }
  CHECK(Digest::parse("md5:d41d8cd98f00b204e9800998ecf8427e").error().code == Errc::unsupported);
}

TEST_CASE("digest: what a manifest says cannot steer a terminal") {
  CHECK(Digest::parse("sha256:\x1b[2J\n").error().text == "digest \"sha256:\\x1b[2J \" does not have the hex digits of its algorithm");
  CHECK(Digest::parse("\n\x1b:").error().text == "digest algorithm of \" \\x1b:\" is not sha256 or sha512");
}
