// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/text.h"

#include <doctest/doctest.h>

using namespace eclair;
using Pieces = std::vector<std::string_view>;

TEST_CASE("text: what reaches a terminal or a message cannot steer it") {
  const struct {
    std::string raw, clean;
  } table[] = {
      {"plain text, \xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xaa", "plain text, \xc3\xa9\xe2\x82\xac\xf0\x9f\x8d\xaa"},
      {"a\nb\rc\td", "a b c d"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {std::string("nul\0x", 5), "nul\\x00x"},
      {"\x7f", "\\x7f"},
      {"\xc2\x9b", "\\xc2\\x9b"},                  // a control character beyond ASCII
      {"\xe2\x80\xae", "\\xe2\\x80\\xae"},          // right to left override
      {"\xe2\x81\xa6", "\\xe2\\x81\\xa6"},          // isolate
      {"\xef\xbb\xbf", "\\xef\\xbb\\xbf"},          // byte order mark
      {"\xff", "\\xff"},
      {"\xc0\x80", "\\xc0\\x80"},                  // an overlong nul
      {"\xe0\x80\x80", "\\xe0\\x80\\x80"},          // overlong
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          // a surrogate
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},  // beyond Unicode
      {"\xe2\x82", "\\xe2\\x82"},                  // cut
      {"", ""},
  };
  for (const auto& row : table) {
    CAPTURE(row.clean);
    CHECK(text::clean(row.raw) == row.clean);
    CHECK(text::clean(row.clean) == row.clean);
  }
}

TEST_CASE("text: clean keeps to its bound, and never cuts a character") {
  CHECK(text::clean("abcdef", 6) == "abcdef");
  CHECK(text::clean("abcdefg", 6) == "abcdef...");
  CHECK(text::clean("ab\xc3\xa9", 3) == "ab...");
  CHECK(text::clean("ab\xc3\xa9", 4) == "ab\xc3\xa9");
  CHECK(text::clean("ab\x1b", 5) == "ab...");
  CHECK(text::clean("a", 0) == "...");
}

TEST_CASE("text: quotes where they help") {
  CHECK(text::quoted("plain") == "plain");
  CHECK(text::quoted("two words") == "\"two words\"");
  CHECK(text::quoted("a\nb") == "\"a b\"");
  CHECK(text::quoted("") == "\"\"");
}

TEST_CASE("text: pieces") {
  CHECK(text::split("a//b/", '/') == Pieces{"a", "", "b", ""});
  CHECK(text::split("", '/') == Pieces{""});
  CHECK(text::words("  a \t b\nc ") == Pieces{"a", "b", "c"});
  CHECK(text::words(" \n").empty());
  CHECK(text::cut("k=v=w", '=') == std::pair<std::string_view, std::string_view>{"k", "v=w"});
  CHECK(text::cut("kv", '=') == std::pair<std::string_view, std::string_view>{"kv", ""});
  CHECK(text::trim(" \t\r\nx y\v\f ") == "x y");
  CHECK(text::trim(" ").empty());
  CHECK(text::join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(text::join({}, ", ").empty());
  CHECK(text::lower("AbZ[`{\xc3\x84") == "abz[`{\xc3\x84");
  CHECK(text::iequals("CVE-1", "cve-1"));
  CHECK_FALSE(text::iequals("CVE-1", "CVE-12"));
  CHECK_FALSE(text::iequals("a", "b"));
}

TEST_CASE("text: numbers are all digits and fit") {
  CHECK(text::parse_number("0") == 0);
  CHECK(text::parse_number("007") == 7);
  CHECK(text::parse_number("18446744073709551615") == UINT64_MAX);
  for (const char* bad : {"", "18446744073709551616", "99999999999999999999", "-1", "+1", " 1", "1 ", "1x", "0x1"}) {
    CAPTURE(bad);
    CHECK_FALSE(text::parse_number(bad).has_value());
  }
}

TEST_CASE("text: patterns of paths") {
  const struct {
    const char *pattern, *path;
    bool fits;
  } table[] = {
      {"a/b", "a/b", true},        {"a/b", "a/b/c", false},        {"a/*", "a/b", true},         {"a/*", "a/b/c", false},
      {"**/id_rsa", "id_rsa", true}, {"**/id_rsa", "root/.ssh/id_rsa", true}, {"**/id_rsa", "root/id_rsa.pub", false}, {"etc/**", "etc/a/b", true},
      {"etc/**", "etc", true},     {"a/**/z", "a/z", true},        {"a/**/z", "a/b/c/z", true},  {"a/**/z", "a/b/c/y", false},
      {"*.py", "x.py", true},      {"*.py", "d/x.py", false},      {"?.c", "a.c", true},         {"?.c", "ab.c", false},
      {"[a-c]x", "bx", true},      {"[a-c]x", "dx", false},        {"[!a-c]x", "dx", true},      {"**", "a/b/c", true},
  };
  for (const auto& row : table) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    CHECK(text::glob(row.pattern, row.path) == row.fits);
  }
}

TEST_CASE("text: distance is that of Levenshtein, up to its limit") {
  CHECK(text::distance("kitten", "sitting") == 3);
  CHECK(text::distance("same", "same") == 0);
  CHECK(text::distance("", "ab") == 2);
  CHECK(text::distance("abc", "") == 3);
  CHECK(text::distance("abcdefgh", "zzzzzzzz", 3) == 4);
}

TEST_CASE("text: percent encoding") {
  CHECK(text::percent_encode("a b/c+\xc3\xa9~-._") == "a%20b%2Fc%2B%C3%A9~-._");
  CHECK(text::percent_encode("a/b", "/") == "a/b");
}
