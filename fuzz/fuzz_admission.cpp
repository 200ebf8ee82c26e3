// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Reviews that a cluster sends, with objects that anybody may have written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "service/images/admission.h"
#include "util/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  json::Document document;
  const auto root = document.parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!root) return 0;
  const auto question = service::read_admission_review(*root);
  if (!question) return 0;
  if (question->images.size() > service::kMaxReviewedImages) std::abort();
  service::AdmissionAnswer answer;
  answer.allowed = question->images.empty();
  answer.details = answer.message = question->malformed;
  answer.warnings = question->images;
  json::Document written;
  if (!written.parse(service::write_admission_review(*question, answer))) std::abort();
  return 0;
}
