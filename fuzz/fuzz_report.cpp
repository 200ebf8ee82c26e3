// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Reports that a server sends: it may be anybody's. What was taken is written and read again, and can be shown.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "report/report_form.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const auto report = report::decode_report(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!report) return 0;
  const std::string bytes = report::encode(*report);
  const auto again = report::decode_report(bytes);
  if (!again || report::encode(*again) != bytes) std::abort();
  report::Document document;
  document.reports.push_back(*report);
  for (const report::Format* const format : report::formats()) (void)format->render(document, {}, [](std::string_view) { return Result<>{}; });
  return 0;
}
