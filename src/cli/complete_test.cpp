// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "cli/option_table.h"
#include "util/text.h"

namespace eclair::cli {
namespace complete_test_detail {

/// line: words by blanks; what is behind the last blank is completed.
Completion completed(std::string_view line) {
  const std::vector<std::string_view> words = text::split(line, ' ');
  return complete(words, commands(), [] { return std::vector<std::string>{"registry.example.com:5000/shop/api:1.4", "debian:12"}; });
}

std::string words(std::string_view line) {
  std::string out;
  for (const Completion::Candidate& one : completed(line).candidates) out += (out.empty() ? "" : " ") + one.word;
  constexpr std::string_view kEnds[] = {"", " +files", " +folders"};
  return out + std::string(kEnds[static_cast<std::size_t>(completed(line).files)]);
}

bool offers(std::string_view line, std::string_view word) {
  const Completion got = completed(line);
  return std::any_of(got.candidates.begin(), got.candidates.end(), [&](const auto& one) { return one.word == word; });
}

}  // namespace complete_test_detail
using namespace complete_test_detail;

TEST_CASE("commands, their second words, and images where an image may stand") {
  CHECK(offers("", "scan"));
  CHECK(offers("", "db"));
  CHECK_FALSE(offers("", "debug"));
  CHECK(words("db up") == "update");
  CHECK(offers("db ", "import"));
  CHECK(words("help db sta") == "status");
  CHECK(words("completion ") == "bash zsh fish");
  CHECK(words("deb") == "debian:12 +files");
  CHECK(words("scan ") == "registry.example.com:5000/shop/api:1.4 debian:12 +files");
  CHECK(words("scan --offline reg") == "registry.example.com:5000/shop/api:1.4 +files");
  CHECK(words("scan -- -") == " +files");
  CHECK(words("explain CVE-2024-1 deb") == "debian:12 +files");
  CHECK(words("explain CV") == "");
  CHECK(words("debian:12 deb") == "debian:12 +files");
  CHECK(words("version x") == "");
  CHECK(offers("db update deb", "debian"));
}

TEST_CASE("options of the command, and their values") {
  CHECK(words("scan --sev") == "--severity");
  CHECK(words("scan --no-prog") == "--no-progress");
  CHECK(words("--max-db") == "--max-db-age");  // without a command it is a scan
  CHECK_FALSE(offers("layers --", "--severity"));
  CHECK_FALSE(offers("scan --", "--password"));
  CHECK(words("scan --color ") == "auto always never");
  CHECK(words("scan --color=a") == "--color=auto --color=always");
  CHECK(words("scan --severity high,c") == "high,critical");
  CHECK(words("scan -s h") == "high");
  CHECK(words("scan --columns +epss,+c") == "+epss,+cvss");
  CHECK(words("scan --columns=package,ty") == "--columns=package,type");
  CHECK(words("scan --fail-on high,fix") == "high,fixable");
  CHECK(words("scan -f tab") == "table");
  CHECK(words("scan -f json=") == " +files");
  CHECK(words("scan --input ") == " +files");
  CHECK(words("scan --data-dir ") == " +folders");
  CHECK(words("scan --min-cvss ") == "");
  CHECK(words("scan -qs h") == "high");
  CHECK(words("scan --severity high deb") == "debian:12 +files");
}

TEST_CASE("what is offered begins with what is there, whatever that is") {
  std::mt19937 random(20261128);
  INFO("seed 20261128");
  std::vector<std::string> pieces = {"", "-", "--", "=", ",", "+", "scan", "db", "x", "-f", "-o", "--severity", "high", ":", "/", "\t", "\x1b", "--no-"};
  for (const Option& one : options()) pieces.push_back("--" + std::string(one.name));
  for (const Command* const one : commands()) pieces.emplace_back(one->name);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> line(random() % 5);
    for (std::string& one : line) one = pieces[random() % pieces.size()] + (random() % 3 == 0 ? pieces[random() % pieces.size()] : "");
    const std::vector<std::string_view> views(line.begin(), line.end());
    const Completion got = complete(views, commands(), [] { return std::vector<std::string>{"debian:12"}; });
    for (const auto& one : got.candidates) CHECK((line.empty() || one.word.starts_with(line.back())));
    const std::string lines = completion_lines(got);
    CHECK(lines.back() == '\n');
    CHECK(lines.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("lines for the shells") {
  Completion some;
  some.candidates = {{"a", "what it is"}, {"b", ""}, {"c\nd", "broken"}, {"e", "x\ty\x1b"}};
  some.files = Completion::Files::files;
  CHECK(completion_lines(some) == "a\twhat it is\nb\ne\tx y\\x1b\n:files\n");
  for (const char* const shell : {"bash", "zsh", "fish"}) CHECK(completion_script(shell).find("__complete") != std::string_view::npos);
  CHECK(completion_script("tcsh").empty());
}

}  // namespace eclair::cli
