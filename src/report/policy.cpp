// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/policy.h"

#include <algorithm>

#include "util/text.h"

namespace eclair::report {
namespace policy_detail {

using Kind = Rule::Term::Kind;

constexpr std::string_view kTerms = "negligible low medium high critical unknown fixable eol stale incomplete none";

Error bad(std::string_view term, std::string_view what, std::string hint = {}) {
  return Error{Errc::invalid_input, "--fail-on " + text::quoted(term) + ": " + std::string(what), std::move(hint)};
}

bool is_yet_to_come(std::string_view term) {
  constexpr std::string_view kWords[] = {"own", "base", "kev"};
  constexpr std::string_view kPrefixes[] = {"epss", "cvss", "repo:", "av:", "ac:", "new:"};
  if (std::find(std::begin(kWords), std::end(kWords), term) != std::end(kWords)) return true;
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes), [&](std::string_view p) { return term.substr(0, p.size()) == p; });
}

/// "high>5" or "high>=6"
Result<Rule::Term> parse_count(std::string_view term, std::string_view body) {
  const auto [word, rest] = text::cut(body, '>');
  const bool or_equal = rest.substr(0, 1) == "=";
  const auto number = text::parse_number(or_equal ? rest.substr(1) : rest);
  Severity severity{};
  if (!number || !parse(word, severity)) return fail(bad(term, "not like count:high>5"));
  if (or_equal && *number == 0) return fail(bad(term, "would always fail"));
  return Rule::Term{Kind::more_than, severity, or_equal ? *number - 1 : *number, {}};
}

Result<Rule::Term> parse_term(std::string_view term) {
  const auto [head, body] = text::cut(term, ':');
  if (head == "count") return parse_count(term, body);
  if (head == "id" && !body.empty()) return Rule::Term{Kind::id, {}, 0, std::string(body)};
  if (head == "pkg" && !body.empty()) return Rule::Term{Kind::package, {}, 0, std::string(body)};
  const std::string word = text::lower(term);
  if (word == "unknown") return Rule::Term{Kind::unknown, {}, 0, {}};
  if (word == "fixable") return Rule::Term{Kind::fixable, {}, 0, {}};
  if (word == "eol") return Rule::Term{Kind::eol, {}, 0, {}};
  if (word == "stale") return Rule::Term{Kind::stale, {}, 0, {}};
  if (word == "incomplete") return Rule::Term{Kind::incomplete, {}, 0, {}};
  if (word == "none") return fail(bad(term, "stands alone or not at all"));
  Severity severity{};
  if (parse(word, severity)) return Rule::Term{Kind::at_least, severity, 0, {}};
  if (is_yet_to_come(word)) return fail(bad(term, "not supported yet"));
  return fail(bad(term, "not a severity, fixable, count:high>5, id:CVE, pkg:NAME, eol, stale, incomplete or none" + text::did_you_mean(word, kTerms)));
}

bool is_about_report(Kind kind) { return kind == Kind::eol || kind == Kind::stale || kind == Kind::incomplete; }

const Coverage* find_coverage(const Report& report, std::string_view code) {
  const auto at = std::find_if(report.coverage.begin(), report.coverage.end(), [&](const Coverage& c) { return c.code == code; });
  return at == report.coverage.end() ? nullptr : &*at;
}

/// Why a term about the report holds; "" = it does not.
std::string holds(Kind kind, const Report& report) {
  switch (kind) {
    case Kind::eol: {
      if (const Coverage* const said = find_coverage(report, "end_of_life")) return said->message;
      return report.eol && report.eol->past ? "end of life since " + report.eol->date : "";
    }
    case Kind::stale: {
      const Coverage* const said = find_coverage(report, "stale");
      return said != nullptr ? said->message : "";
    }
    case Kind::incomplete: {
      const auto at = std::find_if(report.coverage.begin(), report.coverage.end(), [](const Coverage& c) { return c.incomplete; });
      return at == report.coverage.end() ? "" : at->message;
    }
    default: return "";
  }
}

bool matches(const Rule::Term& term, const Finding& finding, const Report& report) {
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  switch (term.kind) {
    case Kind::at_least:
    case Kind::more_than: return finding.severity >= term.severity;
    case Kind::unknown: return finding.severity == Severity::unknown;
    case Kind::fixable: return !finding.fixed_in.empty();
    case Kind::id:
      return text::iequals(finding.vulnerability, term.word) ||
             std::any_of(finding.aliases.begin(), finding.aliases.end(), [&](const std::string& a) { return text::iequals(a, term.word); });
    case Kind::package: return package.name == term.word || package.source() == term.word;
    case Kind::eol:
    case Kind::stale:
    case Kind::incomplete: return true;  // looked at once, not for each finding
  }
  return false;
}

RuleResult evaluate_one(const Rule& rule, const Report& report) {
  RuleResult out;
  out.rule = rule.text;
  for (const Rule::Term& term : rule.terms) {
    if (!is_about_report(term.kind)) continue;
    const std::string why = holds(term.kind, report);
    if (why.empty()) return out;
    out.reason += (out.reason.empty() ? "" : "; ") + why;
  }
  if (is_reservation(rule)) {
    out.passed = false;
    return out;
  }
  std::uint64_t tolerated = 0;
  for (const Rule::Term& term : rule.terms) {
    if (term.kind == Kind::more_than) tolerated = std::max(tolerated, term.count);
  }
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) {
    const bool all = std::all_of(rule.terms.begin(), rule.terms.end(), [&](const Rule::Term& t) { return matches(t, report.findings[i], report); });
    if (all) out.findings.push_back(i);
  }
  out.passed = out.findings.size() <= tolerated;
  if (out.passed) {
    out.findings.clear();
    out.reason.clear();
  }
  return out;
}

}  // namespace policy_detail

Result<std::vector<Rule>> parse_rules(const std::vector<std::string>& expressions) {
  std::vector<Rule> out;
  if (expressions.size() == 1 && text::iequals(expressions[0], "none")) return out;
  for (const std::string& expression : expressions) {
    Rule rule{expression, {}};
    for (const std::string_view one : text::split(expression, ',')) {
      const std::string_view term = text::trim(one);
      if (term.empty()) return fail(policy_detail::bad(expression, "a term is empty"));
      ECLAIR_TRY(Rule::Term parsed, policy_detail::parse_term(term));
      rule.terms.push_back(std::move(parsed));
    }
    out.push_back(std::move(rule));
  }
  return out;
}

bool is_reservation(const Rule& rule) {
  return std::all_of(rule.terms.begin(), rule.terms.end(), [](const Rule::Term& term) { return policy_detail::is_about_report(term.kind); });
}

std::vector<RuleResult> evaluate(const std::vector<Rule>& rules, const Report& report) {
  std::vector<RuleResult> out;
  for (const Rule& rule : rules) out.push_back(policy_detail::evaluate_one(rule, report));
  return out;
}

std::string failure_line(const RuleResult& result, const Report& report) {
  std::string out = text::clean(result.rule, 200) + ": ";
  if (result.findings.empty()) return out + text::clean(result.reason, 300);
  const Finding& first = report.findings[result.findings[0]];
  const std::size_t count = result.findings.size();
  out += std::to_string(count) + (count == 1 ? " finding (" : " findings (") + text::clean(first.vulnerability, 80) + " " +
         text::clean(report.inventory.packages[first.package].package.name, 80);
  return out + (count > 1 ? ", ... " + std::to_string(count - 1) + " more)" : ")");
}

}  // namespace eclair::report
