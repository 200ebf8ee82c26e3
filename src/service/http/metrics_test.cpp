// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/metrics.h"

#include <doctest/doctest.h>

namespace eclair::service {

TEST_CASE("metrics are written as Prometheus reads them") {
  Metrics metrics;
  metrics.counter("b_total", "How many\nof \\ them.");
  metrics.gauge("a", "One.");
  metrics.histogram("h_ms", "Times.", {1, 2.5, 10});
  metrics.gauge("never", "Not set.");
  metrics.add("b_total", {{"route", "v1/getLayer"}, {"code", "200"}});
  metrics.add("b_total", {{"route", "v1/getLayer"}, {"code", "200"}}, 2);
  metrics.add("b_total", {{"route", "x\"\\\n"}, {"code", "404"}});
  metrics.observe("h_ms", {}, 1);
  metrics.observe("h_ms", {}, 2);
  metrics.observe("h_ms", {}, 100.5);
  metrics.before_text([&metrics] { metrics.set("a", {}, 0.125); });
  CHECK(metrics.text() ==
        "# HELP a One.\n# TYPE a gauge\na 0.125\n"
        "# HELP b_total How many\\nof \\\\ them.\n# TYPE b_total counter\n"
        "b_total{route=\"v1/getLayer\",code=\"200\"} 3\n"
        "b_total{route=\"x\\\"\\\\\\n\",code=\"404\"} 1\n"
        "# HELP h_ms Times.\n# TYPE h_ms histogram\n"
        "h_ms_bucket{le=\"1\"} 1\nh_ms_bucket{le=\"2.5\"} 2\nh_ms_bucket{le=\"10\"} 2\nh_ms_bucket{le=\"+Inf\"} 3\n"
        "h_ms_sum 103.5\nh_ms_count 3\n"
        "# HELP never Not set.\n# TYPE never gauge\n");
}

TEST_CASE("the process is told by its usual names") {
  Metrics metrics;
  describe_process(metrics);
  const std::string text = metrics.text();
  for (const std::string_view name : {"process_resident_memory_bytes ", "process_virtual_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds ",
                                      "process_max_fds ", "process_start_time_seconds "}) {
    CAPTURE(name);
    const std::size_t at = text.find("\n" + std::string(name));
    REQUIRE(at != std::string::npos);
    CHECK(std::stod(text.substr(at + 1 + name.size())) > 0);
  }
}

}  // namespace eclair::service
