// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/api_admission.h"

#include <exception>
#include <string>

#include "service/images/api_eclair.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::service {
namespace api_admission_detail {

constexpr std::uint64_t kReviewBytes = 8u << 20;  // an object of at most 1.5 MiB, as it is and as it was

Reply answer(const AdmissionPolicy& policy, Images& images, const Request& request) {
  json::Document document;
  const auto root = document.parse(request.body);
  if (!root) return eclair_error(400, "invalid_input", "no AdmissionReview: " + root.error().text);
  const auto question = read_admission_review(*root);
  if (!question) return eclair_error(400, "invalid_input", question.error().text);
  static const Cancel never;
  Reply out;
  out.content_type = "application/json";
  out.body = write_admission_review(*question, judge_admission(*question, policy, images, request.who, request.stop == nullptr ? never : *request.stop));
  return out;
}

}  // namespace api_admission_detail

Api api_admission(const AdmissionPolicy& policy, Images& images) {
  Api api;
  api.id = "admission";
  api.prefix = "/admission";
  Route route{Method::post, "/admission", "admission/review", Role::read, [&policy, &images](const Request& request) {
                return api_admission_detail::answer(policy, images, request);
              }};
  route.max_body_bytes = api_admission_detail::kReviewBytes;
  api.routes.push_back(std::move(route));
  api.error = [](int status, std::string_view message) { return eclair_error(status, status == 404 ? "not_found" : status < 500 ? "invalid_input" : "internal", message); };
  return api;
}

}  // namespace eclair::service
