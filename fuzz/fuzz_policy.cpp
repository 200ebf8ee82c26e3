// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Rules may come from a scanned project's file. What is understood can be weighed, and is understood again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "report/policy.h"
#include "support/report_sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const auto rule = report::parse_rule(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!rule) return 0;
  if (!report::parse_rule(rule->text)) std::abort();
  const report::Report report = test::sample();
  for (const report::RuleResult& one : report::evaluate({*rule}, report)) {
    if (one.passed && !one.findings.empty()) std::abort();
    (void)report::failure_line(one, report);
  }
  return 0;
}
