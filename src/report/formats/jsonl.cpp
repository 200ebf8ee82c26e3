// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/json_parts.h"
#include "report/report.h"

/// One report a line, each valid by schema/report-1.json; a target without a report is a line {"target": ..., "error": ...}.
namespace eclair::report {
namespace jsonl_detail {

Result<> render(const Document& document, const View& view, const Sink& out) {
  for (const Report& report : document.reports) {
    json::Writer w;
    ECLAIR_CHECK_OK(write_report(w, report, view, out));
    ECLAIR_CHECK_OK(out(w.take() + "\n"));
  }
  for (const Failure& failure : document.failures) {
    json::Writer w;
    w.begin_object().member("target", failure.target).member("error", failure.message).end_object();
    ECLAIR_CHECK_OK(out(w.take() + "\n"));
  }
  return {};
}

}  // namespace jsonl_detail

namespace format {
const Format& jsonl() {
  static constexpr Format kOne = {.id = "jsonl", .title = "JSON, one report a line", .render = &jsonl_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
