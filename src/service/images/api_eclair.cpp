// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/api_eclair.h"

#include <utility>

#include "service/images/api_eclair_handlers.h"
#include "util/text.h"

namespace eclair::service {
namespace api_eclair_detail {

constexpr std::uint64_t kDocumentBytes = 1u << 20;

struct Row {
  Method method;
  std::string_view pattern, name;
  Role role;
  Reply (*handle)(const EclairParts&, const Request&);
  std::uint64_t max_body_bytes = kDocumentBytes;
  bool long_running = false;
};

constexpr Row kRows[] = {
    {Method::post, "/eclair/v1/images", "eclair/postImage", Role::write, &own::post_image, kMaxSentBytes, true},
    {Method::get, "/eclair/v1/images", "eclair/getImages", Role::read, &own::get_images},
    {Method::get, "/eclair/v1/images/{image}", "eclair/getImage", Role::read, &own::get_image},
    {Method::get, "/eclair/v1/images/{image}/report", "eclair/getReport", Role::read, &own::get_report},
    {Method::del, "/eclair/v1/images/{image}", "eclair/deleteImage", Role::write, &own::delete_image},
    {Method::post, "/eclair/v1/layers/known", "eclair/knownLayers", Role::write, &own::known_layers},
    {Method::get, "/eclair/v1/vulnerabilities/{vulnerability}/layers", "eclair/layersWith", Role::read, &own::layers_with},
    {Method::get, "/eclair/v1/vulnerabilities/{vulnerability}/images", "eclair/imagesWith", Role::read, &own::images_with},
    {Method::get, "/eclair/v1/health", "eclair/health", Role::none, &own::health},
};

std::string_view code_of(int status) {
  switch (status) {
    case 400: return "invalid_input";
    case 401: return "no_key";
    case 403: return "not_allowed";
    case 404: return "not_found";
    case 405: return "method_not_allowed";
    case 409: return "conflict";
    case 413: return "too_large";
    case 422: return "unsupported";
    case 503: return "unavailable";
    default: return status < 500 ? "invalid_input" : "internal";
  }
}

}  // namespace api_eclair_detail

Reply eclair_error(int status, std::string_view code, std::string_view message, std::string_view hint) {
  json::Writer w;
  w.begin_object().key("error").begin_object().member("code", code).member("message", text::clean(message)).member("hint", text::clean(hint));
  w.end_object().end_object();
  return own::document(w, status);
}

Reply eclair_failure(const Error& error) {
  const auto with = [&](int status, std::string_view code) { return eclair_error(status, code, error.text, error.hint); };
  switch (error.code) {
    case Errc::invalid_input: return with(400, "invalid_input");
    case Errc::unsupported: return error.text.starts_with(kMayNotUse) ? with(403, "not_allowed") : with(422, "unsupported");
    case Errc::not_found: return with(404, "not_found");
    case Errc::conflict: return with(409, "conflict");
    case Errc::limit: return with(422, "limit");
    case Errc::unavailable: return with(503, "unavailable");
    case Errc::cancelled: return with(503, "cancelled");
    case Errc::internal: break;
  }
  return with(500, "internal");
}

Api api_eclair(const EclairParts& parts) {
  Api api;
  api.id = "eclair";
  for (const api_eclair_detail::Row& row : api_eclair_detail::kRows) {
    Route route{row.method, row.pattern, row.name, row.role, [&parts, handle = row.handle](const Request& request) { return handle(parts, request); }};
    route.max_body_bytes = row.max_body_bytes;
    route.long_running = row.long_running;
    api.routes.push_back(std::move(route));
  }
  api.error = [](int status, std::string_view message) { return eclair_error(status, api_eclair_detail::code_of(status), message); };
  api.prefix = "/eclair/v1";
  return api;
}

namespace own {

Reply document(json::Writer& writer, int status) {
  Reply out;
  out.status = status;
  out.content_type = "application/json";
  out.body = writer.take() + "\n";
  return out;
}

Result<std::size_t> limit_of(const Request& request) {
  const std::string* const word = request.find_query("limit");
  if (word == nullptr) return kEclairPage;
  const auto number = text::parse_number(*word);
  if (!number || *number == 0) return fail(Errc::invalid_input, "limit is a number from 1");
  return static_cast<std::size_t>(std::min<std::uint64_t>(*number, kMaxEclairPage));
}

std::string query_of(const Request& request, std::string_view key) {
  const std::string* const value = request.find_query(key);
  return value == nullptr ? std::string() : *value;
}

const Cancel& stop_of(const Request& request) {
  static const Cancel never;
  return request.stop == nullptr ? never : *request.stop;
}

}  // namespace own
}  // namespace eclair::service
