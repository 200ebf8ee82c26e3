// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/json.h"

#include <doctest/doctest.h>

#include <string>

#include "report/layers.h"
#include "report/report.h"
#include "support/report_sample.h"

namespace eclair::report {
namespace json_test_detail {

std::string render(const Document& document, const View& view = {}) { return test::rendered("json", document, view); }

}  // namespace json_test_detail

TEST_CASE("every format of the registry has a name and a renderer") {
  CHECK(formats().size() >= 2);
  CHECK(find_format("table") == formats()[0]);
  CHECK(find_format("json") == formats()[1]);
  for (const Format* const one : formats()) CHECK(find_format(one->id) == one);
  CHECK(find_format("yaml") == nullptr);
}

TEST_CASE("the JSON of a report says everything, each thing once") {
  Report report = test::sample();
  report.coverage = {test::coverage("stale", "advisories are old", 3, false)};
  report.inventory.notes = {{"bad_record", "var/lib/dpkg/status", "a stanza without a name"}, {"bad_record", "var/lib/dpkg/status", "a stanza without a name"}};
  report.image.notes = {"picked linux/amd64"};
  report.policy = {{"high,fixable", false, {0, 2}, ""}};
  report.inventory.packages[3].locked = true;
  const std::string text = json_test_detail::render({{report}, {}});
  json::Document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  const json::Value r = *root;
  CHECK(r["schema_version"].string() == "1.0");
  CHECK(r["tool"]["version"].string() == "1.2.3");
  CHECK(r["generated_at"].string() == "2026-08-21T06:00:00Z");
  CHECK(r["data"]["as_of"].string() == "2026-08-21T05:40:00Z");
  CHECK(r["target"]["distribution"]["id"].string() == "debian");
  CHECK(r["target"]["distribution"]["eol"].string() == "2028-06-30");
  CHECK(r["layers"].size() == 4);
  std::string layers;
  r["layers"].each([&](json::Value layer) {
    layers += layer["empty"].boolean() ? "-" : std::to_string(*layer["index"].integer());
    CHECK(static_cast<bool>(layer["index"]) != layer["empty"].boolean());
    return true;
  });
  CHECK(layers == "1-23");
  CHECK(r["packages"].size() == 4);
  CHECK(r["packages"]["p2"]["name"].string() == "libkrb5-3");
  CHECK(r["packages"]["p2"]["source"]["name"].string() == "krb5");
  CHECK(r["packages"]["p2"]["source"]["version"].string() == "1.20.1-2+deb12u1");
  CHECK(r["packages"]["p2"]["purl"].string() == "pkg:deb/debian/libkrb5-3@1.20.1-2%2Bdeb12u1?arch=amd64&distro=debian-12");
  CHECK_FALSE(static_cast<bool>(r["packages"]["p2"]["state"]));
  CHECK(r["packages"]["p4"]["state"].string() == "locked");
  CHECK(r["findings"].size() == 6);
  bool first = true;
  r["findings"].each([&](json::Value finding) {
    if (first) {
      CHECK(finding["vulnerability"].string() == "CVE-2024-37371");
      CHECK(finding["package"].string() == "p2");
      CHECK(finding["severity"].string() == "critical");
      CHECK(finding["fixed_in"].string() == "1.20.1-2+deb12u2");
      CHECK(finding["evidence"]["scheme"].string() == "dpkg");
    } else if (finding["vulnerability"].string() == "CVE-2023-45853") {
      CHECK(static_cast<bool>(finding["fixed_in"]));
      CHECK(finding["fixed_in"].kind() == json::Kind::null);
      CHECK(finding["status"].string() == "will_not_fix");
    }
    first = false;
    return true;
  });
  CHECK(r["notes"].size() == 3);
  CHECK(r["files"].size() == 2);
  CHECK(r["summary"]["high"].integer() == 2);
  CHECK(r["summary"]["fixable"].integer() == 3);
  CHECK_FALSE(r["policy"]["passed"].boolean(true));
  CHECK(r["policy"]["rules"].size() == 1);
}

TEST_CASE("known exploitation, its likelihood, and who scored stand in the JSON where they are known") {
  Report report = test::sample();
  report.findings[0].text.exploited = Exploited{1707523200, 1709337600, true};
  report.findings[0].text.epss = Epss{0.01297, 0.79231, 1786838400};
  report.findings[0].text.cvss = {{"3.1", "V", 7.5, "nvd@nist.gov"}};
  report.findings[1].text.exploited = Exploited{};
  report.findings[1].text.epss = Epss{1, -1, 0};
  const std::string text = json_test_detail::render({{report}, {}});
  json::Document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  std::vector<json::Value> findings;
  (*root)["findings"].each([&](json::Value finding) {
    findings.push_back(finding);
    return true;
  });
  REQUIRE(findings.size() > 2);
  CHECK(findings[0]["known_exploited"]["added"].string() == "2024-02-10");
  CHECK(findings[0]["known_exploited"]["due"].string() == "2024-03-02");
  CHECK(findings[0]["known_exploited"]["ransomware"].boolean());
  CHECK(findings[0]["epss"]["score"].number() == 0.01297);
  CHECK(findings[0]["epss"]["percentile"].number() == 0.79231);
  CHECK(findings[0]["epss"]["date"].string() == "2026-08-16");
  findings[0]["cvss"].each([&](json::Value one) {
    CHECK(one["source"].string() == "nvd@nist.gov");
    return true;
  });
  CHECK(findings[1]["known_exploited"].size() == 1);
  CHECK(findings[1]["known_exploited"]["ransomware"].kind() == json::Kind::boolean);
  CHECK(findings[1]["epss"].size() == 1);
  CHECK_FALSE(static_cast<bool>(findings[2]["known_exploited"]));
  CHECK_FALSE(static_cast<bool>(findings[2]["epss"]));
}

TEST_CASE("an unknown distribution is null, empty lists are lists") {
  Report report = test::sample();
  report.inventory = {};
  report.findings.clear();
  report.feeds.clear();
  report.image.history.clear();
  const std::string text = json_test_detail::render({{report}, {}});
  json::Document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  CHECK(static_cast<bool>((*root)["target"]["distribution"]));
  CHECK((*root)["target"]["distribution"].kind() == json::Kind::null);
  for (const char* list : {"layers", "findings", "suppressed", "files", "notes"}) {
    CAPTURE(std::string(list));
    CHECK((*root)[list].is_array());
    CHECK((*root)[list].size() == 0);
  }
  CHECK((*root)["packages"].is_object());
}

TEST_CASE("what is not shown is counted; packages can be left out; equal reports give equal bytes") {
  View view;
  view.severities = {Severity::critical};
  view.show_packages = false;
  const std::string text = json_test_detail::render({{test::sample()}, {}}, view);
  json::Document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  CHECK((*root)["findings"].size() == 1);
  CHECK((*root)["summary"]["hidden"].integer() == 5);
  CHECK_FALSE(static_cast<bool>((*root)["packages"]));
  CHECK(text == json_test_detail::render({{test::sample()}, {}}, view));
}

TEST_CASE("several targets are one document, and those without a report are named") {
  const std::string text = json_test_detail::render({{test::sample(), test::sample()}, {{"x.tar", "no such file"}}});
  json::Document document;
  const auto root = document.parse(text);
  REQUIRE(root);
  CHECK((*root)["targets"].size() == 2);
  CHECK((*root)["failures"].size() == 1);
  CHECK((*root)["schema_version"].string() == "1.0");
}

TEST_CASE("layers: what each brought, as a table and as JSON") {
  const Report report = test::sample();
  View view;
  view.list_packages = true;
  const std::string table = render_layers_table(report, view);
  CHECK(table ==
        "registry.example.com/shop/api:1.4   sha256:6c3c624b58db   linux/amd64\n\n"
        "LAYER  DIGEST        SIZE    ADDED  REMOVED  COMMAND\n"
        "1      111111111111  1.0 kB  3      0        RUN step 1\n"
        "                                             + libgnutls30 3.7.9-2 amd64\n"
        "                                             + libkrb5-3 1.20.1-2+deb12u1 amd64\n"
        "                                             + zlib1g 1:1.2.13.dfsg-1 amd64\n"
        "-                                            ENV A=b\n"
        "2      222222222222  2.0 kB  0      0        RUN step 2\n"
        "3      333333333333  3.0 kB  1      0        RUN step 3\n"
        "                                             + requests 2.31.0\n"
        "\n"
        "layer 2: usr/bin/nc (usr/bin/nc)\n"
        "no layer: **/id_rsa\n");

  json::Document document;
  const std::string text = render_layers_json(report);
  const auto root = document.parse(text);
  REQUIRE(root);
  std::string seen;
  (*root)["layers"].each([&](json::Value layer) {
    seen += std::to_string(layer["added"].size()) + "/" + std::to_string(layer["removed"].size()) + "/" + std::to_string(layer["files"].size()) + " ";
    return true;
  });
  CHECK(seen == "3/0/0 0/0/0 0/0/1 1/0/0 ");
}

}  // namespace eclair::report
