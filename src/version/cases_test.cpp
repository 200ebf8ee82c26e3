// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs tests/cases/version/SCHEME.txt, one file for every scheme; the head of each file explains its lines.
#include <doctest/doctest.h>

#include <algorithm>
#include <compare>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "util/text.h"
#include "version/scheme.h"

namespace eclair::version {
namespace cases_test_detail {

constexpr std::size_t kFewestOrders = 20;

std::string folder() { return std::string(ECLAIR_SOURCE_DIR) + "/tests/cases/version/"; }

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line.front() != '#') lines.push_back(line);
  }
  return lines;
}

void check_order(const Scheme& scheme, std::string_view a, std::string_view b, std::strong_ordering want) {
  CHECK(scheme.compare(a, b) == want);
  CHECK(scheme.compare(b, a) == (0 <=> want));
}

/// Every three of the file's versions, whatever the lines say of them.
void check_transitive(const Scheme& scheme, std::vector<std::string> versions) {
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  const std::size_t n = versions.size();
  std::vector<int> at_most(n * n);  // 1: row <= column
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      const auto order = scheme.compare(versions[i], versions[j]);
      at_most[i * n + j] = order <= 0;
      INFO(scheme.id, ": '", versions[i], "' and '", versions[j], "'");
      REQUIRE(scheme.compare(versions[j], versions[i]) == (0 <=> order));
      REQUIRE((i != j || order == 0));
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (at_most[i * n + j] == 0) continue;
      for (std::size_t k = 0; k < n; ++k) {
        if (at_most[j * n + k] == 0 || at_most[i * n + k] != 0) continue;
        FAIL(std::string(scheme.id), ": '", versions[i], "' <= '", versions[j], "' <= '", versions[k], "', but the first > the last");
      }
    }
  }
}

}  // namespace cases_test_detail

TEST_CASE("every version order follows its file of cases") {
  using namespace cases_test_detail;
  for (const Scheme& scheme : schemes()) {
    const std::vector<std::string> lines = lines_of(folder() + std::string(scheme.id) + ".txt");
    std::vector<std::string> versions;
    std::size_t orders = 0;
    for (const std::string& line : lines) {
      INFO(scheme.id, ": ", line);
      if (line.starts_with("ok ") || line.starts_with("no ")) {
        const std::string version = line.substr(3);
        CHECK(scheme.is_valid(version) == (line[0] == 'o'));
        versions.push_back(version);
        continue;
      }
      const auto parts = text::words(line);
      REQUIRE(parts.size() == 3);
      REQUIRE((parts[1] == "<" || parts[1] == "=" || parts[1] == ">"));
      const auto want = parts[1] == "<"   ? std::strong_ordering::less
                        : parts[1] == "=" ? std::strong_ordering::equal
                                          : std::strong_ordering::greater;
      check_order(scheme, parts[0], parts[2], want);
      versions.emplace_back(parts[0]);
      versions.emplace_back(parts[2]);
      ++orders;
    }
    INFO(scheme.id, ": ", orders, " lines with an order");
    CHECK(orders >= kFewestOrders);
    check_transitive(scheme, versions);
  }
}

TEST_CASE("every file of version cases belongs to a scheme") {
  for (const auto& entry : std::filesystem::directory_iterator(cases_test_detail::folder())) {
    CAPTURE(entry.path().string());
    CHECK(find_scheme(entry.path().stem().string()) != nullptr);
  }
}

}  // namespace eclair::version
