// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace eclair {

/// A request to stop, looked at by every long loop. Safe from any thread and from a signal handler.
class Cancel {
 public:
  Cancel() = default;
  /// One part of a larger work, which may be ended by itself: also requested once `whole` is. `whole` must outlive it.
  explicit Cancel(const Cancel* whole) : whole_(whole) {}
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed) || (whole_ != nullptr && whole_->requested()); }

 private:
  std::atomic<bool> requested_{false};
  const Cancel* whole_ = nullptr;
};

}  // namespace eclair
