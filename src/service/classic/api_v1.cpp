// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/api_v1.h"

#include "service/classic/api_v1_handlers.h"
#include "service/classic/classic_replies.h"

namespace eclair::service {
namespace api_v1_detail {

struct Row {
  Method method;
  std::string_view pattern, name;
  Role role;
  Reply (*handle)(const ClassicParts&, const Request&);
  bool long_running = false;
};

// Names as Clair's metrics have them. The document spells one path of notifications in the singular, and some clients believe it.
constexpr Row kRows[] = {
    {Method::post, "/v1/layers", "v1/postLayer", Role::write, &v1::post_layer, true},
    {Method::get, "/v1/layers/{name}", "v1/getLayer", Role::read, &v1::get_layer},
    {Method::del, "/v1/layers/{name}", "v1/deleteLayer", Role::write, &v1::delete_layer},
    {Method::get, "/v1/namespaces", "v1/getNamespaces", Role::read, &v1::get_namespaces},
    {Method::get, "/v1/namespaces/{namespace}/vulnerabilities", "v1/getVulnerabilities", Role::read, &v1::get_vulnerabilities},
    {Method::post, "/v1/namespaces/{namespace}/vulnerabilities", "v1/postVulnerability", Role::write, &v1::post_vulnerability},
    {Method::get, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}", "v1/getVulnerability", Role::read, &v1::get_vulnerability},
    {Method::put, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}", "v1/putVulnerability", Role::write, &v1::put_vulnerability},
    {Method::del, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}", "v1/deleteVulnerability", Role::write,
     &v1::delete_vulnerability},
    {Method::get, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}/fixes", "v1/getFixes", Role::read, &v1::get_fixes},
    {Method::put, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}/fixes/{feature}", "v1/putFix", Role::write, &v1::put_fix},
    {Method::del, "/v1/namespaces/{namespace}/vulnerabilities/{vulnerability}/fixes/{feature}", "v1/deleteFix", Role::write, &v1::delete_fix},
    {Method::get, "/v1/notifications/{name}", "v1/getNotification", Role::read, &v1::get_notification},
    {Method::del, "/v1/notifications/{name}", "v1/deleteNotification", Role::write, &v1::delete_notification},
    {Method::get, "/v1/notification/{name}", "v1/getNotification", Role::read, &v1::get_notification},
    {Method::del, "/v1/notification/{name}", "v1/deleteNotification", Role::write, &v1::delete_notification},
};

Reply timed_out() {
  Reply reply;
  reply.status = 503;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = R"({"Error":{"Message":"Clair failed to respond within the configured timeout window.","Type":"Timeout"}})";
  return reply;
}

}  // namespace api_v1_detail

Api api_v1(const ClassicParts& parts) {
  Api api;
  api.id = "v1";
  for (const api_v1_detail::Row& row : api_v1_detail::kRows) {
    Route route{row.method, row.pattern, row.name, row.role, [&parts, handle = row.handle](const Request& request) { return handle(parts, request); }};
    route.long_running = row.long_running;
    api.routes.push_back(std::move(route));
  }
  api.error = [](int status, std::string_view message) { return classic::v1_error(status, message); };
  api.timed_out = &api_v1_detail::timed_out;
  api.compression = Compression::always;
  api.cuts_bodies = true;
  return api;
}

}  // namespace eclair::service
