// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "service/images/admission.h"
#include "service/http/http.h"

namespace eclair::service {

/// POST /admission: answers an AdmissionReview. What is no review gets 400, every review an answer with status 200.
/// policy, images: must outlive it.
Api api_admission(const AdmissionPolicy& policy, Images& images);

}  // namespace eclair::service
