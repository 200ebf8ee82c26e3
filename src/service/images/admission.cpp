// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/admission.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "util/json_writer.h"
#include "util/text.h"

namespace eclair::service {
namespace admission_detail {

constexpr std::size_t kWarningBytes = 250, kWarnings = 15;  // kubectl cuts longer ones, and leaves out what goes beyond 4096 bytes
constexpr std::size_t kMessageBytes = 4000, kUidBytes = 256;

/// Where the specification of the pods is in an object. source: the Kubernetes API reference, workload resources
struct Place {
  std::string_view group, kind;
  std::array<std::string_view, 5> path;
};
constexpr Place kPlaces[] = {
    {"", "Pod", {"spec"}},
    {"", "PodTemplate", {"template", "spec"}},
    {"", "ReplicationController", {"spec", "template", "spec"}},
    {"apps", "Deployment", {"spec", "template", "spec"}},
    {"apps", "StatefulSet", {"spec", "template", "spec"}},
    {"apps", "DaemonSet", {"spec", "template", "spec"}},
    {"apps", "ReplicaSet", {"spec", "template", "spec"}},
    {"batch", "Job", {"spec", "template", "spec"}},
    {"batch", "CronJob", {"spec", "jobTemplate", "spec", "template", "spec"}},
};

const Place* place_of(std::string_view group, std::string_view kind) {
  for (const Place& one : kPlaces) {
    // Old clusters still say "extensions" for what is in apps now.
    if (one.kind == kind && (one.group == group || (one.group == "apps" && group == "extensions"))) return &one;
  }
  return nullptr;
}

/// The images of an object. A text says what is wrong with it; "" = nothing.
std::string images_of(json::Value object, const Place& place, std::set<std::string>& out) {
  json::Value spec = object;
  for (const std::string_view key : place.path) {
    if (!key.empty()) spec = spec[key];
  }
  if (!spec.is_object()) return "it has no specification of a pod";
  std::string wrong;
  for (const std::string_view list : {"initContainers", "containers", "ephemeralContainers"}) {
    const json::Value containers = spec[list];
    if (containers.kind() == json::Kind::null) continue;
    if (!containers.is_array()) return std::string(list) + " is no list";
    containers.each([&](json::Value container) {
      const json::Value image = container["image"];
      // A template may leave it to others to say the image.
      if (image.kind() == json::Kind::null) return true;
      if (!image.is_string()) {
        wrong = "an image in " + std::string(list) + " is no text";
      } else if (!text::trim(image.string()).empty()) {
        out.emplace(text::trim(image.string()));
      }
      return wrong.empty();
    });
    if (!wrong.empty()) return wrong;
  }
  if (out.size() > kMaxReviewedImages) return "more than " + std::to_string(kMaxReviewedImages) + " images";
  return {};
}

/// What one image leads to.
struct Finding {
  enum class What : unsigned char { passed, failed, unknown, error } what = What::passed;
  std::string text;
};

Finding look_at(const std::string& name, const AdmissionPolicy& policy, Images& images, const Identity& who, const Cancel& stop) {
  const std::string shown = text::clean(name, 200);
  auto report = images.report(name, policy.max_age_seconds, who, stop);
  if (!report) return {Finding::What::error, shown + ": " + text::clean(report.error().text, 300)};
  if (!*report) return {Finding::What::unknown, shown + ": never scanned here"};
  const auto results = report::evaluate(policy.rules, **report);
  std::string failed;
  for (const report::RuleResult& one : results) {
    if (!one.passed) failed += (failed.empty() ? "" : "; ") + report::failure_line(one, **report);
  }
  if (failed.empty()) return {Finding::What::passed, shown};
  return {Finding::What::failed, shown + ": " + failed};
}

void warn(AdmissionAnswer& answer, const std::string& text) {
  if (answer.warnings.size() < kWarnings) answer.warnings.push_back("eclair: " + text::clean(text, kWarningBytes - 12));
}

}  // namespace admission_detail
using namespace admission_detail;

Result<AdmissionQuestion> read_admission_review(json::Value review) {
  const auto no_review = [](std::string why) { return fail(Errc::invalid_input, "no AdmissionReview: " + std::move(why)); };
  if (!review.is_object() || review["kind"].string() != "AdmissionReview") return no_review("kind is not AdmissionReview");
  if (review["apiVersion"].string() != "admission.k8s.io/v1") return no_review("apiVersion is not admission.k8s.io/v1");
  const json::Value request = review["request"];
  if (!request.is_object()) return no_review("it has no request");
  AdmissionQuestion out;
  out.uid = request["uid"].string();
  if (out.uid.empty() || out.uid.size() > kUidBytes) return no_review("the request has no uid");
  const json::Value object = request["object"];
  out.kind = request["kind"]["kind"].string();
  out.name_space = request["namespace"].string();
  out.name = request["name"].string(object["metadata"]["generateName"].string());
  if (out.name.empty()) out.name = object["metadata"]["name"].string(object["metadata"]["generateName"].string());
  const Place* const place = place_of(request["kind"]["group"].string(), out.kind);
  const std::string_view operation = request["operation"].string(), part = request["subResource"].string();
  const bool starts = operation == "CREATE" || operation == "UPDATE";
  const bool whole = part.empty() || part == "ephemeralcontainers";
  if (place == nullptr || !starts || !whole) return out;
  std::set<std::string> now, before;
  out.malformed = images_of(object, *place, now);
  if (!out.malformed.empty()) return out;
  if (operation == "UPDATE") (void)images_of(request["oldObject"], *place, before);
  std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::back_inserter(out.images));
  return out;
}

