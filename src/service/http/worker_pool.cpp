// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/worker_pool.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace eclair::service {

struct WorkerPool::Impl {
  explicit Impl(std::size_t queue_bound) : bound(queue_bound) {}

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      some.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      std::function<void()> job = std::move(queue.front());
      queue.pop_front();
      ++running;
      lock.unlock();
      job();
      job = nullptr;  // what it holds is let go before the lock is taken
      lock.lock();
      --running;
    }
  }

  const std::size_t bound;
  std::mutex mutex;
  std::condition_variable some;
  std::deque<std::function<void()>> queue;
  std::size_t running = 0;
  bool stopping = false;
  std::vector<std::thread> threads;
};

WorkerPool::WorkerPool(unsigned workers, std::size_t queue) : impl_(std::make_unique<Impl>(queue)) {
  for (unsigned i = 0; i < workers; ++i) impl_->threads.emplace_back([impl = impl_.get()] { impl->work(); });
}

WorkerPool::~WorkerPool() { stop(); }

bool WorkerPool::post(std::function<void()> job) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopping || impl_->queue.size() >= impl_->bound) return false;
    impl_->queue.push_back(std::move(job));
  }
  impl_->some.notify_one();
  return true;
}

void WorkerPool::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
    dropped.swap(impl_->queue);
  }
  impl_->some.notify_all();
  for (std::thread& thread : impl_->threads) {
    if (thread.joinable()) thread.join();
  }
}

WorkerPool::Load WorkerPool::load() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->running, impl_->queue.size()};
}

}  // namespace eclair::service
