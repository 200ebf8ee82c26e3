// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "service/layers/advisories.h"
#include "service/notify/delivery.h"
#include "service/http/log.h"
#include "service/http/metrics.h"
#include "service/notify/notifications.h"
#include "service/classic/vulnerabilities.h"
#include "service/notify/webhook.h"
#include "store/service_store.h"

namespace eclair::service {

struct NotifierSettings {
  HookSettings hooks;
  DeliverySettings delivery;
  std::chrono::milliseconds pause{1000};  ///< between looks for something new
};

/// Makes notifications of what changes, and tells the targets. Runs on every node; each notification is made once, and sent by one node at a time.
class Notifier {
 public:
  struct Parts {
    store::ServiceStore& store;
    Advisories& advisories;
    Notifications& notifications;
    Vulnerabilities& vulnerabilities;
    Metrics& metrics;
    const Log& log;
  };
  /// The parts must outlive it. owner: of this node, unlike all others'.
  Notifier(Parts parts, NotifierSettings settings, std::string owner);
  ~Notifier();  ///< stop()
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void start();  ///< once
  void wake();   ///< something changed: look now
  void stop();   ///< requests on their way end, what was taken is given back

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
