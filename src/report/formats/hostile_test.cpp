// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What strangers wrote stays text in every format: names, versions, paths, titles, commands, reasons.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "support/random.h"
#include "support/report_sample.h"
#include "util/text.h"

namespace eclair::report {
namespace hostile_test_detail {

const std::vector<std::string>& hostile() {
  static const std::vector<std::string> kAll = {
      "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>",
      "'--><svg onload=alert(1)>",
      "]]><x/>",
      "</style><script>",
      "{{{evil}}} {{#x}}",
      "=cmd|' /C calc'!A0",
      "+1+1",
      "@SUM(1)",
      "-2+3",
      "\t=1",
      "\xef\xbc\x9d" "1+1",
      "a|b||c",
      "`code` ``x",
      "[x](javascript:alert(1))",
      "![x](http://evil.example/x.png)",
      "http://evil.example/ www.evil.example https://evil.example",
      "::error::x%0A::set-output name=a::b",
      "line\nbreak\r\nand\rmore",
      "\x1b[31mred\x1b]8;;http://evil.example\x07link",
      "nul\0byte" + std::string(1, '\0'),
      "bidi \xe2\x80\xae" "evil\xe2\x80\xac \xe2\x81\xa6x\xe2\x81\xa9",
      "broken \xff\xfe\x80 utf8",
      "nonchar \xef\xbf\xbe\xef\xbf\xbf",
      "line sep \xe2\x80\xa8 par \xe2\x80\xa9",
      "a,b;c\"d\"\"e",
      "&amp;&lt;&#60;script&#62;",
      "%41%0a%0d",
      "\\",
      "\xf0\x9f\x92\xa9 \xe6\xbc\xa2\xe5\xad\x97",
      std::string(5000, 'x'),
      "",
  };
  return kAll;
}

/// A report whose every text is one of these.
Report report_of(test::Random& random) {
  const auto any = [&] { return hostile()[static_cast<std::size_t>(random.below(hostile().size()))]; };
  Report out = test::sample();
  out.image.name = any();
  out.image.platform.os = any();
  out.image.notes = {any()};
  for (LayerInfo& layer : out.image.history) layer.created_by = any();
  out.base = BaseImage{any(), "", 1, "label"};
  out.inventory.systems[0].pretty = any();
  out.inventory.systems[0].version = any();
  out.inventory.notes = {{"bad_record", any(), any()}};
  out.inventory.files[0].file.path = any();
  for (Occurrence& one : out.inventory.packages) {
    one.package.name = any();
    one.package.version = any();
    one.package.source_name = any();
    one.paths = {any()};
  }
  for (Finding& one : out.findings) {
    one.vulnerability = any();
    one.aliases = {any()};
    one.fixed_in = random.below(2) == 0 ? any() : "";
    one.text.title = any();
    one.text.description = any();
    one.text.urls = {any(), "javascript:alert(1)", "https://example.com/" + any()};
    one.text.cwes = {any()};
    one.text.cvss = {{"3.1", any(), 5, any()}};
    one.evidence[0].rule = any();
  }
  out.suppressed = {{out.findings.back(), {.kind = "ignore", .file = any(), .line = 3, .rule = any(), .status = any(), .justification = any(), .reason = any(), .owner = any(), .ticket = any(), .expires = any()}}};
  out.coverage = {test::coverage("no_data", any(), 3, true)};
  out.policy = {{any(), false, {0}, any()}};
  return out;
}

/// What no output may hold, whatever the format.
std::string fault_of(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7f) return "control character " + std::to_string(c);
  }
  for (const std::string_view bad : {"\xe2\x80\xae", "\xe2\x80\xac", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xff", "\xfe\x80"}) {
    if (text.find(bad) != std::string_view::npos) return "a bidirectional override, or broken UTF-8";
  }
  return {};
}

}  // namespace hostile_test_detail

TEST_CASE("hostile texts stay texts in every format") {
  using namespace hostile_test_detail;
  test::Random random(11);
  View view;
  view.show_suppressed = true;
  view.template_file = "x.html";
  view.template_text = "{{#targets}}{{#findings}}<b title=\"{{title}}\">{{package.name}}</b>{{/findings}}{{/targets}}\n";
  for (int round = 0; round < 60; ++round) {
    Document document{{report_of(random)}, {}};
    if (round % 3 == 2) document.failures = {{hostile()[static_cast<std::size_t>(round) % hostile().size()], "<x>\x1b[0m\n::error::"}};
    for (const Format* const format : formats()) {
      CAPTURE(std::string(format->id));
      const std::string out = test::rendered(format->id, document, view);
      const bool json = !out.empty() && (out[0] == '{' || out[0] == '[');
      if (!json) CHECK(fault_of(out) == "");  // JSON has its own escapes, which a reader takes away again
      REQUIRE_FALSE(out.empty());
      CHECK(out.back() == '\n');
      if (format->id == "html" || format->id == "junit" || format->id == "template") {
        CHECK(out.find("<script>alert") == std::string::npos);
        CHECK(out.find("<img") == std::string::npos);
        CHECK(out.find("<svg onload") == std::string::npos);
        CHECK(out.find("href=\"javascript") == std::string::npos);
      }
      if (format->id == "html") CHECK(out.find("</script>") == out.rfind("</script>"));
      if (format->id == "github-annotations") {
        std::size_t lines = 0;
        for (const std::string_view line : text::split(out, '\n')) {
          CHECK((line.empty() || line.substr(0, 2) == "::"));
          lines += line.empty() ? 0U : 1U;
        }
        CHECK(lines == document.reports[0].findings.size() + 1 + 1 + document.failures.size());
      }
    }
  }
}

}  // namespace eclair::report
