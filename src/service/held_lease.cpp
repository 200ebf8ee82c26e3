// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/held_lease.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace eclair::service {

struct HeldLease::Impl {
  using Clock = std::chrono::steady_clock;

  Impl(store::ServiceStore& where, std::string what, std::string me, std::uint32_t time, Cancel& told)
      : store(where), name(std::move(what)), owner(std::move(me)), seconds(time), work(told), thread([this] { renew(); }) {}

  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      ends = true;
    }
    ending.notify_all();
    thread.join();
    static_cast<void>(store.release(name, owner));  // what cannot be given back ends by itself
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void renew() {
    const auto third = std::chrono::milliseconds(seconds * 1000ull / 3);
    // The lease began before this clock is read; a renewed one after it was asked for.
    auto sure_until = Clock::now() + 2 * third;
    std::unique_lock lock(mutex);
    while (!ending.wait_for(lock, third, [this] { return ends; })) {
      lock.unlock();
      const auto asked = Clock::now();
      const auto mine = store.lease(name, owner, seconds);
      if (mine && *mine) sure_until = asked + 2 * third;
      if ((mine && !*mine) || Clock::now() >= sure_until) work.request();
      lock.lock();
    }
  }

  store::ServiceStore& store;
  const std::string name, owner;
  const std::uint32_t seconds;
  Cancel& work;
  std::mutex mutex;
  std::condition_variable ending;
  bool ends = false;  // guarded by mutex
  std::thread thread;
};

Result<std::unique_ptr<HeldLease>> HeldLease::take(store::ServiceStore& store, std::string name, std::string owner, std::uint32_t seconds, Cancel& work) {
  ECLAIR_TRY(const bool mine, store.lease(name, owner, seconds));
  if (!mine) return nullptr;
  return std::unique_ptr<HeldLease>(new HeldLease(std::make_unique<Impl>(store, std::move(name), std::move(owner), seconds, work)));
}

HeldLease::HeldLease(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HeldLease::~HeldLease() = default;

}  // namespace eclair::service
