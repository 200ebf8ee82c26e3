// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "util/text.h"

namespace eclair::cli {

TEST_CASE("every command of the registry is fit for help") {
  std::set<std::string> names;
  for (const Command* const command : commands()) {
    CAPTURE(command->name);
    CHECK(names.insert(std::string(command->name)).second);
    for (const std::string_view alias : text::words(command->aliases)) CHECK(names.insert(std::string(alias)).second);
    CHECK((command->run != nullptr));
    CHECK(command->purpose.back() == '.');
    const auto examples = text::split(command->examples, '\n');
    CHECK(examples.size() == 4);
    for (const std::string_view example : examples) CHECK(example.find("eclair ") != std::string_view::npos);
    const std::string help = help_for(*command, false);
    CHECK(help.find("Exit codes") != std::string::npos);
    CHECK(help.find("\nExamples\n") < help.find("--color"));
    for (const std::string_view line : text::split(help, '\n')) {
      CAPTURE(line);
      CHECK(line.size() <= 130);
      CHECK((line.empty() || line.back() != ' '));
    }
  }
}

TEST_CASE("the first screen fits a terminal") {
  const std::string screen = help_screen(commands());
  CHECK(std::count(screen.begin(), screen.end(), '\n') <= 40);
  for (const std::string_view line : text::split(screen, '\n')) {
    CAPTURE(line);
    CHECK(line.size() <= 100);
  }
  for (const Command* const command : commands()) {
    CAPTURE(command->name);
    const auto [first, second] = text::cut(command->name, ' ');
    const std::size_t at = screen.find("\n  " + std::string(first) + " ");
    if (command->hidden) continue;
    REQUIRE(at != std::string::npos);
    // A group of commands has one line, which names them all, and what they are about.
    const std::string line = screen.substr(at + 1, screen.find('\n', at + 1) - at - 1);
    if (!second.empty()) CHECK(line.find(" " + std::string(second)) != std::string::npos);
    if (!second.empty()) CHECK(line.find(": ") != std::string::npos);
  }
  // The order of what people do first.
  CHECK(screen.find("\nScan\n") < screen.find("\nInspect\n"));
  CHECK(screen.find("\nInspect\n") < screen.find("\nData\n"));
  CHECK(screen.find("\nData\n") < screen.find("\nServer\n"));
  CHECK(screen.find("\nServer\n") < screen.find("\nSettings\n"));
}

TEST_CASE("every option of the table belongs to commands that exist") {
  std::set<std::string_view> names{"*"};
  for (const Command* const command : commands()) names.insert(command->name);
  for (const Option& option : options()) {
    for (const std::string_view command : text::split(option.commands, ',')) {
      CAPTURE(option.name);
      CAPTURE(command);
      CHECK(names.count(command) == 1);
    }
  }
}

TEST_CASE("the tables in docs/user are those of the options") {
  // After a change of the table: ECLAIR_UPDATE_GOLDEN=1 writes the pages anew.
  const auto compare = [](const std::string& name, const std::string& begin, const std::string& end, const std::string& table) {
    const std::string file = std::string(ECLAIR_SOURCE_DIR) + "/docs/user/" + name;
    std::ifstream in(file, std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const std::size_t from = page.find(begin), to = page.find(end);
    REQUIRE(from != std::string::npos);
    REQUIRE(to != std::string::npos);
    const std::string want = page.substr(0, from + begin.size()) + table + page.substr(to);
    if (std::getenv("ECLAIR_UPDATE_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << want;
    CHECK(page == want);
  };
  compare("cli.md", "<!-- begin: made from the option table -->\n", "<!-- end -->\n", option_tables());
  compare("service.md", "<!-- begin: Clair's keys -->\n", "<!-- end: Clair's keys -->\n", clair_key_table());
}

}  // namespace eclair::cli
