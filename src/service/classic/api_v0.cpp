// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/api_v0.h"

#include <string>
#include <utility>

#include "service/classic/api_v0_handlers.h"
#include "service/classic/classic_replies.h"
#include "service/classic/go_json.h"

namespace eclair::service {
namespace api_v0_detail {

struct Row {
  Method method;
  std::string_view pattern, name;
  Role role;
  Reply (*handle)(const ClassicParts&, const Request&);
};

constexpr Row kRows[] = {
    {Method::get, "/v1/versions", "v0/getVersions", Role::read, &v0::get_versions},
    {Method::get, "/v1/layers/{id}/os", "v0/getLayerOS", Role::read, &v0::get_os},
    {Method::get, "/v1/layers/{id}/parent", "v0/getLayerParent", Role::read, &v0::get_parent},
    {Method::get, "/v1/layers/{id}/packages", "v0/getLayerPackages", Role::read, &v0::get_packages},
    {Method::get, "/v1/layers/{id}/packages/diff", "v0/getLayerPackagesDiff", Role::read, &v0::get_packages_diff},
    {Method::get, "/v1/layers/{id}/vulnerabilities", "v0/getLayerVulnerabilities", Role::read, &v0::get_layer_vulnerabilities},
    {Method::get, "/v1/layers/{id}/vulnerabilities/diff", "v0/getLayerVulnerabilitiesDiff", Role::read, &v0::get_layer_vulnerabilities_diff},
    {Method::post, "/v1/batch/layers/vulnerabilities", "v0/postBatchVulnerabilities", Role::read, &v0::post_batch},
    {Method::post, "/v1/vulnerabilities", "v0/postVulnerability", Role::write, &v0::post_vulnerability},
    {Method::put, "/v1/vulnerabilities/{id}", "v0/putVulnerability", Role::write, &v0::put_vulnerability},
    {Method::get, "/v1/vulnerabilities/{id}", "v0/getVulnerability", Role::read, &v0::get_vulnerability},
    {Method::del, "/v1/vulnerabilities/{id}", "v0/deleteVulnerability", Role::write, &v0::delete_vulnerability},
    {Method::get, "/v1/vulnerabilities/{id}/introducing-layers", "v0/getIntroducingLayers", Role::read, &v0::get_introducing_layers},
    {Method::post, "/v1/vulnerabilities/{id}/affected-layers", "v0/postAffectedLayers", Role::read, &v0::post_affected_layers},
};

}  // namespace api_v0_detail

Api api_v0(const ClassicParts& parts) {
  Api api;
  api.id = "v0";
  for (const api_v0_detail::Row& row : api_v0_detail::kRows) {
    api.routes.push_back(
        Route{row.method, row.pattern, row.name, row.role, [&parts, handle = row.handle](const Request& request) { return handle(parts, request); }});
  }
  api.error = [](int status, std::string_view message) { return classic::v0_error(status, message); };
  api.timed_out = [] { return classic::v0_error(503, "http: Handler timeout"); };
  api.compression = Compression::never;
  api.cuts_bodies = true;
  return api;
}

Reply v0::get_versions(const ClassicParts&, const Request&) {
  std::string out;
  go_json::Object object(out);
  object.string("APIVersion", "1").string("EngineVersion", std::to_string(classic::kEngineVersion)).end();
  return classic::v0_reply(200, std::move(out));
}

}  // namespace eclair::service
