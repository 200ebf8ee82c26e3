// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/template/template.h"

#include <doctest/doctest.h>

#include <string>

#include "report/report.h"
#include "support/report_sample.h"

namespace eclair::report {
namespace template_test_detail {

std::string rendered(std::string_view text, std::string_view json, std::string_view file = "") {
  const auto parsed = Template::parse(text, file);
  if (!parsed) return "error: " + parsed.error().text;
  json::Document document;
  const auto root = document.parse(json);
  if (!root) return root.error().text;
  std::string out;
  const auto done = parsed->render({*root}, [&](std::string_view piece) {
    out += piece;
    return Result<>{};
  });
  return done ? out : "error: " + done.error().text;
}

struct Case {
  std::string_view text, json, want;
};

}  // namespace template_test_detail

TEST_CASE("a template is filled in as mustache fills it in") {
  using template_test_detail::rendered;
  // oracle: the examples of mustache's specification (github.com/mustache/spec: comments, interpolation, inverted, sections)
  const template_test_detail::Case cases[] = {
      {"Hello from {Mustache}!\n", "{}", "Hello from {Mustache}!\n"},
      {"Hello, {{subject}}!\n", R"({"subject":"world"})", "Hello, world!\n"},
      {"\"{{mph}} miles an hour!\"", R"({"mph":85})", "\"85 miles an hour!\""},
      {"\"{{power}} jiggawatts!\"", R"({"power":1.21})", "\"1.21 jiggawatts!\""},
      {"I ({{cannot}}) be seen!", "{}", "I () be seen!"},
      {"\"{{person.name}}\" == \"{{#person}}{{name}}{{/person}}\"", R"({"person":{"name":"Joe"}})", "\"Joe\" == \"Joe\""},
      {"\"{{a.b.c.name}}\" == \"\"", R"({"a":{"b":{}},"c":{"name":"Jim"}})", "\"\" == \"\""},
      {"{{#a}}{{b.c}}{{/a}}", R"({"a":{"b":{}},"b":{"c":"ERROR"}})", ""},
      {"| {{string}} |", R"({"string":"---"})", "| --- |"},
      {"|{{ string }}|", R"({"string":"---"})", "|---|"},
      {"12345{{! Comment Block! }}67890", "{}", "1234567890"},
      {"Begin.\n{{! Comment Block! }}\nEnd.\n", "{}", "Begin.\nEnd.\n"},
      {"Begin.\n  {{! Indented Comment Block! }}\nEnd.\n", "{}", "Begin.\nEnd.\n"},
      {"|\r\n{{! Standalone Comment }}\r\n|", "{}", "|\r\n|"},
      {"  12 {{! 34 }}\n", "{}", "  12 \n"},
      {"\"{{#boolean}}This should be rendered.{{/boolean}}\"", R"({"boolean":true})", "\"This should be rendered.\""},
      {"\"{{#boolean}}This should not be rendered.{{/boolean}}\"", R"({"boolean":false})", "\"\""},
      {"\"{{#null}}This should not be rendered.{{/null}}\"", R"({"null":null})", "\"\""},
      {"\"{{#list}}{{item}}{{/list}}\"", R"({"list":[{"item":1},{"item":2},{"item":3}]})", "\"123\""},
      {"\"{{#list}}Yay lists!{{/list}}\"", R"({"list":[]})", "\"\""},
      {"\"{{#list}}({{.}}){{/list}}\"", R"({"list":["a","b",1.5]})", "\"(a)(b)(1.5)\""},
      {"{{#tops}}{{#middles}}{{tname.lower}}{{mname}}.{{#bottoms}}{{tname.upper}}{{mname}}{{bname}}.{{/bottoms}}{{/middles}}{{/tops}}",
       R"({"tops":[{"tname":{"upper":"A","lower":"a"},"middles":[{"mname":"1","bottoms":[{"bname":"x"},{"bname":"y"}]}]}]})", "a1.A1x.A1y."},
      {"{{#bool}}\n* first\n{{/bool}}\n* {{two}}\n{{#bool}}\n* third\n{{/bool}}\n", R"({"bool":true,"two":"second"})", "* first\n* second\n* third\n"},
      {"| A {{#bool}}B {{#bool}}C{{/bool}} D{{/bool}} E |", R"({"bool":true})", "| A B C D E |"},
      {"| This Is\n{{#boolean}}\n|\n{{/boolean}}\n| A Line\n", R"({"boolean":true})", "| This Is\n|\n| A Line\n"},
      {"\"{{^boolean}}This should be rendered.{{/boolean}}\"", R"({"boolean":false})", "\"This should be rendered.\""},
      {"\"{{^missing}}[{{missing}}]{{/missing}}\"", "{}", "\"[]\""},
      {"| This Is\n{{^boolean}}\n|\n{{/boolean}}\n| A Line\n", R"({"boolean":false})", "| This Is\n|\n| A Line\n"},
      // beyond mustache
      {"{{#map.*}}{{v}},{{/map.*}}", R"({"map":{"a":{"v":1},"b":{"v":2}}})", "1,2,"},
  };
  for (const auto& one : cases) {
    CAPTURE(std::string(one.text));
    CHECK(rendered(one.text, one.json) == one.want);
  }
}

TEST_CASE("values are escaped for the kind of file, and have no control characters in any") {
  using template_test_detail::rendered;
  const std::string_view json = R"({"v":"<b> & \"q\" \u001b[1m\u202e =|*\n"})";
  CHECK(rendered("{{v}}", json, "x.txt") == "<b> & \"q\" \\x1b[1m\\xe2\\x80\\xae =|* ");
  CHECK(rendered("{{v}}", json, "a.html/x") == "<b> & \"q\" \\x1b[1m\\xe2\\x80\\xae =|* ");
  CHECK(rendered("{{v}}", json, "dir/x.html") == "&lt;b&gt; &amp; &quot;q&quot; \\x1b[1m\\xe2\\x80\\xae =|* ");
  CHECK(rendered("{{{v}}}{{&v}}", R"({"v":"<b>"})", "x.html.mustache") == "<b><b>");
  CHECK(rendered("{{v}}", json, "x.XML") == rendered("{{v}}", json, "x.html"));
  CHECK(rendered("{{v}}", R"({"v":"=1,2"})", "x.csv") == "\"'=1,2\"");
  CHECK(rendered("{{v}}", R"({"v":"a|b"})", "x.md") == "a\\|b");
  CHECK(rendered("\"{{v}}\"", R"({"v":"a\"\n\u0001<"})", "x.json") == R"("a\"\n\u0001\u003c")");
}

