// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/xml.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace eclair;

namespace xml_test_detail {

/// Counts what is asked of it, so that a test can tell a stream from a slurp; the document is made on the fly.
class Generated final : public ByteSource {
 public:
  Generated(std::string before, std::string unit, std::uint64_t times, std::string after)
      : before_(std::move(before)), unit_(std::move(unit)), after_(std::move(after)), middle_(unit_.size() * times) {}
  std::uint64_t size() const override { return before_.size() + middle_ + after_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    std::size_t n = 0;
    for (; n < into.size() && offset + n < size(); ++n) {
      const std::uint64_t at = offset + n;
      into[n] = at < before_.size() ? before_[at]
                : at < before_.size() + middle_ ? unit_[(at - before_.size()) % unit_.size()]
                                                : after_[at - before_.size() - middle_];
    }
    reached = std::max<std::uint64_t>(reached, offset + n);
    return n;
  }
  mutable std::uint64_t reached = 0;

 private:
  std::string before_, unit_, after_;
  std::uint64_t middle_;
};

/// Everything in a document: "name[attribute]{children}" and "'text'" of elements without children.
Result<std::string> walk(xml::Reader& reader, std::uint32_t level) {
  std::string out;
  while (true) {
    ECLAIR_TRY(const bool more, reader.child(level));
    if (!more) return out;
    out += std::string(reader.name());
    if (const auto id = reader.attribute("id"); !id.empty()) out += "[" + std::string(id) + "]";
    if (reader.name() == "t") {
      ECLAIR_TRY(const std::string text, reader.text());
      out += "'" + text + "'";
    }
    if (reader.depth() > level) {
      ECLAIR_TRY(const std::string inside, walk(reader, level + 1));
      if (!inside.empty()) out += "{" + inside + "}";
    }
    out += " ";
  }
}

Result<std::string> walk(const ByteSource& in, const Limits& limits = {}) {
  xml::Reader reader(in, limits);
  auto out = walk(reader, 0);
  if (!out) {
    // A reader that failed keeps failing, with the same words.
    const auto again = reader.child(0);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().text == out.error().text);
  }
  return out;
}
Result<std::string> walk(std::string document, const Limits& limits = {}) { return walk(MemorySource(std::move(document)), limits); }

}  // namespace xml_test_detail
using namespace xml_test_detail;

TEST_CASE("xml: what is taken") {
  using namespace std::string_literals;
  const struct {
    std::string document;
    const char* want;
  } table[] = {
      {"<a/>", "a "},
      {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n <b id='1'/><b id=\"2\"><c/></b></a>\n", "a{b[1] b[2]{c } } "},
      {"\xef\xbb\xbf<a/>", "a "},
      {"<t>one &amp; &lt;two&gt; &quot;&apos; &#65;&#x42;</t>", "t'one & <two> \"' AB' "},
      {"<t>a<!-- not this -->b<?nor this?>c<![CDATA[<d>&amp;]]></t>", "t'abc<d>&amp;' "},
      {"<t>x<b>y<c>z</c></b>!</t>", "t'xyz!' "},
      {"<t/>", "t'' "},
      {"<t>a\r\nb\rc</t>", "t'a\nb\nc' "},
      {"<p:a xmlns:p='urn:x' p:id='7'><p:t>v</p:t></p:a>", "a[7]{t'v' } "},
      {"<a id='a&#10;&lt;b\tc'/>", "a[a\n<b c] "},
      {"<a id='\xc3\xa4'/>", "a[\xc3\xa4] "},
      {"<?xml version='1.0' encoding='ISO-8859-1'?><t>\xc3\xa4</t>", "t'\xc3\xa4' "},  // calls itself Latin-1 and is UTF-8
      {"<a/><!-- after --> \n", "a "},
      {"\xff\xfe<\0t\0>\0\xe4\0<\0/\0t\0>\0"s, "t'\xc3\xa4' "},  // UTF-16, as the first bytes tell
      {"\xfe\xff\0<\0t\0/\0>"s, "t'' "},
      {"<\0t\0/\0>\0"s, "t'' "},
  };
  for (const auto& row : table) {
    CAPTURE(row.document);
    const auto got = walk(row.document);
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(*got == row.want);
  }
}

