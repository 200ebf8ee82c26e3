// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/ask.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

namespace eclair::cli {
namespace ask_detail {

constexpr std::size_t kMostBytes = 64u << 10;

/// No echo, until it goes.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal), changed_(::tcgetattr(terminal, &before_) == 0) {
    if (!changed_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (changed_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool changed_;
};

void say(int terminal, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(terminal, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

Result<std::string> line(int terminal) {
  std::string out;
  while (out.size() < kMostBytes) {
    char c = 0;
    const ssize_t n = ::read(terminal, &c, 1);
    if (n < 0) return fail(Errc::cancelled, "cancelled");  // an interrupt, too
    if (n == 0 || c == '\n') break;
    out += c;
  }
  return out;
}

}  // namespace ask_detail

Result<std::string> ask(std::string_view question, bool secret) {
  using namespace ask_detail;
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) {
    return fail(Error{Errc::invalid_input, "no " + std::string(question) + ", and no terminal to ask on", "--username NAME --password-stdin"});
  }
  std::optional<Silence> silence;
  if (secret) silence.emplace(terminal);  // before the question: what is typed ahead is discarded
  say(terminal, std::string(question) + ": ");
  auto answer = line(terminal);
  silence.reset();
  if (secret) say(terminal, "\n");
  ::close(terminal);
  if (answer && answer->empty()) return fail(Errc::invalid_input, "no " + std::string(question) + " was typed");
  return answer;
}

}  // namespace eclair::cli
