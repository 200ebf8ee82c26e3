// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "service/notify/notifications.h"
#include "service/classic/vulnerabilities.h"
#include "service/notify/webhook.h"
#include "store/service_store.h"
#include "util/cancel.h"
#include "util/result.h"

namespace eclair::service {

struct DeliverySettings {
  std::uint32_t attempts = 5;                ///< with pauses of 1 s, doubling (to 15 minutes); then from 1 s again
  std::uint64_t renotify_seconds = 2 * 3600; ///< until one that was accepted and not read is sent again (v1); 0 = never
  std::uint32_t lease_seconds = 30;          ///< for which what a node took to send is its own; more than twice HookSettings::total_seconds
  unsigned at_once = 4;                      ///< requests to one target
};

/// What came of a request, for metrics and the log. Views hold for the call.
struct Sent {
  std::string_view name;   ///< of the notification
  bool accepted = false;
  std::string_view why;    ///< where it was not
  double milliseconds = 0;
};

/// Tells one target of notifications: takes those that are due, sends them, a few at once, and says what came of it.
/// At least once: what a node took and did not settle because it died, another takes when the lease ends. Twice within a lease never, since before
/// it ends nothing more of it is sent. A target that is away is asked with one request at a time, at growing pauses.
/// Of one thread at a time; the sending is done by several.
class Delivery {
 public:
  struct Parts {
    store::ServiceStore& store;
    Notifications& notifications;
    Vulnerabilities& vulnerabilities;
    const HookSender& sender;
    const Cancel& stop;
    std::function<void(const Sent&)> sent;  ///< from several threads; may be empty
  };
  /// owner: of this node. enough: as ServiceStore::settle takes it.
  Delivery(Parts parts, HookTarget target, DeliverySettings settings, std::string owner, std::vector<std::string> enough);

  /// Sends some of what is due. How many it took; 0: nothing is due, or the target rests. errors: those of the store.
  Result<std::size_t> step();

 private:
  using Clock = std::chrono::steady_clock;
  struct OneResult {
    bool accepted = false, untried = false;
    std::uint64_t retry_after_seconds = 0;
  };
  OneResult send(const store::ServiceStore::Delivery& one, Clock::time_point until) const;
  store::ServiceStore::Outcome outcome(const store::ServiceStore::Delivery& one, const OneResult& result) const;
  void rest_or_not(const std::vector<OneResult>& results);

  Parts parts_;
  const HookTarget target_;
  const std::string id_;
  const DeliverySettings settings_;
  const std::string owner_;
  const std::vector<std::string> enough_;
  unsigned failures_ = 0;          ///< in a row, of any notification
  Clock::time_point rests_until_{};
};

}  // namespace eclair::service
