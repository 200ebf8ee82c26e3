// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "net/base64.h"

#include <doctest/doctest.h>

using namespace eclair::net;

TEST_CASE("base64 both ways") {
  const struct {
    std::string bytes, text;
  } cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
               {std::string("\xff\xfe\0", 3), "//4A"}};  // RFC 4648 section 10, and one with the last letters of the alphabet
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(base64_encode(c.bytes) == c.text);
    CHECK(base64_decode(c.text) == c.bytes);
    CHECK(base64_decode(c.text + "\n") == c.bytes);
    CHECK(base64_decode(c.text.substr(0, c.text.find('='))) == c.bytes);
  }
  CHECK(base64_decode("__4A") == std::string("\xff\xfe\0", 3));
  for (const char* bad : {"A", "AAAAA", "a b=", "Zm9v!", "=Zg"}) {
    CAPTURE(bad);
    CHECK_FALSE(base64_decode(bad).has_value());
  }
}