TEST_CASE("xml: what is refused, and where") {
  using namespace std::string_literals;
  const struct {
    std::string document;
    const char* word;
  } table[] = {
      {"", "line 1: no element found"},
      {"   ", "no element found"},
      {"text", "line 1"},
      {"{\"json\":1}", "line 1"},
      {"<a>", "no element found"},
      {"<a>\n<b>\n</a>", "line 3: mismatched tag"},
      {"<a/><b/>", "junk after document element"},
      {"<a/>tail", "junk after document element"},
      {"<a", "unclosed token"},
      {"<a id=1/>", "not well-formed"},
      {"<a id='1' id='2'/>", "duplicate attribute"},
      {"<a>\n&nbsp;</a>", "line 2: undefined entity"},
      {"<a>&#0;</a>", "line 1"},
      {"<a>&#xD800;</a>", "line 1"},
      {"<a>x\0y</a>"s, "not well-formed"},
      {"<a id='x\0y'/>"s, "not well-formed"},
      {"<a>\x01</a>", "not well-formed"},
      {"<a>\xff</a>", "not well-formed"},
      {"<a>\xc3</a>", "not well-formed"},
      {"<a>\xed\xa0\x80</a>", "not well-formed"},  // half of a surrogate pair
      {"<a>\xc0\xaf</a>", "not well-formed"},      // "/" in two bytes
      {"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>", "not well-formed"},
      {"\xff\xfe<\0a\0>\0\0\xdc<\0/\0a\0>\0"s, "not well-formed"},  // half of a surrogate pair
      {"\xff\xfe\0\0<\0\0\0a\0\0\0/\0\0\0>\0\0\0"s, "line 1"},  // UTF-32
      {"+ADw-a/+AD4-", "line 1"},  // UTF-7
      {"<!DOCTYPE a><a/>", "line 1: has a DOCTYPE"},
      {"\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "line 2: has a DOCTYPE"},
      {"<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1/x'>]><a>&x;</a>", "has a DOCTYPE"},
      {"<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
       "has a DOCTYPE"},
      {"<!DOCTYPE a [<!ENTITY % p SYSTEM 'x'> %p;]><a/>", "has a DOCTYPE"},
  };
  for (const auto& row : table) {
    CAPTURE(row.document);
    const auto got = walk(row.document);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::invalid_input);
    CHECK(got.error().text.find("xml: ") == 0);
    CHECK_MESSAGE(got.error().text.find(row.word) != std::string::npos, got.error().text);
  }
}

TEST_CASE("xml: every bound is kept, to the byte") {
  Limits limits;
  limits.xml_depth = 3;
  limits.xml_attributes = 2;
  limits.xml_name_bytes = 4;
  limits.xml_text_bytes = 5;
  const struct {
    const char *document, *field;  // "" = taken
  } table[] = {
      {"<a><b><c/></b></a>", ""},
      {"<a><b><c><d/></c></b></a>", "xml_depth (3)"},
      {"<a b='' c=''/>", ""},
      {"<a b='' c='' d=''/>", "xml_attributes (2)"},
      {"<abcd/>", ""},
      {"<abcde/>", "xml_name_bytes (4)"},
      {"<a abcde=''/>", "xml_name_bytes (4)"},
      {"<t>12345</t>", ""},
      {"<t>123<b>45</b></t>", ""},
      {"<t>123<b>456</b></t>", "xml_text_bytes (5)"},
      {"<a>much text that nobody asks for</a>", ""},
  };
  for (const auto& row : table) {
    CAPTURE(row.document);
    const auto got = walk(row.document, limits);
    CHECK(got.has_value() == (*row.field == '\0'));
    if (got) continue;
    CHECK(got.error().code == Errc::limit);
    CHECK_MESSAGE(got.error().text.find(row.field) != std::string::npos, got.error().text);
  }
}

