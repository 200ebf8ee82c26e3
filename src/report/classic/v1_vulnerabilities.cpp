// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/classic/v1_vulnerabilities.h"

#include <array>
#include <cstddef>

#include "util/go_json.h"

namespace eclair::report {
namespace v1_vulnerabilities_detail {

constexpr std::array<std::string_view, 6> kNames = {"Unknown", "Negligible", "Low", "Medium", "High", "Critical"};

}  // namespace v1_vulnerabilities_detail

std::string_view classic_severity(Severity severity, std::string_view word) {
  using v1_vulnerabilities_detail::kNames;
  if (severity == Severity::critical && word == "Defcon1") return "Defcon1";
  const auto i = static_cast<std::size_t>(severity);
  return i < kNames.size() ? kNames[i] : kNames.front();
}

std::string encode_v1_vulnerabilities(const std::vector<FeatureVulnerability>& vulnerabilities) {
  std::string out;
  if (vulnerabilities.empty()) return out;
  std::size_t bytes = 2;
  for (const FeatureVulnerability& one : vulnerabilities) bytes += one.description.size() + one.link.size() + one.metadata.size() + 192;
  out.reserve(bytes);
  out += '[';
  for (const FeatureVulnerability& one : vulnerabilities) {
    if (out.size() > 1) out += ',';
    go_json::Object object(out);
    object.string_if("Name", one.name);
    object.string_if("NamespaceName", one.name_space);
    object.string_if("Description", one.description);
    object.string_if("Link", one.link);
    object.string("Severity", classic_severity(one.severity, one.severity_word));
    if (!one.metadata.empty()) object.raw("Metadata", one.metadata);
    object.string_if("FixedBy", one.fixed_by);
    object.end();
  }
  out += ']';
  return out;
}

}  // namespace eclair::report
