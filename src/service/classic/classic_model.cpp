// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/classic/classic_model.h"

#include "report/classic/v1_vulnerabilities.h"
#include "util/text.h"

namespace eclair::service::classic {
namespace classic_model_detail {

constexpr Priority kPriorities[] = {{Severity::unknown},  {Severity::negligible},          {Severity::low}, {Severity::medium}, {Severity::high},
                                    {Severity::critical}, {Severity::critical, "Defcon1"}};

}  // namespace classic_model_detail

std::optional<Priority> parse_priority(std::string_view text, bool any_case) {
  for (const Priority& one : classic_model_detail::kPriorities) {
    const std::string_view name = report::classic_severity(one.severity, one.word);
    if (any_case ? text::iequals(text, name) : text == name) return one;
  }
  return std::nullopt;
}

int rank(Severity severity, std::string_view word) {
  return severity == Severity::critical && word == "Defcon1" ? 6 : static_cast<int>(severity);
}

}  // namespace eclair::service::classic
