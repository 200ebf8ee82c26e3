// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/health.h"

#include <utility>

#include "service/http/wire_reply.h"
#include "util/json_writer.h"

namespace eclair::service {
namespace health_detail {

Route route(std::string_view pattern, std::string_view name, Handler handle) {
  return {.method = Method::get, .pattern = pattern, .name = name, .role = Role::none, .handle = std::move(handle), .max_body_bytes = 0};
}

Reply metrics_reply(const std::function<std::string()>& metrics) {
  Reply reply;
  reply.content_type = "text/plain; version=0.0.4; charset=utf-8";
  reply.body = metrics();
  return reply;
}

Api api(std::string_view id) {
  return {.id = id, .routes = {}, .error = [](int status, std::string_view message) { return plain_text(status, message); }, .cuts_bodies = true};
}

}  // namespace health_detail

Reply health_document(const HealthParts& parts) {
  const bool works = parts.store_works();
  json::Writer w;
  w.begin_object().key("database").begin_object().member("IsHealthy", works).end_object();
  if (const auto queue = parts.notifier_queue ? parts.notifier_queue() : std::nullopt) {
    w.key("notifier").begin_object().member("IsHealthy", true);
    w.key("Details").begin_object().member("QueueSize", static_cast<std::int64_t>(*queue)).end_object().end_object();
  }
  const UnixTime last = parts.last_update ? parts.last_update() : 0;
  w.key("updater").begin_object().member("IsHealthy", true);
  w.key("Details").begin_object().member("LatestSuccessfulUpdate", last == 0 ? std::string("0001-01-01T00:00:00Z") : rfc3339(last)).end_object().end_object();
  Reply reply;
  reply.status = works ? 200 : 503;
  reply.content_type = "application/json; charset=utf-8";
  reply.body = w.end_object().take();
  return reply;
}

Api api_health(HealthParts parts, std::function<std::string()> metrics) {
  Api out = health_detail::api("health");
  out.routes.push_back(health_detail::route("/health", "health", [parts](const Request&) { return Reply{.status = parts.store_works() ? 200 : 500, .content_type = {}}; }));
  out.routes.push_back(health_detail::route("/", "v0/health", [parts](const Request&) { return health_document(parts); }));
  out.routes.push_back(health_detail::route("/metrics", "metrics", [metrics](const Request&) { return health_detail::metrics_reply(metrics); }));
  return out;
}

Api api_status(HealthParts parts, std::function<std::string()> metrics) {
  Api out = health_detail::api("status");
  out.routes.push_back(health_detail::route("/v1/health", "v0/health", [parts](const Request&) { return health_document(parts); }));
  out.routes.push_back(health_detail::route("/v1/metrics", "v1/getMetrics", [metrics](const Request&) { return health_detail::metrics_reply(metrics); }));
  out.routes.back().role = Role::read;
  return out;
}

}  // namespace eclair::service
