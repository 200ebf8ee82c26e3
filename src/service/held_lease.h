// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "store/service_store.h"
#include "util/cancel.h"
#include "util/result.h"

namespace eclair::service {

/// A lease that is renewed in time by a thread of its own, until it goes. A node that stops without a word loses it when it ends.
class HeldLease {
 public:
  /// nullptr: somebody else has it. work: is asked to stop when the lease could not be renewed and is about to end. Store and work must outlive it.
  static Result<std::unique_ptr<HeldLease>> take(store::ServiceStore& store, std::string name, std::string owner, std::uint32_t seconds, Cancel& work);
  ~HeldLease();  ///< gives it back
  HeldLease(const HeldLease&) = delete;
  HeldLease& operator=(const HeldLease&) = delete;

 private:
  struct Impl;
  explicit HeldLease(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
