// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/parse.h"

#include <doctest/doctest.h>

#include <cstring>
#include <map>
#include <set>

#include "cli/habits.h"
#include "cli/values.h"
#include "util/text.h"

namespace eclair::cli {
namespace parse_test_detail {

Result<CommandLine> parse(std::string_view line, Settings& settings) {
  const std::vector<std::string_view> arguments = text::words(line);
  return parse_command_line(arguments, settings);
}

std::string error_of(std::string_view line) {
  Settings settings;
  auto got = parse(line, settings);
  return got ? "no error" : got.error().text + (got.error().hint.empty() ? "" : " | " + got.error().hint);
}

const char* none(const char*) { return nullptr; }

}  // namespace parse_test_detail

TEST_CASE("the option table is consistent") {
  std::set<std::string> names;
  std::set<char> letters;
  std::set<std::string> keys;
  for (const Option& option : options()) {
    CAPTURE(option.name);
    CHECK(names.insert(std::string(option.name)).second);
    for (const std::string_view synonym : text::words(option.synonyms)) CHECK(names.insert(std::string(synonym)).second);
    for (const char letter : option.letters) CHECK(letters.insert(letter).second);
    for (const std::string_view key : text::words(option.config)) CHECK(keys.insert(std::string(key)).second);
    CHECK_FALSE(option.help.empty());
    CHECK(option.help.back() != '.');
    CHECK((option.kind == Kind::flag) == option.value.empty());
    CHECK((option.kind == Kind::choice || option.kind == Kind::choices || option.kind == Kind::columns) != option.choices.empty());
    CHECK((option.kind == Kind::decimal) == (option.most > 0));
    CHECK(find_alias(option.name) == nullptr);
    CHECK_FALSE(goes_without_saying(option.name));
    CHECK(find_foreign(option.name) == nullptr);
    if (!option.fallback.empty()) CHECK(check_value(option, option.fallback));
    if (option.config.find("registry.") == 0 && option.name != "stall-timeout") CHECK_FALSE(option.in_project);
  }
}

TEST_CASE("every way to write an option") {
  struct {
    std::string line;
    std::string option;
    std::string want;
  } const kCases[] = {
      {"--offline", "offline", "true"},
      {"--no-offline", "offline", "false"},
      {"--offline=false", "offline", "false"},
      {"--offline --no-offline", "offline", "false"},
      {"--no-progress", "progress", "false"},
      {"--no-trunc", "wide", "true"},
      {"--no-packages", "show-packages", "false"},
      {"--list-all-pkgs", "show-packages", "true"},
      {"--platform linux/386", "platform", "linux/386"},
      {"--platform=linux/386", "platform", "linux/386"},
      {"alpine --platform linux/386", "platform", "linux/386"},
      {"-fjson", "format", "json"},
      {"-f json", "format", "json"},
      {"-f=json", "format", "json"},
      {"-qd", "quiet", "true"},
      {"-qd", "debug", "true"},
      {"-D", "debug", "true"},
      {"-qf json", "format", "json"},
      {"--no-color", "color", "never"},
      {"--color=always", "color", "always"},
      {"--only-fixed", "ignore-unfixed", "true"},
      {"--only-notfixed", "only-unfixed", "true"},
      {"--only-cisa-kev", "kev", "true"},
      {"--min-epss 0.25", "min-epss", "0.25"},
      {"--sort-by=epss", "sort-by", "epss"},
      {"--pretty", "pretty", "true"},
      {"--compact", "pretty", "false"},
      {"--no-fail", "no-fail", "true"},
      {"-n", "no-fail", "true"},
      {"-l", "from", "docker"},
      {"--compact=false --pretty", "pretty", "true"},
      {"--disable-telemetry --offline", "offline", "true"},
      {"--skip-version-check=true --offline", "offline", "true"},
      {"--columns -layer", "columns", "-layer"},
      {"--scanners vuln --offline", "offline", "true"},
      {"--scanners=vuln --offline", "offline", "true"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.line);
    Settings settings;
    const auto line = parse_test_detail::parse(one.line, settings);
    REQUIRE(line);
    CHECK(settings.is_set(one.option));
    CHECK(settings.text(one.option) == one.want);
    CHECK(settings.origin(one.option) == Origin::flag);
  }
}

TEST_CASE("words, options behind them, and what follows --") {
  Settings settings;
  const auto line = parse_test_detail::parse("scan a --offline b - -- --not-a-flag -x", settings);
  REQUIRE(line);
  CHECK(line->words == std::vector<std::string>{"scan", "a", "b", "-", "--not-a-flag", "-x"});
  CHECK(line->words_before_dashes == 4);
}

TEST_CASE("every alias stands for a value that its option takes") {
  for (const std::string_view name : {"compact", "local"}) {
    const FlagAlias* const alias = find_alias(name);
    REQUIRE(alias != nullptr);
    REQUIRE(find_option(alias->option) != kNone);
    CHECK(check_value(options()[find_option(alias->option)], alias->value));
  }
}

TEST_CASE("lists by comma and repetition; rules keep their commas") {
  Settings settings;
  REQUIRE(parse_test_detail::parse("--facts a,b --facts c --fail-on high,fixable --fail-on eol --severity high -s low", settings));
  CHECK(settings.list("facts") == std::vector<std::string>{"a", "b", "c"});
  CHECK(settings.list("fail-on") == std::vector<std::string>{"high,fixable", "eol"});
  CHECK(settings.severities("severity") == std::vector<Severity>{Severity::low, Severity::high});
}

TEST_CASE("rejected command lines say what was meant") {
  struct {
    std::string line;
    std::string want;
  } const kCases[] = {
      {"--ofline", "unknown flag --ofline | did you mean --offline?"},
      {"--fail high", "unknown flag --fail | did you mean --fail-on?"},
      {"--qwertyuiop", "unknown flag --qwertyuiop | eclair help scan lists the flags"},
      {"-z", "unknown flag -z | eclair help scan lists the flags"},
      {"--platform", "--platform: needs a value (OS/ARCH)"},
      {"-f", "-f: needs a value (FORMAT[=FILE])"},
      {"--offline=maybe", "--offline maybe: not true or false"},
      {"--parallel x", "--parallel x: not a number"},
      {"--max-db-age soon", "--max-db-age soon: not a duration like 90s, 5m, 120h or 7d"},
      {"--max-image-size big", "--max-image-size big: not a size like 10MB, 2GiB or 4096"},
      {"--severity hihg", "--severity hihg: not a severity (unknown, negligible, low, medium, high, critical); did you mean high?"},
      {"--color alwys", "--color alwys: not one of auto, always, never; did you mean always?"},
      {"--name=", "--name \"\": an empty value"},
      {"--no-platform x", "unknown flag --no-platform | did you mean --platform?"},
      {"--scanners vuln,misconfig", "--scanners: only vulnerabilities are looked for, so 'vuln' is the one value taken | drop the flag"},
      {"--ignore-policy x.rego", "--ignore-policy: policies in Rego are not supported | say what fails with --fail-on"},
      {"--min-epss 2", "--min-epss 2: not a number from 0 to 1"},
      {"--min-cvss high", "--min-cvss high: not a number from 0 to 10"},
      {"--min-cvss 1e1", "--min-cvss 1e1: not a number from 0 to 10"},
      {"--min-cvss -1", "--min-cvss -1: not a number from 0 to 10"},
      {"--ignore-status wontfix", "--ignore-status wontfix: not one of unknown, not_affected, affected, fixed, under_investigation, will_not_fix, fix_deferred, "
                                  "end_of_life, wont-fix, not-fixed; did you mean wont-fix?"},
      {"--columns +epps", "--columns epps: not one of severity, vulnerability, package, installed, fixed-in, layer, status, type, epss, cvss, kev, path, title; "
                          "did you mean epss?"},
      {"-s squashed", "--severity squashed: not a severity (unknown, negligible, low, medium, high, critical) | did you mean --scope squashed?"},
      {"--epss", "--epss: not a flag here | --columns +epss shows it, --sort-by epss orders by it, --min-epss 0.1 leaves out the unlikely"},
      {"--add-cpes-if-none", "--add-cpes-if-none: packages are judged by what their own sources say, not by CPEs | drop the flag"},
      {"--timeout 5m", "--timeout: there is no overall limit that could end a scan | --stall-timeout 60s ends one that receives nothing"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.line);
    CHECK(parse_test_detail::error_of(one.line) == one.want);
  }
  const std::string hostile = parse_test_detail::error_of("--a\x1b[31m\xff");
  CAPTURE(hostile);
  CHECK(hostile.find('\x1b') == std::string::npos);
}

TEST_CASE("an option of another command is refused") {
  Settings settings;
  REQUIRE(parse_test_detail::parse("--feed debian", settings));
  CHECK(check_applicable(settings, "db import"));
  const auto refused = check_applicable(settings, "scan");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text == "--feed: not an option of eclair scan");
}

