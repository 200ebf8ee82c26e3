// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/old_findings.h"

#include <set>
#include <utility>

#include "cli/saved_report.h"
#include "report/read_report.h"
#include "util/text.h"

namespace eclair::cli {
namespace old_findings_detail {

void add(const report::Report& report, std::set<std::string>& to) {
  for (const Finding& one : report.findings) to.insert(one.id);
  for (const report::Suppressed& one : report.suppressed) to.insert(one.finding.id);
}

}  // namespace old_findings_detail

Result<report::OldFindings> read_old_findings(const Invocation& call, const std::vector<report::Rule>& rules,
                                              const std::function<Result<report::Report>(const std::string& target)>& scan) {
  report::OldFindings out;
  for (const std::string& old : report::olds_of(rules)) {
    std::set<std::string>& ids = out[old];
    if (is_saved_report(old)) {
      ECLAIR_TRY(const report::SavedReports saved, read_saved_reports(call, old));
      for (const report::Report& one : saved.document.reports) old_findings_detail::add(one, ids);
      continue;
    }
    auto report = scan(old);
    if (!report) return fail(std::move(report).error().within("what " + text::quoted("new:...@" + old, 200) + " compares with"));
    old_findings_detail::add(*report, ids);
  }
  return out;
}

}  // namespace eclair::cli
