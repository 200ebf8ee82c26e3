// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/layers/advisories.h"

namespace eclair::service {

Result<std::unique_ptr<store::AdvisoryStore>> Advisories::take() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [this] { return !free_.empty() || out_ < most_; });
  ++out_;
  if (!free_.empty()) {
    auto store = std::move(free_.back());
    free_.pop_back();
    return store;
  }
  lock.unlock();
  auto store = store::open_advisories(url_);
  if (!store) give(nullptr, true);
  return store;
}

void Advisories::give(std::unique_ptr<store::AdvisoryStore> store, bool broken) {
  if (broken) store.reset();
  const std::lock_guard lock(mutex_);
  --out_;
  if (store) free_.push_back(std::move(store));
  freed_.notify_one();
}

}  // namespace eclair::service
