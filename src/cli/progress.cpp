// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "util/plural.h"
#include "util/text.h"

namespace eclair::cli {
namespace progress_detail {

constexpr std::int64_t kLongMilliseconds = 2000;
constexpr std::int64_t kDrawMilliseconds = 110;  // the console takes one in a hundred
constexpr std::uint64_t kMiB = 1u << 20;

std::int64_t milliseconds() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1000 + t.tv_nsec / 1000000;
}

std::string bar(std::uint64_t done, std::uint64_t all, bool unicode) {
  constexpr std::uint64_t kCells = 10;
  const std::uint64_t full = all == 0 ? 0 : std::min<std::uint64_t>(kCells, done / std::max<std::uint64_t>(all / kCells, 1));
  std::string out = unicode ? "▕" : "[";
  for (std::uint64_t i = 0; i < kCells; ++i) out += i < full ? (unicode ? "█" : "#") : (unicode ? " " : ".");
  return out + (unicode ? "▏" : "]");
}

}  // namespace progress_detail

std::string size_words(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  std::uint64_t tenths = bytes * (bytes < (std::uint64_t{1} << 60) ? 10 : 1);
  std::size_t unit = bytes < (std::uint64_t{1} << 60) ? 0 : 1;
  if (unit == 1) tenths /= 100;  // beyond an exabyte the last digits do not matter, and must not overflow
  while (tenths >= 9995 && unit + 1 < std::size(kUnits)) {
    tenths = (tenths + 500) / 1000;
    ++unit;
  }
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + kUnits[unit];
}

std::string progress_line(const index::IndexOptions::Progress& at, std::int64_t milliseconds, bool unicode) {
  std::string out = "layers " + std::to_string(at.layers_done) + "/" + std::to_string(at.layers) + " ";
  out += progress_detail::bar(at.bytes, at.bytes_total, unicode);
  const bool small = at.bytes_total < 10 * progress_detail::kMiB && at.bytes < 10 * progress_detail::kMiB;
  const std::uint64_t unit = small ? 1024 : progress_detail::kMiB;
  out += " " + std::to_string(at.bytes / unit);
  if (at.bytes_total > 0) out += "/" + std::to_string(at.bytes_total / unit);
  out += small ? " KiB" : " MiB";
  if (milliseconds > 500) {
    const std::uint64_t rate = at.bytes * 1000 / static_cast<std::uint64_t>(milliseconds);
    out += " " + std::to_string(rate / unit) + (small ? " KiB/s" : " MiB/s");
  }
  return out + "  packages " + with_commas(at.packages);
}

std::string with_commas(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::string update_line(std::string_view feed, const feeds::UpdateProgress& at, std::int64_t milliseconds, bool unicode) {
  std::string out = "advisories " + std::string(feed);
  using Stage = feeds::UpdateProgress::Stage;
  if (at.stage == Stage::asking) out += "  asking for changes";
  if (at.documents_total > 1) out += "  documents " + with_commas(at.documents) + "/" + with_commas(at.documents_total);
  if (at.bytes > 0) {
    const bool known = at.bytes_total >= at.bytes && at.stage == Stage::downloading;
    out += (known ? " " + progress_detail::bar(at.bytes, at.bytes_total, unicode) + " " : "  ") + size_words(at.bytes);
    if (at.bytes_total >= at.bytes) out += "/" + size_words(at.bytes_total);
    if (milliseconds > 500 && at.stage == Stage::downloading) out += "  " + size_words(at.bytes * 1000 / static_cast<std::uint64_t>(milliseconds)) + "/s";
  }
  if (at.stage == Stage::importing) out += "  importing, rows " + with_commas(at.rows);
  return out;
}

struct ReadingProgress::Drawer {
  std::thread thread;
};

ReadingProgress::ReadingProgress(Console& console, std::string what)
    : console_(console), what_(std::move(what)), started_(progress_detail::milliseconds()) {
  if (!console_.shows_progress()) return;
  console_.progress("opening " + what_);
  try {
    drawer_ = std::make_unique<Drawer>(Drawer{std::thread([this] { draw_until_end(); })});
  } catch (const std::system_error&) {  // no thread to be had: nothing is drawn but this
  }
}

ReadingProgress::~ReadingProgress() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  wake_.notify_one();
  if (drawer_) drawer_->thread.join();
  console_.end_progress(Console::Task::main);
  if (said_) console_.note("read " + what_ + " in " + std::to_string((progress_detail::milliseconds() - started_) / 1000) + " s");
}

void ReadingProgress::draw_until_end() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(progress_detail::kDrawMilliseconds), [this] { return ended_; })) {
    if (!at_) continue;
    const index::IndexOptions::Progress at = *at_;
    lock.unlock();
    console_.progress(progress_line(at, progress_detail::milliseconds() - started_, console_.unicode()));
    lock.lock();
  }
}

void ReadingProgress::update(const index::IndexOptions::Progress& at) {
  if (console_.shows_progress()) {
    const std::lock_guard lock(mutex_);
    at_ = at;
    return;
  }
  if (!said_ && progress_detail::milliseconds() - started_ > progress_detail::kLongMilliseconds) {
    said_ = true;
    console_.note("reading " + what_ + ": " + std::to_string(at.layers_done) + " of " + text::plural(at.layers, "layer") + " so far");
  }
}

}  // namespace eclair::cli