TEST_CASE("the environment is weaker than a flag and stronger than a file") {
  const auto look_up = [](const char* name) -> const char* {
    static const std::map<std::string, const char*> kSet = {{"ECLAIR_PLATFORM", "linux/arm64"}, {"ECLAIR_OFFLINE", "1"}, {"ECLAIR_FACTS", "a, b"},
                                                            {"ECLAIR_NAME", ""}};
    const auto at = kSet.find(name);
    return at == kSet.end() ? nullptr : at->second;
  };
  Settings settings;
  REQUIRE(parse_test_detail::parse("--platform linux/386", settings));
  REQUIRE(read_environment(look_up, settings));
  CHECK(settings.text("platform") == "linux/386");
  CHECK(settings.flag("offline"));
  CHECK(settings.where("offline") == "ECLAIR_OFFLINE");
  CHECK(settings.list("facts") == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(settings.is_set("name"));
  REQUIRE(settings.put(find_option("offline"), "false", Origin::user_file, "config.yaml:1:1"));
  CHECK(settings.flag("offline"));

  Settings bad;
  const auto refused = read_environment([](const char* name) -> const char* { return std::strcmp(name, "ECLAIR_PARALLEL") == 0 ? "x" : nullptr; }, bad);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text == "ECLAIR_PARALLEL: --parallel x: not a number");
  CHECK(read_environment(&parse_test_detail::none, bad));
}

TEST_CASE("defaults") {
  const Settings settings;
  CHECK(settings.number("max-db-age") == 5 * 86400u);
  CHECK(settings.number("stall-timeout") == 60u);
  CHECK(settings.number("max-image-size") == 1ull << 40);
  CHECK(settings.number("max-file-size") == 512ull << 20);
  CHECK(settings.flag("progress"));
  CHECK_FALSE(settings.flag("offline"));
  CHECK(settings.severities("severity").empty());
  CHECK_FALSE(settings.number("exit-code"));
}

}  // namespace eclair::cli
