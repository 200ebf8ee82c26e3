// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/policy.h"
#include "service/http/http.h"
#include "service/images/images.h"
#include "util/cancel.h"
#include "util/json.h"
#include "util/result.h"
#include "util/time.h"

/// The gate: may a cluster start what it was asked to start?
namespace eclair::service {

struct AdmissionPolicy {
  enum class Mode : unsigned char { deny, warn, audit };     ///< what a failed rule leads to
  enum class Unknown : unsigned char { allow, warn, deny };  ///< what an image leads to that is not kept here
  std::vector<report::Rule> rules;                 ///< as --fail-on; none: nothing fails, and every answer says so
  Mode mode = Mode::deny;
  Unknown unknown = Unknown::warn;
  bool deny_on_failure = false;                    ///< what cannot be judged (a store that is away, a review that makes no sense) is denied
  std::vector<std::string> except = {"kube-system"};  ///< namespaces (patterns) in which everything is allowed
  UnixTime max_age_seconds = 5 * 86400;            ///< of the advisories, for the rule `stale`
};

/// What a review asks, as far as it matters here.
struct AdmissionQuestion {
  std::string uid;
  std::string kind, name, name_space;   ///< for messages and exceptions
  std::vector<std::string> images;      ///< that would be started and were not before, as written, sorted; none: nothing to look at
  std::string malformed;                ///< why the object in the review makes no sense; "" = it does
};

inline constexpr std::size_t kMaxReviewedImages = 200;  ///< of one object; more is malformed

/// Reads an AdmissionReview (admission.k8s.io/v1) of a pod or of what makes pods: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob,
/// ReplicationController, PodTemplate; containers, init containers and ephemeral containers. Other kinds and operations have no images. Of an
/// update only the images count that the object did not have before: what runs already must stay changeable.
/// errors: invalid_input (no review: nothing that could be answered by one).
Result<AdmissionQuestion> read_admission_review(json::Value review);

struct AdmissionAnswer {
  bool allowed = true;
  std::string message;                  ///< why not
  std::vector<std::string> warnings;    ///< shown to who asked, at most 250 bytes each
  std::string verdict;                  ///< for the audit log: "passed", "failed", "unknown", "excepted", "not judged", "no images"
  std::string details;                  ///< the same: which image and why
};
/// Judges by what is kept and known now. Never fails: what goes wrong becomes the answer that the policy wants then.
AdmissionAnswer judge_admission(const AdmissionQuestion& question, const AdmissionPolicy& policy, Images& images, const Identity& who, const Cancel& stop);

/// The AdmissionReview that answers.
std::string write_admission_review(const AdmissionQuestion& question, const AdmissionAnswer& answer);

}  // namespace eclair::service
