// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
// Ignore files lie beside what is scanned: they may be a stranger's. What is set aside is never lost, and changing a
// file changes nothing else.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "suppress/apply.h"
#include "suppress/ignore_edit.h"
#include "suppress/ignore_file.h"
#include "support/report_sample.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace eclair;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  (void)suppress::read_ignores_of_config(bytes, "f");
  auto read = suppress::read_ignore_file(bytes, "f");
  if (!read) return 0;
  report::Report report = test::sample();
  const std::size_t before = report.findings.size();
  suppress::Use use;
  suppress::apply({read->source}, report, use);
  if (report.findings.size() + report.suppressed.size() != before) std::abort();
  // What is changed by a program has what it had, and one entry more or none.
  const auto more = suppress::with_entry(bytes, "f", {.id = "CVE-2099-0001", .reason = "r"});
  if (more) {
    const auto again = suppress::read_ignore_file(*more, "f");
    if (!again || again->source.statements.size() != read->source.statements.size() + 1) std::abort();
  }
  std::vector<std::uint32_t> lines;
  for (const suppress::Statement& one : read->source.statements) lines.push_back(one.by.line);
  const auto none = suppress::without_entries(bytes, "f", lines);
  if (none) {
    const auto again = suppress::read_ignore_file(*none, "f");
    if (!again || !again->source.statements.empty()) std::abort();
  }
  return 0;
}
