// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/http/request_record.h"

#include <string>
#include <vector>

namespace eclair::service {
namespace request_record_detail {

/// 9.375 doubled nine times: the original's buckets.
std::vector<double> buckets() {
  std::vector<double> out;
  for (double bound = 9.375; out.size() < 10; bound *= 2) out.push_back(bound);
  return out;
}

/// What a monitor asks every few seconds would bury the rest.
LogLevel level(std::string_view route, int status) {
  if (status >= 500) return LogLevel::warning;
  const bool monitor = route == "health" || route == "v0/health" || route == "metrics" || route == "v1/getMetrics";
  return monitor && status < 400 ? LogLevel::debug : LogLevel::info;
}

std::string_view name(Method method) {
  switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::del: return "DELETE";
    case Method::other: break;
  }
  return "other";
}

}  // namespace request_record_detail

std::function<void(const Served&)> record_requests(const Log& log, Metrics& metrics) {
  metrics.histogram("clair_api_response_duration_milliseconds", "The duration of time it takes to receive and write a response to an API request",
                    request_record_detail::buckets());
  metrics.counter("eclair_http_reply_bytes_total", "Bytes of replies, heads included, as they were sent.");
  metrics.counter("eclair_http_broken_total", "Replies that the client did not wait for.");
  return [&log, &metrics](const Served& served) {
    const std::string_view route = served.route.empty() ? "none" : served.route;
    const std::string code = std::to_string(served.status);
    metrics.observe("clair_api_response_duration_milliseconds", {{"route", route}, {"code", code}}, served.milliseconds);
    metrics.add("eclair_http_reply_bytes_total", {{"route", route}}, static_cast<double>(served.bytes));
    if (!served.complete) metrics.add("eclair_http_broken_total", {{"route", route}});
    const Request& request = served.request;
    log.line(request_record_detail::level(route, served.status), served.complete ? "request" : "request broken off",
             {{"id", request.id},
              {"peer", request.peer},
              {"who", request.who.name.empty() ? std::string_view("-") : std::string_view(request.who.name)},
              {"method", request_record_detail::name(request.method)},
              {"path", request.path},
              {"route", route},
              {"status", std::int64_t{served.status}},
              {"bytes", static_cast<std::int64_t>(served.bytes)},
              {"ms", served.milliseconds}});
  };
}

void describe_server(Metrics& metrics, const HttpServer& server) {
  metrics.gauge("eclair_http_connections", "Connections that are open.");
  metrics.gauge("eclair_http_running", "Requests that a worker answers, by pool.");
  metrics.gauge("eclair_http_queued", "Requests that wait for a worker, by pool.");
  metrics.counter("eclair_http_refused_total", "Connections and requests that were told 503 because there were too many.");
  metrics.before_text([&metrics, &server] {
    const HttpServer::Load load = server.load();
    metrics.set("eclair_http_connections", {}, static_cast<double>(load.connections));
    metrics.set("eclair_http_running", {{"pool", "quick"}}, static_cast<double>(load.quick_running));
    metrics.set("eclair_http_running", {{"pool", "analysis"}}, static_cast<double>(load.analysis_running));
    metrics.set("eclair_http_queued", {{"pool", "quick"}}, static_cast<double>(load.quick_queued));
    metrics.set("eclair_http_queued", {{"pool", "analysis"}}, static_cast<double>(load.analysis_queued));
    metrics.set("eclair_http_refused_total", {}, static_cast<double>(load.refused));
  });
}

}  // namespace eclair::service
