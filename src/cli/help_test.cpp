// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/help.h"

#include <doctest/doctest.h>

#include <algorithm>
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
  for (const Command* const command : commands()) {
    CAPTURE(command->name);
    CHECK(screen.find("  " + std::string(command->name) + " ") != std::string::npos);
  }
}

}  // namespace eclair::cli
