// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/settings.h"
#include "util/result.h"

namespace eclair::cli {

/// The two streams of the program. Reports go to standard output, everything else to standard error.
/// Every text is cleaned of control characters here; a message is one line, and so is its hint.
/// threads: messages and progress may come from several threads.
class Console {
 public:
  enum class Level : std::uint8_t { quiet, normal, verbose, debug };
  /// What goes on, and what goes on beside it: each has a line of progress.
  enum class Task : std::uint8_t { main, beside };

  Console();  ///< plain text, normal level: for errors before the settings are known
  explicit Console(const Settings& settings);

  void error(const Error& error);
  void warning(std::string_view text, std::string_view hint = {});
  void note(std::string_view text, std::string_view hint = {});
  void detail(std::string_view text);  ///< with -v: one line for each decision
  void debug(std::string_view text);   ///< with -d
  /// A line that belongs to the end of the report ("policy failed: ..."); shown at any level.
  void verdict(std::string_view text);

  /// Redraws the lines at the bottom, at most ten times a second unless `at_once` or a task begins; nothing unless shows_progress().
  void progress(std::string_view line, bool at_once = false, Task task = Task::main);
  /// This task is over: its line goes, that of the other stays.
  void end_progress(Task task);
  void clear_progress();
  bool shows_progress() const { return shows_progress_; }

  /// Writes to standard output, all of it. errors: cancelled (nobody reads any more), unavailable (disk full).
  Result<> print(std::string_view bytes);

  Level level() const { return level_; }
  bool out_is_terminal() const { return out_is_terminal_; }
  bool color() const { return color_; }      ///< on standard output
  bool unicode() const { return unicode_; }
  bool hyperlinks() const { return hyperlinks_; }  ///< standard output is a terminal that is known to follow OSC 8
  unsigned width() const { return width_; }  ///< of standard output, in columns
  unsigned file_width() const;               ///< of what is no terminal: COLUMNS, else 120

 private:
  void line(std::string_view kind, std::string_view text, std::string_view hint, std::string_view code = {});
  void draw();
  std::string erasing();

  Level level_ = Level::normal;
  bool json_ = false, out_is_terminal_ = false, color_ = false, unicode_ = false, hyperlinks_ = false, shows_progress_ = false;
  unsigned width_ = 120;
  // guarded by the lock that all consoles share
  std::string going_on_[2];    // by Task
  std::int64_t drawn_at_ = 0;  // milliseconds
  std::size_t lines_drawn_ = 0;
};

}  // namespace eclair::cli
