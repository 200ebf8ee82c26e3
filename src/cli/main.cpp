// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <new>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/compat/verb.h"
#include "util/cancel.h"

namespace eclair::cli {
namespace main_detail {

Cancel stop;  // the one global that a signal handler needs

constexpr unsigned kGraceSeconds = 2;

/// First time: asks everything to unwind, and sets a clock for what does not. Second time, or late: the end.
void on_interrupt(int signal) {
  if (signal == SIGALRM || stop.requested()) {
    if (::write(STDERR_FILENO, "\n", 1) < 0) _exit(kInterrupted);  // a shell's prompt belongs on a line of its own
    _exit(kInterrupted);
  }
  stop.request();
  ::alarm(kGraceSeconds);
}

void handle_signals() {
  struct sigaction action {};
  action.sa_handler = &on_interrupt;
  struct sigaction before {};
  ::sigaction(SIGINT, nullptr, &before);
  // Without SA_RESTART: a read that waits must end. Who was started with interrupts ignored goes on ignoring them.
  if (before.sa_handler != SIG_IGN) ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGALRM, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);  // write() tells it; a broken connection must not end the program
}

}  // namespace main_detail
}  // namespace eclair::cli

/// The boundary: what a library throws and no file of ours caught ends here, in one line.
int main(int count, char** words) {
  using namespace eclair;
  cli::main_detail::handle_signals();
  try {
    std::vector<std::string_view> arguments(words + (count > 0 ? 1 : 0), words + count);
    // Called through a link of that name, it is the program of that name.
    std::string_view name = count > 0 ? words[0] : "";
    name.remove_prefix(name.find_last_of('/') + 1);  // npos + 1 is 0
    if (cli::compat::find_verb(name) != nullptr) arguments.insert(arguments.begin(), {"compat", name});
    return cli::run(arguments, ECLAIR_VERSION, cli::main_detail::stop);
  } catch (const std::bad_alloc&) {
    (void)std::fputs("error: out of memory\n", stderr);
  } catch (const std::exception& e) {
    cli::Console().error(Error{Errc::internal, std::string("internal error (a bug): ") + e.what(), ""});
  }
  return cli::kError;
}
