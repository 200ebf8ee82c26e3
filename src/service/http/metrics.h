// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eclair::service {

/// Numbers about the service, and their text for Prometheus. A family is described once, then counted by name; a name that nobody described
/// is a mistake that tests find and that is passed over otherwise.
/// threads: any.
class Metrics {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  void counter(std::string_view name, std::string_view help);
  void gauge(std::string_view name, std::string_view help);
  /// bounds: ascending upper bounds of the buckets, without +Inf.
  void histogram(std::string_view name, std::string_view help, std::vector<double> bounds);

  void add(std::string_view name, Labels labels = {}, double by = 1);  ///< of a counter or gauge
  void set(std::string_view name, Labels labels, double value);        ///< of either; a counter that somebody else counts
  void observe(std::string_view name, Labels labels, double value);

  /// Called before each text(), to set what is known elsewhere. Must not call text().
  void before_text(std::function<void()> set_some);
  /// The text format of Prometheus, version 0.0.4; families by name, lines by labels: the same numbers give the same bytes.
  std::string text() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// process_resident_memory_bytes, process_virtual_memory_bytes, process_cpu_seconds_total, process_open_fds, process_max_fds,
/// process_start_time_seconds: the names that every Prometheus client gives them.
void describe_process(Metrics& metrics);

}  // namespace eclair::service
