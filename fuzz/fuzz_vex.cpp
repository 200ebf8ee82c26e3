// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// VEX documents come from anybody. What one sets aside is never lost, and no statement is about everything.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "suppress/apply.h"
#include "suppress/vex.h"
#include "support/report_sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const auto read = suppress::read_vex(std::string_view(reinterpret_cast<const char*>(data), size), "f");
  if (!read) return 0;
  for (const suppress::Statement& one : read->statements) {
    if (one.ids.empty() || one.products.empty()) std::abort();
  }
  report::Report report = test::sample();
  const std::size_t before = report.findings.size();
  suppress::Use use;
  suppress::apply({*read}, report, use);
  if (report.findings.size() + report.suppressed.size() != before) std::abort();
  return 0;
}
