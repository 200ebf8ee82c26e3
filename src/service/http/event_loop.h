// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace eclair::service {

/// One thread that waits for descriptors and runs what belongs to them, one thing at a time. The only door to Asio.
class EventLoop {
 public:
  /// A descriptor that a loop waits for. Of the loop's thread alone, but for the constructor. Closes the descriptor in the end.
  class Watched {
   public:
    Watched(EventLoop& loop, int descriptor);
    ~Watched();
    Watched(const Watched&) = delete;
    Watched& operator=(const Watched&) = delete;
    enum class Ready : std::uint8_t { read, write };
    /// Calls `then` once, when it is ready; after close() no more.
    void wait(Ready what, std::function<void()> then);
    int descriptor() const;
    void close();

   private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
  };

  EventLoop();
  ~EventLoop();  ///< stop()
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  /// trouble: told of exceptions out of what was run; the loop goes on.
  void start(std::function<void(std::string_view what)> trouble);
  /// What waits is never run; what it holds is let go when the loop goes.
  void stop();
  void post(std::function<void()> job);                               ///< from any thread
  void every(std::chrono::milliseconds time, std::function<void()> job);  ///< before start()
  void after(std::chrono::milliseconds time, std::function<void()> job);  ///< from the loop's thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
