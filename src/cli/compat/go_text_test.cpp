// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/go_text.h"

#include <doctest/doctest.h>

#include "cli/compat/go_table.h"
#include "util/text.h"

namespace eclair::cli::compat {

TEST_CASE("JSON with line ends, as Go's Indent writes it") {
  CHECK(indented(R"({"a":[1,{"b":"x:y,{}[]\""}],"c":{},"d":[],"e":null})", "  ") ==
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x:y,{}[]\\\"\"\n    }\n  ],\n  \"c\": {},\n  \"d\": [],\n  \"e\": null\n}");
  CHECK(indented("[]", "\t") == "[]");
  CHECK(indented(R"({"a":1})", "\t") == "{\n\t\"a\": 1\n}");
}

TEST_CASE("JSON that went through a map") {
  CHECK(sorted_members(R"({"NVD":{"CVSSv2":{"Vectors":"AV:N","Score":7.5,"Whole":10},"A":[true,null,"<"]}})") ==
        R"({"NVD":{"A":[true,null,"\u003c"],"CVSSv2":{"Score":7.5,"Vectors":"AV:N","Whole":10}}})");
  CHECK(sorted_members("").empty());
  CHECK(sorted_members("{").empty());
}

TEST_CASE("columns as tabwriter aligns them") {
  // What Clair 4's clairctl printed, from quay/clair issue 1973.
  CHECK(tab_aligned({{"ubuntu:22.04", "found", "bash", "5.1-6ubuntu1", "CVE-2022-3715 on Ubuntu 22.04 LTS (jammy) - low"},
                     {"ubuntu:22.04", "found", "libpcre2-8-0", "10.39-3ubuntu0.1", "CVE-2022-41409 on Ubuntu 22.04 LTS (jammy) - low"},
                     {"ubuntu:22.04", "found", "libpcre3", "2:8.39-13ubuntu0.22.04.1",
                      "CVE-2017-11164 on Ubuntu 22.04 LTS (jammy) - negligible"}}) ==
        "ubuntu:22.04 found bash         5.1-6ubuntu1             CVE-2022-3715 on Ubuntu 22.04 LTS (jammy) - low\n"
        "ubuntu:22.04 found libpcre2-8-0 10.39-3ubuntu0.1         CVE-2022-41409 on Ubuntu 22.04 LTS (jammy) - low\n"
        "ubuntu:22.04 found libpcre3     2:8.39-13ubuntu0.22.04.1 CVE-2017-11164 on Ubuntu 22.04 LTS (jammy) - negligible\n");
  // A last cell has no tab behind it and is of no column: it neither widens one nor is padded. A column ends where a row lacks it.
  CHECK(tab_aligned({{"a", "bb", "(fixed: 1)"}, {"a", "bbbbbb"}, {"a", "b", "(fixed: 2)"}}) ==
        "a bb (fixed: 1)\na bbbbbb\na b (fixed: 2)\n");
  CHECK(tab_aligned({{"a", "", "c"}}) == "a  c\n");
  CHECK(tab_aligned({{"shop", "ok"}}) == "shop ok\n");
  CHECK(tab_aligned({}).empty());
}

TEST_CASE("text for XML") {
  CHECK(xml_escaped("a \"b\" 'c' <d> & e\n\tf\x01") == "a &#34;b&#34; &#39;c&#39; &lt;d&gt; &amp; e&#xA;&#x9;f\xEF\xBF\xBD");
}

TEST_CASE("a table as clair-scanner drew it") {
  // What it printed, from quay/clair issue 1480; the name of the second package, which makes the column wider, is ours.
  const std::string link = "https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2018-1000654";
  const std::string table = go_table({"Status", "CVE Severity", "Package Name", "Package Version", "CVE Description"},
                                     {{"Unapproved", "High CVE-2018-1000654", "libtasn1", "4.12-r3", "\n\n" + link},
                                      {"Approved", "Low CVE-1", "thirteen-char", "1", "\n\nx"}},
                                     Words::by_blank);
  const std::string want =
      "+------------+-----------------------+---------------+-----------------+------------------------------------------------------------"
      "-----+\n"
      "| STATUS     | CVE SEVERITY          | PACKAGE NAME  | PACKAGE VERSION | CVE DESCRIPTION                                            "
      "     |\n"
      "+------------+-----------------------+---------------+-----------------+------------------------------------------------------------"
      "-----+\n"
      "| Unapproved | High CVE-2018-1000654 | libtasn1      | 4.12-r3         |                                                            "
      "     |\n"
      "|            |                       |               |                 | "
      "https://cve.mitre.org/cgi-bin/cvename.cgi?name=CVE-2018-1000654 |\n";
  CHECK(table.substr(0, want.size()) == want);
}

TEST_CASE("cells are wrapped evenly, to thirty columns or the longest word") {
  CHECK(wrapped_evenly("aa bb cc dd", 5, Words::by_space) == std::vector<std::string>{"aa bb", "cc dd"});
  // Full lines first would be "aaa bb", "cc", "ddddd"; the squares of what is missing are less so.
  CHECK(wrapped_evenly("aaa bb cc ddddd", 6, Words::by_space) == std::vector<std::string>{"aaa", "bb cc", "ddddd"});
  CHECK(wrapped_evenly("a  b", 5, Words::by_blank) == std::vector<std::string>{"a  b"});
  CHECK(wrapped_evenly("a  b", 5, Words::by_space) == std::vector<std::string>{"a b"});
  CHECK(wrapped_evenly("", 5, Words::by_space) == std::vector<std::string>{""});
  CHECK(wrapped_evenly("short averyverylongword", 5, Words::by_space) == std::vector<std::string>{"short", "averyverylongword"});

  const std::string table =
      go_table({"Name", "Text"}, {{"\x1b[1;31mHigh\x1b[0m", "one two three four five six seven eight"}}, Words::by_space);
  const auto lines = text::split(table, '\n');
  REQUIRE(lines.size() == 7);
  CHECK(lines[0] == "+------+--------------------------------+");
  CHECK(lines[3] == "| \x1b[1;31mHigh\x1b[0m | one two three four five six    |");
  CHECK(lines[4] == "|      | seven eight                    |");
}

}  // namespace eclair::cli::compat