TEST_CASE("what is no template is refused, with the line") {
  using template_test_detail::rendered;
  CHECK(rendered("a\n{{b", "{}") == "error: template: line 2: a tag without its end }}");
  CHECK(rendered("{{{b}}", "{}") == "error: template: line 1: a tag without its end }}}");
  CHECK(rendered("{{#a}}\n{{#b}}{{/a}}{{/b}}", "{}") == "error: template: line 2: {{/a}} where {{/b}} is due");
  CHECK(rendered("\n\n{{/a}}", "{}") == "error: template: line 3: {{/a}} closes nothing");
  CHECK(rendered("{{#a}}x", "{}") == "error: template: line 1: no {{/a}}");
  CHECK(rendered("{{a b}}", "{}") == "error: template: line 1: not a name: {{a b}}");
  CHECK(rendered("{{}}", "{}") == "error: template: line 1: not a name: {{}}");
  CHECK(rendered("{{a..b}}", "{}") == "error: template: line 1: not a name: {{a..b}}");
  CHECK(rendered("{{> part}}", "{}") == "error: template: line 1: {{> part}}: not supported");
  CHECK(rendered("{{=<% %>=}}", "{}") == "error: template: line 1: {{=<% %>=}}: not supported");
  std::string deep;
  for (std::size_t i = 0; i <= Template::kMostDepth; ++i) deep += "{{#a}}";
  CHECK(rendered(deep, "{}") == "error: template: line 1: sections nested deeper than 32");
  CHECK(rendered(std::string(Template::kMostBytes + 1, 'x'), "{}") == "error: template: larger than 1048576 bytes");
}

