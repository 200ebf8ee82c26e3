// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/console.h"

#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <mutex>

#include "report/columns.h"
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

/// Terminals whose makers say that they follow OSC 8, told by what they put into the environment. Within tmux or screen it depends on more than we
/// can see, so there is none. FORCE_HYPERLINK decides where it is set.
/// source: gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda, github.com/Alhadis/OSC8-Adoption (2026-08)
bool follows_links(bool terminal) {
  if (is_on("FORCE_HYPERLINK")) return std::string_view(std::getenv("FORCE_HYPERLINK")) != "0";
  if (!terminal || is_dumb() || is_on("TMUX") || is_on("STY")) return false;
  if (is_on("KITTY_WINDOW_ID") || is_on("WT_SESSION") || is_on("DOMTERM")) return true;
  const auto at_least = [](const char* name, std::uint64_t least) {
    const auto number = is_on(name) ? text::parse_number(std::getenv(name)) : std::nullopt;
    return number && *number >= least;
  };
  if (at_least("VTE_VERSION", 5000) || at_least("KONSOLE_VERSION", 201200)) return true;
  const auto is_one_of = [](const char* name, std::initializer_list<std::string_view> words) {
    const char* const value = std::getenv(name);
    return value != nullptr && std::any_of(words.begin(), words.end(), [&](std::string_view w) { return w == value; });
  };
  return is_one_of("TERM_PROGRAM", {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"}) ||
         is_one_of("TERM", {"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-extra", "contour", "wezterm"});
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
  hyperlinks_ = console_detail::follows_links(out_is_terminal_);
  width_ = console_detail::columns(out_is_terminal_);
  shows_progress_ = ::isatty(STDERR_FILENO) == 1 && !console_detail::is_dumb() && !console_detail::is_on("CI") && settings.flag("progress") &&
                    (level_ == Level::normal || level_ == Level::verbose) && !json_;
}

unsigned Console::file_width() const { return console_detail::columns(false); }

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
  out.insert(0, erasing());
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
  if (lines_drawn_ > 0 && !begins && !at_once && at - drawn_at_ < 100) return;
  drawn_at_ = at;
  draw();
}

/// Under the lock. What takes the lines away that are there, and leaves the cursor where they began.
std::string Console::erasing() {
  if (lines_drawn_ == 0) return {};
  std::string out = "\r";
  if (lines_drawn_ > 1) out += "\x1b[" + std::to_string(lines_drawn_ - 1) + "A";
  lines_drawn_ = 0;
  return out + "\x1b[J";
}

/// Under the lock. One write, so that nothing flickers.
void Console::draw() {
  winsize size{};
  const std::size_t room = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1u : 79u;
  std::string out = erasing();
  for (const std::string& one : going_on_) {
    if (one.empty()) continue;
    if (lines_drawn_ > 0) out += "\n";
    out += report::shorten_end(one, room, unicode_);
    ++lines_drawn_;
  }
  if (!out.empty()) console_detail::write_all(STDERR_FILENO, out);
}

void Console::end_progress(Task task) {
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  going_on_[static_cast<std::size_t>(task)].clear();
  if (lines_drawn_ > 0) draw();
}

void Console::clear_progress() {
  const std::lock_guard<std::mutex> lock(console_detail::guard());
  for (std::string& one : going_on_) one.clear();
  if (lines_drawn_ > 0) draw();
}

Result<> Console::print(std::string_view bytes) {
  clear_progress();
  if (console_detail::write_all(STDOUT_FILENO, bytes)) return {};
  if (errno == EPIPE) return fail(Errc::cancelled, "nobody reads standard output");
  return fail(Errc::unavailable, "cannot write to standard output: " + std::string(std::strerror(errno)));
}

}  // namespace eclair::cli
