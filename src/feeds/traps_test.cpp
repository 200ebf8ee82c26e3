// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Holds tests/cases/feed-traps.txt, the list of what scanners get wrong about advisory sources, to the tests that it names: each trap has
// some, each of them exists, every feed has traps of its own, and what nothing tests yet is counted and has a reason.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "feeds/feed.h"
#include "util/json.h"
#include "util/text.h"

namespace fs = std::filesystem;

namespace eclair::feeds {
namespace traps_test_detail {

const fs::path kSource = ECLAIR_SOURCE_DIR;
constexpr int kGeneral = 20;  // traps that are of several sources
constexpr std::size_t kOpen = 6;  // traps that nothing tests yet; each new one needs as good a reason

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Trap {
  std::string section, id, sentence;
  std::vector<std::string> tests;  ///< "case debian/temp_ids", "match rpm.json: an absent epoch is 0", "test zip: bounds", "e2e update_kill"
  std::string reason;              ///< why nothing tests it
};

std::vector<Trap> read_traps(const std::string& text, std::vector<std::string>& faults) {
  std::vector<Trap> out;
  std::string section;
  int number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    const std::string_view words = text::trim(line);
    if (words.empty() || words.front() == '#') continue;
    const auto fault = [&](const std::string& what) { faults.push_back("line " + std::to_string(number) + ": " + what); };
    if (line.front() == '[') {
      section = words.substr(1, words.size() - 2);
    } else if (line.front() != ' ') {
      const auto [id, sentence] = text::cut(words, ':');
      out.push_back({section, std::string(id), std::string(text::trim(sentence)), {}, {}});
      if (section.empty() || id.empty() || text::trim(sentence).size() < 20) fault("no section, id or sentence");
    } else if (out.empty()) {
      fault("belongs to no trap");
    } else if (const auto [kind, name] = text::cut(words, ' '); kind == "open") {
      out.back().reason = name;
    } else if (kind == "case" || kind == "match" || kind == "test" || kind == "e2e") {
      out.back().tests.emplace_back(words);
    } else {
      fault("neither case, match, test, e2e nor open");
    }
  }
  return out;
}

/// Every test that a trap may name, as it names it.
std::set<std::string> all_tests() {
  std::set<std::string> out;
  for (const auto& feed : fs::directory_iterator(kSource / "tests/cases/feeds")) {
    if (!feed.is_directory()) continue;
    for (const auto& one : fs::directory_iterator(feed.path())) {
      if (fs::exists(one.path() / "want.json")) out.insert("case " + fs::relative(one.path(), kSource / "tests/cases/feeds").generic_string());
    }
  }
  for (const auto& file : fs::directory_iterator(kSource / "tests/cases/match")) {
    const std::string text = read_text(file.path());
    json::Document document;
    const auto root = document.parse(text);
    REQUIRE(root.has_value());
    (*root)["cases"].each([&](json::Value one) {
      out.insert("match " + file.path().filename().string() + ": " + std::string(one["about"].string()));
      return true;
    });
  }
  for (const auto& file : fs::recursive_directory_iterator(kSource / "src")) {
    if (!file.path().filename().string().ends_with("_test.cpp")) continue;
    const std::string text = read_text(file.path());
    constexpr std::string_view kBegin = "\nTEST_CASE(\"";
    for (std::size_t at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at + 1)) {
      const std::size_t name = at + kBegin.size();
      out.insert("test " + text.substr(name, text.find("\") {", name) - name));
    }
  }
  for (const auto& file : fs::directory_iterator(kSource / "tests/e2e")) out.insert("e2e " + file.path().stem().string());
  return out;
}

}  // namespace traps_test_detail
using namespace traps_test_detail;

TEST_CASE("traps: each has tests, and those exist; every feed has its own; what is open is counted") {
  std::vector<std::string> faults;
  const std::vector<Trap> traps = read_traps(read_text(kSource / "tests/cases/feed-traps.txt"), faults);
  for (const std::string& one : faults) FAIL_CHECK("feed-traps.txt, ", one);
  const std::set<std::string> tests = all_tests();
  std::set<std::string> ids;
  std::map<std::string, int> of_section;
  std::set<int> general;
  std::size_t open = 0;
  for (const Trap& trap : traps) {
    const std::string name = trap.section + " " + trap.id;
    CAPTURE(name);
    CHECK(ids.insert(name).second);
    if (trap.section == "general") general.insert(static_cast<int>(text::parse_number(text::cut(trap.id, '.').first).value_or(0)));
    if (trap.reason.empty()) {
      CHECK_FALSE(trap.tests.empty());
      ++of_section[trap.section];
    } else {
      CHECK(trap.reason.size() > 20);
      CHECK(trap.tests.empty());
      ++open;
    }
    for (const std::string& one : trap.tests) {
      CAPTURE(one);
      CHECK(tests.count(one) == 1);
    }
  }
  for (int i = 1; i <= kGeneral; ++i) {
    CAPTURE(i);
    CHECK(general.count(i) == 1);
  }
  CHECK(general.size() == kGeneral);
  CHECK(open == kOpen);
  for (const Feed* const feed : feeds()) {
    CAPTURE(feed->id());
    CHECK(of_section[std::string(feed->id())] > 0);
    of_section.erase(std::string(feed->id()));
  }
  of_section.erase("general");
  for (const auto& [section, count] : of_section) FAIL_CHECK("feed-traps.txt: no feed is called ", section);
}

TEST_CASE("traps: a list that is wrong is noticed") {
  std::vector<std::string> faults;
  const auto traps = read_traps("[a]\nx.y: a sentence that is long enough\n  case a/b\n  none c\n  open not built, and here is why\n", faults);
  REQUIRE(traps.size() == 1);
  CHECK(traps[0].section == "a");
  CHECK(traps[0].tests == std::vector<std::string>{"case a/b"});
  CHECK(traps[0].reason == "not built, and here is why");
  CHECK(faults == std::vector<std::string>{"line 4: neither case, match, test, e2e nor open"});
  faults.clear();
  read_traps("  case a/b\nx: y\n", faults);
  CHECK(faults.size() == 2);
}

}  // namespace eclair::feeds
