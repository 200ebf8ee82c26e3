// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb822.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "extract/deb_stanza.h"
#include "extract/shell_value.h"

namespace eclair::extract {
namespace deb822_test_detail {

constexpr std::string_view kFields[] = {"Package", "Version", "Note"};

/// All paragraphs as "line{package|version|note}", "-" for absent, "~" after a cut value.
std::string read(const std::string& bytes, std::size_t field_bytes = 1000, std::uint64_t* bad_lines = nullptr) {
  const MemorySource in(bytes);
  Deb822Reader reader(in, kFields, field_bytes);
  Stanza stanza;
  std::string out;
  while (true) {
    const Result<bool> more = reader.next(stanza);
    REQUIRE(more);
    if (!*more) break;
    out += std::to_string(stanza.line()) + "{";
    for (std::size_t i = 0; i < 3; ++i) {
      out += (i > 0 ? "|" : "") + (stanza.has(i) ? std::string(stanza[i]) : "-") + (stanza.cut(i) ? "~" : "");
    }
    out += "}";
  }
  if (bad_lines != nullptr) *bad_lines = reader.bad_lines();
  return out;
}

TEST_CASE("deb822: what is a paragraph, a field, a folded line") {
  const struct {
    std::string in, want;
    std::uint64_t bad = 0;
  } rows[] = {
      {"", ""},
      {"\n\n \n\t\n", ""},
      {"Package: a\nVersion: 1\n\nPackage: b\n", "1{a|1|-}4{b|-|-}"},
      {"Package: a", "1{a|-|-}"},
      {"Package:a\nVersion:\n", "1{a||-}"},
      {"PACKAGE : a\nvErSiOn:\t 1 \t\r\n\r\nPackage: b\r\n", "1{a|1|-}4{b|-|-}"},
      {"Package: a\nPackage: b\n", "1{a|-|-}"},
      {"Package: a\nNote: x\n y\n .\n\tz\nVersion: 1\n", "1{a|1|x\ny\n.\nz}"},
      {"Package: a\nNote: x\nNote: y\n z\n", "1{a|-|x}"},        // the second value is passed over, folds included
      {"Package: a\nOther: x\n Version: 9\nVersion: 1\n", "1{a|1|-}"},
      {"Note:\n y\n", "1{-|-|\ny}"},
      {" orphan\nPackage: a\n", "2{a|-|-}", 1},
      {"no colon\nPackage: a\nnor here\n folded\nVersion: 1\n", "2{a|1|-}", 2},
      {"two words: x\n: y\n", "", 2},
      {"# note\nPackage: a\n# more\nVersion: 1\n", "2{a|1|-}"},
      {"\xef\xbb\xbfPackage: a\n", "1{a|-|-}"},
      {std::string("Package: a\n") + std::string(100, '\0'), "1{a|-|-}", 1},
      {std::string("Package: a\n\0\0\nPackage: b\n", 25), "1{a|-|-}3{b|-|-}", 1},
      {"Package: a\n \t\nPackage: b\n", "1{a|-|-}3{b|-|-}"},      // blanks alone end a paragraph
      {"Package: a\nNote: x\n \n y\nVersion: 1\n", "1{a|1|x\ny}"},  // unless the text goes on
      {"Other: x\n\nThing: y\n", "1{-|-|-}3{-|-|-}"},             // paragraphs, though nothing of them was asked for
  };
  for (const auto& row : rows) {
    CAPTURE(row.in);
    std::uint64_t bad = 0;
    CHECK(read(row.in, 1000, &bad) == row.want);
    CHECK(bad == row.bad);
  }
}

TEST_CASE("deb822: long values are cut, and what nobody asked for costs nothing") {
  CHECK(read("Package: a\nNote: 12345\nVersion: 1\n", 4) == "1{a|1|1234~}");
  CHECK(read("Package: a\nNote: 12\n 34\n 5\nVersion: 1\n", 4) == "1{a|1|12~}");
  const std::string huge(2 << 20, 'x');
  CHECK(read("Package: a\nNote: " + huge + "\nVersion: 1\n", 4) == "1{a|1|xxxx~}");
  CHECK(read("Package: a\nOther: " + huge + "\nVersion: 1\n", 4) == "1{a|1|-}");
  CHECK(read(huge + "\nPackage: a\n", 4) == "2{a|-|-}");
  std::string lines = "Package: a\nConffiles:\n";
  for (int i = 0; i < 100'000; ++i) lines += " /etc/x 0123456789\n";
  CHECK(read(lines + "Version: 1\n", 4) == "1{a|1|-}");
}

TEST_CASE("deb822: any bytes end, and give the same twice") {
  const unsigned seed = 20240601;
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::vector<std::string> pieces = {"Package: a\n", "Version", ":", " ", "\n", "\r\n", "\t", std::string(3, '\0'), "#", "x", "\xff", "Note: y\n z\n"};
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (unsigned n = random() % 30; n > 0; --n) bytes += pieces[random() % pieces.size()];
    CAPTURE(bytes);
    CHECK(read(bytes) == read(bytes));
    // A paragraph after an empty line is found whatever came before.
    CHECK(read(bytes + "\n\nPackage: last\nVersion: 7\n").ends_with("{last|7|-}"));
  }
}

TEST_CASE("deb: which states have files in the image") {
  for (const char* status : {"", "install ok installed", "hold ok installed", "deinstall ok installed", "install reinstreq half-installed", "install ok unpacked",
                             "install ok half-configured", "install ok triggers-awaited", "install ok triggers-pending", "installed", "install ok nonsense"}) {
    CAPTURE(status);
    CHECK(is_present(status));
  }
  for (const char* status : {"deinstall ok config-files", "install ok config-files", "purge ok not-installed", "unknown ok not-installed", "x y NOT-INSTALLED"}) {
    CAPTURE(status);
    CHECK_FALSE(is_present(status));
  }
}

TEST_CASE("shell value: quoting") {
  const std::pair<const char*, const char*> rows[] = {
      {"", ""},           {"x", "x"},        {"  x\t", "x"},          {"'a \\n $x'", "a \\n $x"}, {"\"a b\"", "a b"},   {"\"\\\"\\$\\`\\\\\\n\"", "\"$`\\\\n"},
      {"'it'\\''s'", "it's"}, {"a\"b\"'c'", "abc"}, {"\"open", "open"}, {"a b", "a b"},           {"a # note", "a"}, {"a#b", "a#b"},
      {"'#'", "#"},       {"\"\"", ""},      {"x\\", "x\\"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(shell_value(row.first) == row.second);
  }
}

}  // namespace deb822_test_detail
}  // namespace eclair::extract
