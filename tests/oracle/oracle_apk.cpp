// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// The order and the grammar of `apk` or `apk2` against the apk-tools of this machine: oracle_apk [PAIRS]. One process a question, as
// apk has no other way, and so fewer pairs than for the others.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/disagreements.h"
#include "support/version_words.h"
#include "version/scheme.h"

extern char** environ;

namespace {

struct Said {
  int code = -1;
  std::string text{};
};

Said apk(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ECLAIR_APK_TOOLS);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int ends[2];
  if (::pipe(ends) != 0) return {};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addclose(&actions, ends[0]);
  posix_spawn_file_actions_addclose(&actions, ends[1]);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, ECLAIR_APK_TOOLS, &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  Said said;
  if (failed == 0) {
    std::array<char, 256> buffer;
    for (ssize_t count; (count = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
      said.text.append(buffer.data(), static_cast<std::size_t>(count));
    int status = 0;
    if (::waitpid(child, &status, 0) == child && WIFEXITED(status)) said.code = WEXITSTATUS(status);
  }
  ::close(ends[0]);
  while (!said.text.empty() && said.text.back() == '\n') said.text.pop_back();
  return said;
}

/// apk takes a leading hyphen for an option, and reads numbers into 64 bits: such texts are not asked.
bool can_be_asked(std::string_view version) {
  std::size_t run = 0;
  for (const char c : version) {
    run = eclair::text::is_digit(c) ? run + 1 : 0;
    if (run > 19) return false;
  }
  return !version.empty() && version.front() != '-';
}

}  // namespace

int main(int argc, char** argv) {
  using namespace eclair;
  const std::string generation = apk({"--version"}).text;
  const bool is_v2 = generation.find("apk-tools 2.") != std::string::npos;
  const version::Scheme& scheme = *version::find_scheme(is_v2 ? "apk2" : "apk");
  const std::uint64_t seed = test::seed_or(20240605);
  const std::size_t pairs = test::pairs_wanted(argc, argv, 3'000);
  std::printf("%s, scheme %s\n", generation.c_str(), std::string(scheme.id).c_str());
  test::Disagreements report("apk version", seed, pairs);
  test::VersionWords words(test::pieces_of("apk"), seed);
  for (std::size_t done = 0; done < pairs;) {
    const auto [a, b] = words.pair();
    if (!can_be_asked(a) || !can_be_asked(b)) continue;
    ++done;
    const auto order = scheme.compare(a, b);
    const int ours = order < 0 ? -1 : order > 0 ? 1 : 0;
    report.expect(a + "  against  " + b, test::sign_of(ours), apk({"version", "-t", a, b}).text);
    report.expect(a, scheme.is_valid(a) ? "taken" : "refused", apk({"version", "-c", a}).code == 0 ? "taken" : "refused");
  }
  return report.finish();
}
