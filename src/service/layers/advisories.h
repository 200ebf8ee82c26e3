// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/interface.h"
#include "util/result.h"

namespace eclair::service {

/// The advisories, for many threads at once: each borrows an open store for the time of one question, whose answers then are of one state.
class Advisories {
 public:
  /// url: as store::open_advisories takes it.
  explicit Advisories(std::string url, std::size_t most = 4) : url_(std::move(url)), most_(most) {}

  /// Runs work with a store that sees the newest state, one state all the while.
  template <class Work>
  auto with(Work&& work) -> decltype(work(std::declval<store::AdvisoryStore&>())) {
    auto store = take();
    if (!store) return fail(std::move(store).error());
    auto out = work(**store);
    (*store)->release();
    give(std::move(*store), !out && out.error().code == Errc::unavailable);
    return out;
  }

  /// Of the newest state. Changes whenever what is known changes.
  Result<std::uint64_t> generation() {
    return with([](store::AdvisoryStore& store) { return store.generation(); });
  }

 private:
  Result<std::unique_ptr<store::AdvisoryStore>> take();
  void give(std::unique_ptr<store::AdvisoryStore> store, bool broken);

  const std::string url_;
  const std::size_t most_;
  std::mutex mutex_;  // guards all below
  std::condition_variable freed_;
  std::vector<std::unique_ptr<store::AdvisoryStore>> free_;
  std::size_t out_ = 0;
};

}  // namespace eclair::service
