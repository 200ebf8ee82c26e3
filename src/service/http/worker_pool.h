// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>


namespace eclair::service {

/// Threads that run jobs from one bounded queue, first come first served. A job must not throw.
/// threads: any.
class WorkerPool {
 public:
  WorkerPool(unsigned workers, std::size_t queue);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// false: the queue is full, or the pool is stopping; the job is not run.
  bool post(std::function<void()> job);
  /// Waits for the jobs that run; those still in the queue are dropped.
  void stop();
  struct Load {
    std::size_t running = 0, queued = 0;
  };
  Load load() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