TEST_CASE("a Go template is recognised, and the format named that replaces it") {
  const auto hint = [](std::string_view text) {
    const auto parsed = Template::parse(text);
    return parsed ? std::string("taken") : (parsed.error().code == Errc::unsupported ? parsed.error().hint : parsed.error().text);
  };
  CHECK(hint("<?xml version=\"1.0\" ?>\n<testsuites>\n{{- range . -}}\n") == "-f junit");
  CHECK(hint("<!DOCTYPE html>\n<html>{{ range . }}<h1>{{ .Target }}</h1>{{ end }}") == "-f html");
  CHECK(hint("{{- /* Template based on container-scanning-report-format.json */ -}}") == "-f gitlab");
  CHECK(hint("[{{ range . }}{\"type\":\"issue\",\"check_name\":\"x\"}]") == "-f gitlab-codequality");
  CHECK(hint("\"Package\",\"Version\"\n{{- range .Matches}}\n\"{{.Artifact.Name}}\"") == "-f csv");
  CHECK(hint("{{.Results}}").find("built in:") == 0);
  CHECK(hint("{{ if eq .Severity \"x\" }}").find("built in:") == 0);
  CHECK(hint("{{ $x := 1 }}").find("built in:") == 0);
  CHECK(hint("{{end}} {{#else}}").find("built in:") == 0);
  CHECK(hint("{{#findings}}{{index}}{{.}}{{/findings}}") == "taken");
}

TEST_CASE("lists within lists end somewhere") {
  std::string json = "{\"a\":[0", text = "x";
  for (int i = 0; i < 999; ++i) json += ",0";
  json += "]}";
  for (int i = 0; i < 8; ++i) text = "{{#a}}" + text + "{{/a}}";
  CHECK(template_test_detail::rendered(text, json).find("error: template: writes more than") == 0);
}

TEST_CASE("the format template: a finding's package is the package, and one target is a target too") {
  View view;
  view.template_file = "t.txt";
  view.template_text = "{{#findings}}\n{{vulnerability}} {{package.name}} {{package.version}}{{^fixed_in}} no fix{{/fixed_in}}\n{{/findings}}\n"
                       "{{#targets}}{{target.name}}: {{summary.critical}}\n{{/targets}}";
  const std::string one = test::rendered("template", {{test::sample()}, {}}, view);
  CHECK(one ==
        "CVE-2024-37371 libkrb5-3 1.20.1-2+deb12u1\nCVE-2023-45853 zlib1g 1:1.2.13.dfsg-1 no fix\nGHSA-9wx4-h78v-vm56 requests 2.31.0\n"
        "CVE-2024-0553 libgnutls30 3.7.9-2\nCVE-2011-3389 libgnutls30 3.7.9-2 no fix\nCVE-2099-0001 libgnutls30 3.7.9-2 no fix\n"
        "registry.example.com/shop/api:1.4: 1\n");
  Report other = test::sample();
  other.image.name = "other";
  other.inventory.packages[1].package.name = "renamed";
  view.template_text = "{{#targets}}\n{{target.name}}{{#findings}} {{package.name}}{{/findings}}\n{{/targets}}\n{{#failures}}{{target}}: {{error}}{{/failures}}\n";
  CHECK(test::rendered("template", {{test::sample(), other}, {{"x", "gone"}}}, view) ==
        "registry.example.com/shop/api:1.4 libkrb5-3 zlib1g requests libgnutls30 libgnutls30 libgnutls30\n"
        "other renamed zlib1g requests libgnutls30 libgnutls30 libgnutls30\nx: gone\n");
  CHECK(test::rendered("template", {{test::sample()}, {}}) == "-f template: no template");
}

}  // namespace eclair::report
