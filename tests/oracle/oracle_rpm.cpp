// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of `rpm` against rpm itself, by the Lua inside it: oracle_rpm [PAIRS].
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "oracle/disagreements.h"
#include "support/version_words.h"
#include "version/scheme.h"

namespace {

/// A folder of its own, gone with it.
struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "eclair-oracle-XXXXXX").string();
    path = ::mkdtemp(name.data()) == nullptr ? std::string() : name;
  }
  ~Folder() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
};

/// What rpm.vercmp answers, as the signs we use; anything else as it is.
std::string sign_of_answer(const std::string& line) { return line == "-1" ? "<" : line == "0" ? "=" : line == "1" ? ">" : line; }

}  // namespace

int main(int argc, char** argv) {
  using namespace eclair;
  if (std::system("rpm --version >/dev/null 2>&1") != 0) {
    std::puts("skipped: no rpm to ask (Debian: rpm)");
    return test::kSkipped;
  }
  const version::Scheme& scheme = *version::find_scheme("rpm");
  const std::uint64_t seed = test::seed_or(20240604);
  const std::size_t pairs = test::pairs_wanted(argc, argv, 200'000);
  test::Disagreements report("rpm.vercmp", seed, pairs);

  const Folder folder;
  const std::string questions = folder.path + "/pairs";
  const std::string answers = folder.path + "/answers";
  std::vector<std::pair<std::string, std::string>> asked;
  {
    test::VersionWords words(test::pieces_of("rpm"), seed);
    std::ofstream out(questions, std::ios::binary);
    while (asked.size() < pairs) {
      auto [a, b] = words.pair();
      // Tabs separate the question, and an empty text is no version to rpm.
      if ((a + b).find('\t') != std::string::npos || a.empty() || b.empty()) continue;
      out << a << '\t' << b << '\n';
      asked.emplace_back(std::move(a), std::move(b));
    }
  }
  ::setenv("ECLAIR_PAIRS", questions.c_str(), 1);
  ::setenv("ECLAIR_ANSWERS", answers.c_str(), 1);
  ::setenv("ECLAIR_LUA", ECLAIR_SOURCE_DIR "/tests/oracle/rpm_vercmp.lua", 1);
  // The path goes by the environment: rpm would expand a per cent sign in it.
  if (std::system("rpm --eval '%{lua: dofile(posix.getenv(\"ECLAIR_LUA\"))}'") != 0) {
    std::puts("rpm failed");
    return EXIT_FAILURE;
  }
  std::ifstream in(answers);
  std::string line;
  for (const auto& [a, b] : asked) {
    if (!std::getline(in, line)) line = "no answer";
    const auto order = scheme.compare(a, b);
    const int ours = order < 0 ? -1 : order > 0 ? 1 : 0;
    report.expect(a + "  against  " + b, test::sign_of(ours), sign_of_answer(line));
  }
  return report.finish();
}
