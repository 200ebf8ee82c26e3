// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace eclair {

/// One pot of memory for everything in flight. Who wants more than is left waits; who wants more than the whole pot gets it alone.
/// A holder must not lease again while it holds: take what is needed at once.
/// threads: own synchronisation.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : total_(bytes), free_(bytes) {}

  class Lease {
   public:
    Lease(MemoryBudget& from, std::uint64_t bytes) : from_(from), bytes_(bytes) {}
    ~Lease() { from_.give_back(bytes_); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

   private:
    MemoryBudget& from_;
    std::uint64_t bytes_;
  };

  Lease lease(std::uint64_t bytes) {
    bytes = std::min(bytes, total_);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return free_ >= bytes; });
    free_ -= bytes;
    return Lease(*this, bytes);
  }

 private:
  void give_back(std::uint64_t bytes) {
    {
      const std::scoped_lock lock(mutex_);
      free_ += bytes;
    }
    changed_.notify_all();
  }

  const std::uint64_t total_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t free_;  // guarded by mutex_
};

}  // namespace eclair
