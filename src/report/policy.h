// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"
#include "util/result.h"

/// --fail-on: what makes a scan, or the gate of a cluster, fail. Looks at all findings, whatever is shown of them.
namespace eclair::report {

/// One --fail-on: all its terms must hold.
struct Rule {
  struct Term {
    enum class Kind : std::uint8_t {
      at_least,    ///< "high": this severity or worse
      unknown,     ///< only those of unknown severity
      fixable,
      id,          ///< "id:CVE-2024-3094", also an alias
      package,     ///< "pkg:xz-utils", binary or source
      more_than,   ///< "count:high>5": so many at least as severe
      eol, stale, incomplete,  ///< of the report as a whole
    };
    Kind kind;
    Severity severity = Severity::unknown;
    std::uint64_t count = 0;
    std::string word;
  };
  std::string text;  ///< as written
  std::vector<Term> terms;
};

/// errors: invalid_input: no such term (the nearest is named), not supported yet, "none" beside another rule.
Result<std::vector<Rule>> parse_rules(const std::vector<std::string>& expressions);

/// One result a rule, in order. Pure.
std::vector<RuleResult> evaluate(const std::vector<Rule>& rules, const Report& report);

/// Whether a rule speaks of nothing but the whole report: its failure is a reservation (exit 3), not a finding (exit 2).
bool is_reservation(const Rule& rule);

/// "high,fixable: 3 findings (CVE-2024-37371 libkrb5-3, ... 2 more)"
std::string failure_line(const RuleResult& result, const Report& report);

}  // namespace eclair::report
