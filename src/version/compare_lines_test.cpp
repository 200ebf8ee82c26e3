// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "version/compare_lines.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

namespace eclair::version {
namespace compare_lines_test_detail {

const Scheme& scheme(std::string_view id) {
  const Scheme* found = find_scheme(id);
  REQUIRE(found != nullptr);
  return *found;
}

std::string all_at_once(const Scheme& by, std::string_view text, std::size_t piece) {
  LineAnswers answers(by);
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += piece) answers.feed(text.substr(at, piece), out);
  answers.finish(out);
  return out;
}

}  // namespace compare_lines_test_detail

using namespace compare_lines_test_detail;

TEST_CASE("a line is answered with the order of its two versions") {
  struct Case {
    std::string_view scheme;
    std::string_view line;
    std::string_view want;
  };
  const Case cases[] = {
      {"dpkg", "1.0\t1.1", "<"},  {"dpkg", "1.0\t1.0-0", "="}, {"dpkg", "1:1\t2", ">"},     {"dpkg", "a1\t1", ">"},
      {"dpkg", "1.0-\t1.0", "?"}, {"dpkg", "1.0\t1:", "?"},    {"dpkg", "1.0 1.1", "?"},    {"dpkg", "", "?"},
      {"dpkg", "\t", "?"},        {"dpkg", "1\t", "?"},        {"dpkg", "\t1", "?"},        {"dpkg", "1\t2\t3", "?"},
      {"dpkg", "1\t\t2", "?"},    {"rpm", "1.0~\t1.0", "<"},   {"rpm", "1_0\t1.0", "="},    {"rpm", "1.0 1\t1.0", "?"},
      {"apk", "1.0\t1.00", "<"},  {"apk2", "1.0\t1.00", ">"},  {"apk", "1.0a1\t1.0a", "?"}, {"apk2", "1.0a1\t1.0a", ">"},
      {"apk", "1\t1-r0", "<"},    {"apk", "v1\t1", "?"},     {"rpm", "1\t1-1", "<"},     {"pacman", "1\t1-1", "="},
  };
  for (const Case& c : cases) {
    CAPTURE(c.scheme);
    CAPTURE(c.line);
    CHECK(answer(scheme(c.scheme), c.line) == c.want);
  }
}

TEST_CASE("a stream is answered line by line, wherever it is cut") {
  const std::string_view text = "1.0\t1.1\n\n1\t1\nno tab\n1:1\t2\n2\t1:1";
  const std::string_view want = "<\n?\n=\n?\n>\n<\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    CAPTURE(piece);
    CHECK(all_at_once(scheme("dpkg"), text, piece) == want);
  }
  CHECK(all_at_once(scheme("dpkg"), "", 1).empty());
  CHECK(all_at_once(scheme("dpkg"), "\n", 1) == "?\n");
  CHECK(all_at_once(scheme("dpkg"), "1\t2\n", 4) == "<\n");
}

TEST_CASE("a line at the limit is answered, a longer one refused, and the next one is read") {
  const std::string longest = std::string(kMaxCompareLineBytes - 2, '1') + "\t1";
  const std::string text = longest + "\n1" + longest + "\n1\t2\n" + std::string(5 * kMaxCompareLineBytes, '\t') + "\n1\t1\n9" + longest;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{4096}, text.size()}) {
    CAPTURE(piece);
    CHECK(all_at_once(scheme("dpkg"), text, piece) == ">\n?\n<\n?\n=\n?\n");
  }
}

TEST_CASE("files in, answers out, while the writer still waits") {
  int in[2];
  int out[2];
  REQUIRE(::pipe(in) == 0);
  REQUIRE(::pipe(out) == 0);
  const std::string_view question = "1.0~rc1\t1.0\n2\t1";
  REQUIRE(::write(in[1], question.data(), question.size()) == static_cast<ssize_t>(question.size()));
  REQUIRE(::close(in[1]) == 0);
  std::FILE* reader = ::fdopen(in[0], "r");
  std::FILE* writer = ::fdopen(out[1], "w");
  REQUIRE(reader != nullptr);
  REQUIRE(writer != nullptr);
  const auto done = compare_lines(scheme("dpkg"), reader, writer);
  CHECK(done.has_value());
  // Flushed: nothing of it waits in `writer`.
  char buffer[64];
  const ssize_t count = ::read(out[0], buffer, sizeof buffer);
  REQUIRE(count > 0);
  CHECK(std::string_view(buffer, static_cast<std::size_t>(count)) == "<\n>\n");
  std::fclose(reader);
  std::fclose(writer);
  ::close(out[0]);
}

TEST_CASE("a signal while waiting for input ends nothing") {
  static std::atomic<int> signals;
  signals = 0;
  struct sigaction count = {}, before = {};
  count.sa_handler = [](int) { ++signals; };  // without SA_RESTART: read() fails with EINTR
  REQUIRE(::sigaction(SIGUSR1, &count, &before) == 0);
  int in[2];
  REQUIRE(::pipe(in) == 0);
  std::FILE* reader = ::fdopen(in[0], "r");
  std::FILE* writer = std::tmpfile();
  REQUIRE(reader != nullptr);
  REQUIRE(writer != nullptr);
  bool good = false;
  std::thread waiting([&] { good = compare_lines(scheme("dpkg"), reader, writer).has_value(); });
  for (int i = 0; i < 30; ++i) {
    CHECK(::pthread_kill(waiting.native_handle(), SIGUSR1) == 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  CHECK(::write(in[1], "1\t2\n", 4) == 4);
  ::close(in[1]);
  waiting.join();
  CHECK(good);
  CHECK(signals > 0);
  std::rewind(writer);
  char answer[4] = {};
  CHECK(std::fread(answer, 1, sizeof answer, writer) == 2);
  CHECK(std::string_view(answer) == "<\n");
  std::fclose(reader);
  std::fclose(writer);
  REQUIRE(::sigaction(SIGUSR1, &before, nullptr) == 0);
}

TEST_CASE("what cannot be read or written is an error, not an end") {
  std::FILE* out = std::tmpfile();
  REQUIRE(out != nullptr);
  std::FILE* folder = std::fopen("/", "r");
  REQUIRE(folder != nullptr);
  const auto unreadable = compare_lines(scheme("dpkg"), folder, out);
  REQUIRE_FALSE(unreadable.has_value());
  CHECK(unreadable.error().code == Errc::unavailable);
  CHECK(unreadable.error().text.starts_with("reading versions to compare: "));
  std::fclose(folder);

  std::FILE* in = std::tmpfile();
  REQUIRE(in != nullptr);
  std::fputs("1\t2\n", in);
  std::rewind(in);
  std::FILE* full = std::fopen("/dev/full", "w");
  REQUIRE(full != nullptr);
  const auto unwritable = compare_lines(scheme("dpkg"), in, full);
  REQUIRE_FALSE(unwritable.has_value());
  CHECK(unwritable.error().code == Errc::unavailable);
  CHECK(unwritable.error().text.starts_with("writing the answers: "));
  std::fclose(full);
  std::fclose(in);
  std::fclose(out);
}

}  // namespace eclair::version
