// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/cvss_vector.h"
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
      exploited,   ///< "kev"
      epss, cvss,  ///< "epss>0.5", "cvss>=9"; a finding without a score is below any
      own, base,   ///< in a layer above the base image's, or in one of those; where none is known, every layer is own
      access, complexity,  ///< "av:network", "ac:low": of the CVSS vector in force
      is_new,      ///< "new:high@OLD": not in an older report, or not in that image
      repository,  ///< "repo:GLOB": the image is called so (report/image_names.h)
      file, no_file,           ///< "file:PATH", "no-file:PATH": a named file is there, or is not
      eol, stale, incomplete,  ///< of the report as a whole
    };
    Kind kind;
    Severity severity = Severity::unknown;
    std::uint64_t count = 0;
    std::string word;
    double least = 0;          ///< of a score
    bool or_equal = false;     ///< ">=" instead of ">"
    AccessVector access{};
    AccessComplexity complexity{};
  };
  std::string text;  ///< as written
  std::vector<Term> terms;
  std::string name = {};   ///< in a policy file; "" = none
  std::string place = {};  ///< "policy.yaml:4"; "" = the command line
};

/// One expression. errors: invalid_input: no such term (the nearest is named).
Result<Rule> parse_rule(std::string_view expression);

/// Of --fail-on. errors: invalid_input: no such term (the nearest is named), "none" beside another rule.
Result<std::vector<Rule>> parse_rules(const std::vector<std::string>& expressions);

/// The patterns of files that rules name: an image must be read with them (index::IndexOptions::fact_patterns). Sorted, without repeats.
std::vector<std::string> files_of(const std::vector<Rule>& rules);
/// What rules compare with, as written after "@". Sorted, without repeats.
std::vector<std::string> olds_of(const std::vector<Rule>& rules);

/// Ids of the findings of older reports, also of those that were suppressed, by what rules call them.
using OldFindings = std::map<std::string, std::set<std::string>>;

/// One result a rule, in order. Pure. A file that was not looked for, and an older report that is not in `old`, fail their rule and say so.
std::vector<RuleResult> evaluate(const std::vector<Rule>& rules, const Report& report, const OldFindings& old = {});

/// Whether a rule speaks of nothing but the whole report: its failure is a reservation (exit 3), not a finding (exit 2).
bool is_reservation(const Rule& rule);

/// "high,fixable: 3 findings (CVE-2024-37371 libkrb5-3, ... 2 more)"; of a rule with a name: "NAME (high,fixable): ..."
std::string failure_line(const RuleResult& result, const Report& report);

}  // namespace eclair::report