TEST_CASE("xml: what is hostile ends early, long before its end is read") {
  constexpr std::uint64_t kMany = 1u << 28;
  Limits limits;
  limits.xml_text_bytes = 256u << 10;
  const struct {
    const char *name, *before, *unit, *after, *field;
  } table[] = {
      {"nesting", "", "<a>", "", "xml_depth"},
      {"a huge attribute", "<a id='", "x", "'/>", "xml_tag_bytes"},
      {"a huge name", "<", "x", "/>", "xml_tag_bytes"},
      {"a huge comment", "<!--", "x", "--><a/>", "xml_tag_bytes"},
      {"a huge comment inside", "<a><!--", "x", "--></a>", "xml_tag_bytes"},
      {"a huge instruction", "<?p ", "x", "?><a/>", "xml_tag_bytes"},
      {"blanks that never end in a tag", "<a ", " ", "/>", "xml_tag_bytes"},
      {"a closing tag that never ends", "<a></a", " ", ">", "xml_tag_bytes"},
      {"text", "<t>", "text ", "</t>", "xml_text_bytes"},
      {"text in references", "<t>", "&#65;", "</t>", "xml_text_bytes"},
  };
  for (const auto& row : table) {
    CAPTURE(row.name);
    const Generated in(row.before, row.unit, kMany, row.after);
    const auto got = walk(in, limits);
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error().code == Errc::limit);
    CHECK_MESSAGE(got.error().text.find(row.field) != std::string::npos, got.error().text);
    CHECK(in.reached < (4u << 20));
  }
}

TEST_CASE("xml: a walk leaves out what it does not look at, and children of a child are not children") {
  const MemorySource in("<r><a><x/><x/></a><b>t<x/></b><c/></r>");
  xml::Reader reader(in, Limits{});
  REQUIRE(*reader.child(0));
  CHECK(reader.depth() == 1);
  std::vector<std::string> seen;
  while (*reader.child(1)) {
    CHECK(reader.depth() == 2);
    seen.emplace_back(reader.name());
    CHECK(reader.attribute("none").empty());
  }
  CHECK(seen == std::vector<std::string>{"a", "b", "c"});
  CHECK(reader.depth() == 0);
  CHECK_FALSE(*reader.child(1));  // it has ended, and stays so
  CHECK_FALSE(*reader.child(0));
  CHECK(reader.name().empty());
  CHECK(*reader.text() == "");
}

TEST_CASE("xml: after the text of an element comes its next sibling; it has no children any more") {
  const MemorySource in("<r>\n<t>1<x/></t>\n<t>2</t></r>");
  xml::Reader reader(in, Limits{});
  REQUIRE(*reader.child(0));
  REQUIRE(*reader.child(1));
  CHECK(reader.line() == 2);
  CHECK(*reader.text() == "1");
  CHECK_FALSE(*reader.child(2));
  REQUIRE(*reader.child(1));
  CHECK(reader.line() == 3);
  CHECK(*reader.text() == "2");
  CHECK_FALSE(*reader.child(1));
}

TEST_CASE("xml: pieces may end anywhere") {
  // Every alignment of a document with all kinds of tokens to the reader's pieces of 32 KiB.
  const std::string token = "<!-- c --><b id='v&amp;w'><t>x&lt;\xe2\x82\xac<![CDATA[y]]></t></b>";
  for (std::size_t pad = 32 * 1024 - token.size() - 4; pad < 32 * 1024 + 2; ++pad) {
    CAPTURE(pad);
    const auto got = walk("<a>" + std::string(pad, ' ') + token + "</a>");
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().text));
    CHECK(*got == "a{b[v&w]{t'x<\xe2\x82\xacy' } } ");
  }
}

TEST_CASE("xml: a source that fails is said so") {
  class Broken final : public ByteSource {
   public:
    std::uint64_t size() const override { return 100000; }
    Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
      if (offset > 0) return fail(Errc::unavailable, "the disk is gone");
      std::fill(into.begin(), into.end(), ' ');
      return into.size();
    }
  };
  const auto got = walk(Broken{});
  REQUIRE_FALSE(got.has_value());
  CHECK(got.error().code == Errc::unavailable);
  CHECK(got.error().text == "the disk is gone");
}
