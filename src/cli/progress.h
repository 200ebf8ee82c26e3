// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cli/console.h"
#include "feeds/update.h"
#include "index/index.h"

namespace eclair::cli {

/// "214/480 MiB", "3.1 kB", for people.
std::string size_words(std::uint64_t bytes);

/// "layers 5/12 [#####.....] 214/480 MiB 61 MiB/s  packages 1,204"
std::string progress_line(const index::IndexOptions::Progress& at, std::int64_t milliseconds, bool unicode);

/// "advisories debian [##........] 12.3 MB/60.1 MB  5.2 MB/s", "advisories alpine  documents 12/44  310.2 kB", "advisories osv  importing, rows 120,000"
std::string update_line(std::string_view feed, const feeds::UpdateProgress& at, std::int64_t milliseconds, bool unicode);
/// "100,051"
std::string with_commas(std::uint64_t n);

/// Shows how reading an image goes: a redrawn line on a terminal; elsewhere one line at the beginning and at the end of what takes over 2 s.
/// On a terminal a thread draws what is known ten times a second: when nothing comes any more, the line says so all the same.
/// threads: update() from any, one at a time.
class ReadingProgress {
 public:
  ReadingProgress(Console& console, std::string what);
  ~ReadingProgress();
  ReadingProgress(const ReadingProgress&) = delete;
  ReadingProgress& operator=(const ReadingProgress&) = delete;
  void update(const index::IndexOptions::Progress& at);

 private:
  struct Drawer;  // a thread
  void draw_until_end();

  Console& console_;
  std::string what_;
  std::int64_t started_;
  bool said_ = false;
  // guarded by mutex_
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ended_ = false;
  std::optional<index::IndexOptions::Progress> at_;
  // own synchronisation
  std::unique_ptr<Drawer> drawer_;
};

}  // namespace eclair::cli
