// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/current.h"
#include "service/images/admission.h"
#include "service/http/http.h"
#include "service/http/metrics.h"

namespace eclair::service {

/// POST /admission: answers an AdmissionReview. What is no review gets 400, every review an answer with status 200.
/// policy: what is in force when a review comes. policy, images, metrics: must outlive it. Counts reviews by verdict, and their times.
Api api_admission(const Current<AdmissionPolicy>& policy, Images& images, Metrics& metrics);

}  // namespace eclair::service
