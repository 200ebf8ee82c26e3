// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/images/admission.h"
#include "service/images/api_eclair.h"
#include "service/http/http.h"
#include "service/http/log.h"
#include "service/http/metrics.h"
#include "service/notify/notifier.h"
#include "service/layers/stored_layers.h"
#include "service/updater.h"
#include "util/result.h"

namespace eclair::service {

struct ServiceSettings {
  std::string store_url;   ///< as store::open_service_store() takes it
  LayerSettings layers;    ///< `read` is the service's own
  AdmissionPolicy admission;
  std::string page_key;    ///< as PageTokens::create() takes it
  std::string version;     ///< of the program
  std::function<EclairParts::Queue()> load{};  ///< of the server in front of it, for health. May be empty
  NotifierSettings notifier;
  UpdaterSettings updater;
};

/// What is behind the APIs: the stores and the views onto them. No sockets, no processes, no signals.
class Service {
 public:
  /// Opens the stores, and makes them where they are not. metrics and log must outlive it. errors: those of the stores, invalid_input.
  static Result<std::unique_ptr<Service>> open(ServiceSettings settings, Metrics& metrics, const Log& log);
  ~Service();

  /// "v1", "v0", "eclair", "admission" and "status" for the main port, "health" for the other. They must not outlive the service.
  std::vector<Api> apis();

  /// Another policy of the gate, from the next review on.
  void set_admission(AdmissionPolicy policy);

  /// What goes on by itself: updates, notifications, forgetting. start() once, then stop() once; without, none of it happens.
  void start();
  void stop();  ///< requests on their way end, leases are given back

 private:
  struct Impl;
  explicit Service(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace eclair::service