AdmissionAnswer judge_admission(const AdmissionQuestion& question, const AdmissionPolicy& policy, Images& images, const Identity& who, const Cancel& stop) {
  AdmissionAnswer out;
  const bool excepted = std::any_of(policy.except.begin(), policy.except.end(),
                                    [&](const std::string& one) { return one == question.name_space || text::glob(one, question.name_space); });
  if (excepted && !question.name_space.empty()) {
    out.verdict = "excepted";
    return out;
  }
  std::vector<std::string> why_not, failed, unknown, broken, passed;
  if (!question.malformed.empty()) broken.push_back("the object makes no sense: " + question.malformed);
  for (const std::string& image : question.images) {
    Finding found = look_at(image, policy, images, who, stop);
    auto& list = found.what == Finding::What::passed ? passed : found.what == Finding::What::failed ? failed : found.what == Finding::What::unknown ? unknown : broken;
    list.push_back(std::move(found.text));
  }
  for (const std::string& one : broken) {
    if (policy.deny_on_failure) why_not.push_back(one);
    else warn(out, "not judged: " + one);
  }
  for (const std::string& one : failed) {
    if (policy.mode == AdmissionPolicy::Mode::deny) why_not.push_back(one);
    if (policy.mode == AdmissionPolicy::Mode::warn) warn(out, one);
  }
  for (const std::string& one : unknown) {
    if (policy.unknown == AdmissionPolicy::Unknown::deny) why_not.push_back(one);
    if (policy.unknown == AdmissionPolicy::Unknown::warn) warn(out, one);
  }
  if (policy.rules.empty() && !question.images.empty()) warn(out, "no policy is configured: nothing is held back for what is found in it");
  out.allowed = why_not.empty();
  if (!out.allowed) out.message = text::clean("eclair: " + text::join(why_not, " | "), kMessageBytes);
  out.verdict = !broken.empty() ? "not judged" : !failed.empty() ? "failed" : !unknown.empty() ? "unknown" : !passed.empty() ? "passed" : "no images";
  std::vector<std::string> all = std::move(broken);
  for (auto* const list : {&failed, &unknown}) std::move(list->begin(), list->end(), std::back_inserter(all));
  out.details = text::clean(text::join(all, " | "), kMessageBytes);
  return out;
}

std::string write_admission_review(const AdmissionQuestion& question, const AdmissionAnswer& answer) {
  json::Writer w;
  w.begin_object().member("apiVersion", "admission.k8s.io/v1").member("kind", "AdmissionReview").key("response").begin_object();
  w.member("uid", question.uid).member("allowed", answer.allowed);
  if (!answer.allowed) w.key("status").begin_object().member("code", std::int64_t{403}).member("message", answer.message).end_object();
  if (!answer.warnings.empty()) {
    w.key("warnings").begin_array();
    for (const std::string& one : answer.warnings) w.string(one);
    w.end_array();
  }
  w.key("auditAnnotations").begin_object().member("verdict", answer.verdict);
  if (!answer.details.empty()) w.member("details", answer.details);
  w.end_object().end_object().end_object();
  return w.take() + "\n";
}

}  // namespace eclair::service
