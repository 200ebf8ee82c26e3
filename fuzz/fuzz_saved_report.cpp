// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Report files: anybody's. What was read is written in every format; its JSON is read again, and written as the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "report/read_report.h"

namespace {
std::string json_of(const eclair::report::Document& document) {
  std::string out;
  (void)eclair::report::find_format("json")->render(document, {}, [&](std::string_view piece) {
    out += piece;
    return eclair::Result<>{};
  });
  return out;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const auto read = report::read_reports(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read) return 0;
  const std::string text = json_of(read->document);
  const auto again = report::read_reports(text);
  if (!again || json_of(again->document) != text) std::abort();
  for (const report::Format* const format : report::formats()) (void)format->render(read->document, {}, [](std::string_view) { return Result<>{}; });
  return 0;
}
