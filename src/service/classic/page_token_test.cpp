// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/page_token.h"

#include <doctest/doctest.h>

using namespace eclair;
using service::PageTokens;

TEST_CASE("a page token comes back for an hour, for who has the key") {
  const auto tokens = PageTokens::create("");
  REQUIRE(tokens);
  const auto token = tokens->make("debian:8/CVE-1", 1000);
  REQUIRE(token);
  CHECK(token->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
  CHECK(tokens->read(*token, 1000) == "debian:8/CVE-1");
  CHECK(tokens->read(*token, 1000 + 3600) == "debian:8/CVE-1");
  CHECK_FALSE(tokens->read(*token, 1000 + 3601));
  CHECK(tokens->read(*token, 1000 - 60) == "debian:8/CVE-1");  // another node's clock
  CHECK_FALSE(tokens->read(*token, 1000 - 61));
  CHECK(*tokens->make("debian:8/CVE-1", 1000) != *token);
  CHECK_FALSE(PageTokens::create("")->read(*token, 1000));
  for (std::size_t i = 0; i < token->size(); ++i) {
    std::string other = *token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    CAPTURE(i);
    // The last character has bits that no byte has.
    if (i + 1 < token->size()) CHECK_FALSE(tokens->read(other, 1000));
    CHECK_FALSE(tokens->read(std::string_view(*token).substr(0, i), 1000));
  }
}

TEST_CASE("tokens are Fernet's") {
  // oracle: github.com/fernet/spec, verify.json
  const auto tokens = PageTokens::create("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=");
  REQUIRE(tokens);
  const char* const token =
      "gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==";
  CHECK(tokens->read(token, 499162801) == "hello");
  CHECK_FALSE(tokens->read(token, 499162801 + 3600));
}

TEST_CASE("a pagination key is 32 bytes") {
  for (const char* key : {"x", "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4x", "not base64!"}) {
    CAPTURE(key);
    const auto tokens = PageTokens::create(key);
    REQUIRE_FALSE(tokens);
    CHECK(tokens.error().text == "Invalid Pagination key; must be 32-bit URL-safe base64");
  }
}
