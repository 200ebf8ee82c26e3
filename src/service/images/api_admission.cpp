// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/api_admission.h"

#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include "service/images/api_eclair.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::service {
namespace api_admission_detail {

constexpr std::uint64_t kReviewBytes = 8u << 20;  // an object of at most 1.5 MiB, as it is and as it was

/// From a millisecond to what an API server waits at most, which is 30 seconds.
std::vector<double> buckets() { return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}; }

Reply answer(const AdmissionPolicy& policy, Images& images, Metrics& metrics, const Request& request) {
  const auto begin = std::chrono::steady_clock::now();
  json::Document document;
  const auto root = document.parse(request.body);
  if (!root) return eclair_error(400, "invalid_input", "no AdmissionReview: " + root.error().text);
  const auto question = read_admission_review(*root);
  if (!question) return eclair_error(400, "invalid_input", question.error().text);
  static const Cancel never;
  const AdmissionAnswer judged = judge_admission(*question, policy, images, request.who, request.stop == nullptr ? never : *request.stop);
  metrics.add("eclair_admission_reviews_total", {{"verdict", judged.verdict}, {"allowed", judged.allowed ? "true" : "false"}});
  metrics.observe("eclair_admission_seconds", {}, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  Reply out;
  out.content_type = "application/json";
  out.body = write_admission_review(*question, judged);
  return out;
}

}  // namespace api_admission_detail

Api api_admission(const Current<AdmissionPolicy>& policy, Images& images, Metrics& metrics) {
  metrics.counter("eclair_admission_reviews_total", "Reviews that were answered, by verdict and by what the answer was.");
  metrics.histogram("eclair_admission_seconds", "Time that a review takes to be judged.", api_admission_detail::buckets());
  Api api;
  api.id = "admission";
  api.prefix = "/admission";
  Route route{Method::post, "/admission", "admission/review", Role::read, [&policy, &images, &metrics](const Request& request) {
                const auto in_force = policy.get();
                return api_admission_detail::answer(*in_force, images, metrics, request);
              }};
  route.max_body_bytes = api_admission_detail::kReviewBytes;
  api.routes.push_back(std::move(route));
  api.error = [](int status, std::string_view message) { return eclair_error(status, status == 404 ? "not_found" : status < 500 ? "invalid_input" : "internal", message); };
  return api;
}

}  // namespace eclair::service
