// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/arguments.h"

#include <doctest/doctest.h>

namespace eclair::cli::compat {
namespace arguments_test_detail {

constexpr Flag kFlags[] = {{"whitelist", 'w'}, {"noFail", 'n', false}, {"local", 'l', false}, {"all reportAll", '\0', false}, {"ip"},
                           {"out", 'o'}};

Result<Arguments> read(const std::vector<std::string>& words) { return Arguments::read(words, kFlags); }

}  // namespace arguments_test_detail
using namespace arguments_test_detail;

TEST_CASE("flags as cobra, mow.cli and urfave/cli take them") {
  const std::vector<std::vector<std::string>> same = {{"--whitelist", "a.yaml", "IMAGE"},
                                                      {"--whitelist=a.yaml", "IMAGE"},
                                                      {"-w", "a.yaml", "IMAGE"},
                                                      {"-wa.yaml", "IMAGE"},
                                                      {"-w=a.yaml", "IMAGE"},
                                                      {"IMAGE", "-w", "a.yaml"},
                                                      {"-w", "b.yaml", "IMAGE", "-w", "a.yaml"}};
  for (const auto& words : same) {
    CAPTURE(words[0]);
    const auto got = read(words);
    REQUIRE(got);
    CHECK(got->text("whitelist") == "a.yaml");
    CHECK(got->rest() == std::vector<std::string>{"IMAGE"});
  }
  const auto bundle = read({"-nl", "IMAGE"});
  REQUIRE(bundle);
  CHECK(bundle->flag("noFail"));
  CHECK(bundle->flag("local"));
  const auto bundle_with_value = read({"-nwa.yaml"});
  REQUIRE(bundle_with_value);
  CHECK(bundle_with_value->text("whitelist") == "a.yaml");
  const auto one_dash = read({"-out", "json", "-ip=1.2.3.4"});
  REQUIRE(one_dash);
  CHECK(one_dash->text("ip") == "1.2.3.4");
  CHECK(one_dash->text("out") == "ut");  // -o takes what is tied to it, as pflag does
}

TEST_CASE("what is true, and what was not said") {
  for (const std::string word : {"--all=false", "--reportAll=f", "--all=0", "--all=FALSE"}) {
    const auto got = read({word});
    REQUIRE(got);
    CHECK_FALSE(got->flag("all", true));
  }
  const auto got = read({"--all", "--", "-w"});
  REQUIRE(got);
  CHECK(got->flag("all"));
  CHECK(got->flag("noFail", true));
  CHECK_FALSE(got->flag("noFail"));
  CHECK_FALSE(got->given("whitelist"));
  CHECK(got->text("whitelist", "none") == "none");
  CHECK(got->rest() == std::vector<std::string>{"-w"});
  CHECK(read({"-"})->rest() == std::vector<std::string>{"-"});
}

TEST_CASE("what is no flag of theirs is said") {
  const auto text = [](const std::vector<std::string>& words) { return read(words).error().text; };
  CHECK(text({"--nonsense"}) == "unknown flag: --nonsense");
  CHECK(text({"-x"}) == "unknown shorthand flag: 'x' in -x");
  CHECK(text({"-nx"}) == "unknown shorthand flag: 'x' in -nx");
  CHECK(text({"--ip"}) == "flag needs an argument: --ip");
  CHECK(text({"-w"}) == "flag needs an argument: -w");
  CHECK(text({"--all=perhaps"}) == "invalid argument perhaps for --all: neither true nor false");
}

}  // namespace eclair::cli::compat
