// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>

#include "service/http/metrics.h"

namespace eclair::service {
namespace process_metrics_detail {

/// Pages of memory: all that are mapped, and those that are there.
void set_memory(Metrics& metrics) {
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) return;
  unsigned long mapped = 0, resident = 0;
  const bool read = std::fscanf(file, "%lu %lu", &mapped, &resident) == 2;
  std::fclose(file);
  if (!read) return;
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  metrics.set("process_virtual_memory_bytes", {}, static_cast<double>(mapped) * page);
  metrics.set("process_resident_memory_bytes", {}, static_cast<double>(resident) * page);
}

void set_descriptors(Metrics& metrics) {
  if (DIR* const folder = ::opendir("/proc/self/fd")) {
    int count = -3;  // ".", ".." and the folder's own
    while (::readdir(folder) != nullptr) ++count;
    ::closedir(folder);
    metrics.set("process_open_fds", {}, count);
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) metrics.set("process_max_fds", {}, static_cast<double>(limit.rlim_cur));
}

void set_cpu(Metrics& metrics) {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return;
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  metrics.set("process_cpu_seconds_total", {}, seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

}  // namespace process_metrics_detail

void describe_process(Metrics& metrics) {
  metrics.gauge("process_resident_memory_bytes", "Resident memory size in bytes.");
  metrics.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.");
  metrics.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.");
  metrics.gauge("process_open_fds", "Number of open file descriptors.");
  metrics.gauge("process_max_fds", "Maximum number of open file descriptors.");
  metrics.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.");
  metrics.set("process_start_time_seconds", {}, static_cast<double>(std::time(nullptr)));
  metrics.before_text([&metrics] {
    process_metrics_detail::set_memory(metrics);
    process_metrics_detail::set_descriptors(metrics);
    process_metrics_detail::set_cpu(metrics);
  });
}

}  // namespace eclair::service
