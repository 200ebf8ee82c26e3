// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/openapi.h"

#include <memory>
#include <string>

#include "service/classic/classic_replies.h"
#include "service/openapi_documents.h"

namespace eclair::service {
namespace openapi_detail {

Handler give(std::string_view document) {
  auto shared = std::make_shared<const std::string>(document);
  return [shared](const Request&) {
    Reply reply;
    reply.content_type = "application/json";
    reply.pieces = {shared};
    return reply;
  };
}

}  // namespace openapi_detail

Api api_openapi() {
  Api api;
  api.id = "openapi";
  api.prefix = "/openapi";
  api.routes = {Route{Method::get, "/openapi/v0", "openapi/v0", Role::none, openapi_detail::give(kOpenapiV0)},
                Route{Method::get, "/openapi/v1", "openapi/v1", Role::none, openapi_detail::give(kOpenapiV1)},
                Route{Method::get, "/openapi/eclair", "openapi/eclair", Role::none, openapi_detail::give(kOpenapiEclair)}};
  api.error = [](int status, std::string_view message) { return classic::v0_error(status, message); };
  return api;
}

}  // namespace eclair::service
