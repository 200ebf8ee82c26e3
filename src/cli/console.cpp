// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "util/json_writer.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::cli {
namespace console_detail {

constexpr std::size_t kMostBytes = 1000;  // of one message

std::mutex& guard() {
  static std::mutex one;
  return one;
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Not empty. source: no-color.org; bixense.com/clicolors
bool is_on(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool is_dumb() {
  const char* const terminal = std::getenv("TERM");
  return terminal == nullptr || std::string_view(terminal) == "dumb" || *terminal == '\0';
}

bool wants_color(const Settings& settings, bool terminal) {
  const std::string when = settings.text("color");
  if (when != "auto") return when == "always";
  if (is_on("NO_COLOR")) return false;
  if ((is_on("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") || is_on("FORCE_COLOR")) return true;
  return terminal && !is_dumb();
}

bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!is_on(name)) continue;
    const std::string value = text::lower(std::getenv(name));
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

unsigned columns(bool terminal) {
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20) return size.ws_col;
  if (const char* const value = std::getenv("COLUMNS")) {
    const auto number = text::parse_number(value);
    if (number && *number >= 20 && *number <= 10000) return static_cast<unsigned>(*number);
  }
  return 120;
}

std::int64_t milliseconds() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1000 + t.tv_nsec / 1000000;
}

std::string_view code_name(Errc code) {
  constexpr std::string_view kNames[] = {"invalid_input", "unsupported", "not_found", "conflict", "limit", "unavailable", "cancelled", "internal"};
  return kNames[static_cast<std::size_t>(code)];
}

}  // namespace console_detail

Console::Console() = default;

Console::Console(const Settings& settings) {
  level_ = settings.flag("debug") || settings.count("verbose") > 1 ? Level::debug
           : settings.flag("verbose")                              ? Level::verbose
           : settings.flag("quiet")                                ? Level::quiet
                                                                   : Level::normal;
  json_ = settings.text("log-format") == "json";
  out_is_terminal_ = ::isatty(STDOUT_FILENO) == 1;
  color_ = console_detail::wants_color(settings, out_is_terminal_);
  unicode_ = console_detail::is_utf8_locale();
  width_ = console_detail::columns(out_is_terminal_);
  shows_progress_ = ::isatty(STDERR_FILENO) == 1 && !console_detail::is_dumb() && !console_detail::is_on("CI") && settings.flag("progress") &&
                    (level_ == Level::normal || level_ == Level::verbose) && !json_;
}

void Console::line(std::string_view kind, std::string_view text, std::string_view hint, std::string_view code) {
  std::string out;
  if (json_) {
    json::Writer w;
    w.begin_object().member("time", rfc3339(now())).member("level", kind).member("msg", text::clean(text, console_detail::kMostBytes));
    if (!code.empty()) w.member("code", code);
    if (!hint.empty()) w.member("hint", text::clean(hint, console_detail::kMostBytes));
    out = w.end_object().text() + "\n";
  } else {
    if (!kind.empty()) out += std::string(kind) + ": ";
    out += text::clean(text, console_detail::kMostBytes) + "\n";
    if (!hint.empty()) out += "  hint: " + text::clean(hint, console_detail::kMostBytes) + "\n";
  }
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  if (drawn_) out.insert(0, "\r\x1b[K");
  drawn_ = false;
  console_detail::write_all(STDERR_FILENO, out);  // nowhere to tell it, should it fail
}

void Console::error(const Error& error) {
  line("error", error.text.empty() ? console_detail::code_name(error.code) : error.text, error.hint, console_detail::code_name(error.code));
}
void Console::warning(std::string_view text, std::string_view hint) {
  if (level_ != Level::quiet) line("warning", text, hint);
}
void Console::note(std::string_view text, std::string_view hint) {
  if (level_ != Level::quiet) line("note", text, hint);
}
void Console::detail(std::string_view text) {
  if (level_ >= Level::verbose) line("note", text, {});
}
void Console::debug(std::string_view text) {
  if (level_ >= Level::debug) line("debug", text, {});
}
void Console::verdict(std::string_view text) { line(json_ ? "verdict" : "", text, {}); }

void Console::progress(std::string_view text, bool at_once, Task task) {
  if (!shows_progress_) return;
  const std::int64_t at = console_detail::milliseconds();
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  std::string& part = going_on_[static_cast<std::size_t>(task)];
  const bool begins = part.empty();
  part = text::clean(text);
  if (drawn_ && !begins && !at_once && at - drawn_at_ < 100) return;
  drawn_at_ = at;
  draw();
}

/// Under the lock.
void Console::draw() {
  winsize size{};
  const std::size_t room = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1u : 79u;
  const auto& [first, second] = going_on_;
  const std::string line = first + (first.empty() || second.empty() ? "" : " | ") + second;
  if (drawn_ || !line.empty()) console_detail::write_all(STDERR_FILENO, "\r\x1b[K" + line.substr(0, room));
  drawn_ = !line.empty();
}

void Console::end_progress(Task task) {
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  going_on_[static_cast<std::size_t>(task)].clear();
  if (drawn_) draw();
}

void Console::clear_progress() {
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  for (std::string& one : going_on_) one.clear();
  if (drawn_) draw();
}

Result<> Console::print(std::string_view bytes) {
  clear_progress();
  if (console_detail::write_all(STDOUT_FILENO, bytes)) return {};
  if (errno == EPIPE) return fail(Errc::cancelled, "nobody reads standard output");
  return fail(Errc::unavailable, "cannot write to standard output: " + std::string(std::strerror(errno)));
}

}  // namespace eclair::cli
