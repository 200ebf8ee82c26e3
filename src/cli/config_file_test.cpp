// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/config_file.h"

#include <doctest/doctest.h>

#include <string>

#include "util/text.h"

namespace eclair::cli {
namespace config_file_test_detail {

std::string error_of(std::string_view yaml, Origin origin = Origin::user_file) {
  Settings settings;
  ConfigNotes notes;
  auto got = read_config(yaml, "c.yaml", origin, settings, notes);
  return got ? "no error" : got.error().text;
}

}  // namespace config_file_test_detail

TEST_CASE("keys are named like the flags, below their section") {
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("scan:\n  facts: [usr/bin/nc, '**/id_rsa']\n  max-image-size: 10GB\n"
                      "policy:\n  fail-on:\n    - high,fixable\n    - eol\n"
                      "output:\n  severity: '>=high'\n  show-packages: yes\n"
                      "registry:\n  cacert: /etc/ca.pem\n  token: hidden\n"
                      "data:\n  offline: true\n  max-db-age: 7d\nlog:\n  format: json\n"
                      "server: {listen: '*'}\nstore:\n",
                      "c.yaml", Origin::user_file, settings, notes));
  CHECK(notes.refused.empty());
  CHECK(settings.list("facts") == std::vector<std::string>{"usr/bin/nc", "**/id_rsa"});
  CHECK(settings.number("max-image-size") == 10'000'000'000u);
  CHECK(settings.list("fail-on") == std::vector<std::string>{"high,fixable", "eol"});
  CHECK(settings.severities("severity").size() == 2);
  CHECK(settings.flag("show-packages"));
  CHECK(settings.text("cacert") == "/etc/ca.pem");
  CHECK(settings.text("registry-token") == "hidden");
  CHECK(settings.flag("offline"));
  CHECK(settings.number("max-db-age") == 7 * 86400u);
  CHECK(settings.text("log-format") == "json");
  CHECK(settings.where("offline") == "c.yaml:15:12");
}

TEST_CASE("the named files can be set at the top level") {
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("facts: [a, b]\n", "c.yaml", Origin::user_file, settings, notes));
  CHECK(settings.list("facts") == std::vector<std::string>{"a", "b"});
}

TEST_CASE("empty documents are fine") {
  for (const std::string yaml : {"", "# nothing\n", "---\n", "scan:\n", "scan: {}\n", "policy:\n  fail-on:\n"}) {
    CAPTURE(yaml);
    CHECK(config_file_test_detail::error_of(yaml) == "no error");
  }
}

TEST_CASE("a slip is an error with its place and the nearest key") {
  struct {
    std::string yaml;
    std::string want;
  } const kCases[] = {
      {"policy:\n  faill-on: high\n", "c.yaml:2:3: unknown key \"faill-on\"; did you mean \"fail-on\"?"},
      {"polcy:\n  fail-on: high\n", "c.yaml:1:1: unknown section \"polcy\"; did you mean \"policy\"?"},
      {"scan:\n  fail-on: high\n", "c.yaml:2:3: unknown key \"fail-on\""},
      {"scan: yes\n", "c.yaml:1:7: \"scan\" is a section and needs keys below it"},
      {"- scan\n", "c.yaml:1:1: not a list of sections"},
      {"data:\n  offline: [true]\n", "c.yaml:2:12: \"offline\" needs one value"},
      {"data:\n  offline: maybe\n", "c.yaml:2:12: --offline maybe: not true or false"},
      {"scan:\n  facts: {a: b}\n", "c.yaml:2:10: \"facts\" needs a word or a list of words"},
      {"scan:\n  facts: [[a]]\n", "c.yaml:2:11: a value of \"facts\" is not a word"},
      {"scan:\n  ? [a]\n  : b\n", "c.yaml:2:5: a key that is not a word"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.yaml);
    CHECK(config_file_test_detail::error_of(one.yaml) == one.want);
  }
  CHECK(config_file_test_detail::error_of("scan: [a\n").find("c.yaml:2:1: not YAML: ") == 0);
  CHECK(config_file_test_detail::error_of("\tscan: a\n").find("not YAML: ") != std::string::npos);
  CHECK(config_file_test_detail::error_of(std::string(100000, '[')) == "c.yaml: nested deeper than 32");
  CHECK(config_file_test_detail::error_of(std::string(100000, '-')).find("nested deeper") != std::string::npos);
}

TEST_CASE("a scanned project cannot weaken its user's connections") {
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("registry:\n  insecure: true\npolicy:\n  fail-on: high\n", "./.eclair.yaml", Origin::project_file, settings, notes));
  CHECK(notes.refused == std::vector<std::string>{"./.eclair.yaml:2:13: insecure"});
  CHECK_FALSE(settings.flag("insecure"));
  CHECK(settings.list("fail-on") == std::vector<std::string>{"high"});
}

TEST_CASE("a scanned project cannot have a file written") {
  for (const char* text : {"output:\n  format: json=/home/u/.profile\n", "output:\n  format: [\"json=/home/u/.profile\"]\n",
                           "output:\n  format: \"table,json=/home/u/.profile\"\n", "output: {format: [json = x]}\n"}) {
    CAPTURE(text);
    Settings settings;
    ConfigNotes notes;
    REQUIRE(read_config(text, "./.eclair.yaml", Origin::project_file, settings, notes));
    CHECK(notes.refused.size() == 1);
    CHECK(settings.list("format").empty());
    REQUIRE(read_config(text, "user.yaml", Origin::user_file, settings, notes));
    CHECK_FALSE(settings.list("format").empty());
  }
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("output:\n  format: json\n", "./.eclair.yaml", Origin::project_file, settings, notes));
  CHECK(notes.refused.empty());
  CHECK(settings.list("format") == std::vector<std::string>{"json"});
}

TEST_CASE("a later file replaces a list instead of adding to it") {
  Settings settings;
  ConfigNotes notes;
  REQUIRE(read_config("policy: {fail-on: [high, eol]}\n", "a.yaml", Origin::system_file, settings, notes));
  REQUIRE(read_config("policy: {fail-on: critical}\n", "b.yaml", Origin::user_file, settings, notes));
  CHECK(settings.list("fail-on") == std::vector<std::string>{"critical"});
}

TEST_CASE("the section of every option is one that a file may have") {
  for (const Option& option : options()) {
    for (const std::string_view key : text::words(option.config)) {
      const std::string section(text::cut(key, '.').first);
      CAPTURE(key);
      CHECK(config_file_test_detail::error_of(section + ":\n  no-such-key: 1\n").find("unknown section") == std::string::npos);
    }
  }
}

}  // namespace eclair::cli
