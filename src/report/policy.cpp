// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/policy.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <system_error>
#include <utility>

#include "match/match.h"
#include "report/image_names.h"
#include "util/text.h"

namespace eclair::report {
namespace policy_detail {

using Kind = Rule::Term::Kind;

constexpr std::string_view kTerms = "negligible low medium high critical unknown fixable kev own base eol stale incomplete none";
constexpr std::string_view kForms =
    "not a severity, fixable, kev, epss>0.5, cvss>=9, own, base, count:high>5, id:CVE, pkg:NAME, repo:NAME, av:network, ac:low, file:PATH, no-file:PATH, "
    "new:high@OLD, eol, stale, incomplete or none";

Error bad(std::string_view term, std::string_view what, std::string hint = {}) {
  return Error{Errc::invalid_input, text::quoted(term) + ": " + std::string(what), std::move(hint)};
}

Rule::Term term_of(Kind kind, std::string word = {}) {
  Rule::Term out;
  out.kind = kind;
  out.word = std::move(word);
  return out;
}
Rule::Term at_least(Severity severity) {
  Rule::Term out = term_of(Kind::at_least);
  out.severity = severity;
  return out;
}

/// "high>5" or "high>=6"
Result<Rule::Term> parse_count(std::string_view term, std::string_view body) {
  const auto [word, rest] = text::cut(body, '>');
  const bool or_equal = rest.substr(0, 1) == "=";
  const auto number = text::parse_number(or_equal ? rest.substr(1) : rest);
  Severity severity{};
  if (!number || !parse(word, severity)) return fail(bad(term, "not like count:high>5"));
  if (or_equal && *number == 0) return fail(bad(term, "would always fail"));
  Rule::Term out = term_of(Kind::more_than);
  out.severity = severity;
  out.count = or_equal ? *number - 1 : *number;
  return out;
}

/// ">0.5" or ">=9"
Result<Rule::Term> parse_score(Kind kind, std::string_view term, std::string_view body, double most) {
  const std::string example = kind == Kind::epss ? "epss>0.5" : "cvss>=9";
  Rule::Term out = term_of(kind);
  if (body.empty() || body[0] != '>') return fail(bad(term, "not like " + example));
  body.remove_prefix(1);
  out.or_equal = !body.empty() && body[0] == '=';
  if (out.or_equal) body.remove_prefix(1);
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), out.least, std::chars_format::fixed);
  if (error != std::errc{} || end != body.data() + body.size()) return fail(bad(term, "not like " + example));
  if (!(out.least >= 0 && out.least <= most)) return fail(bad(term, "a score is a number between 0 and " + std::string(most > 1 ? "10" : "1")));
  return out;
}

Result<Rule::Term> parse_vector(std::string_view head, std::string_view term, std::string_view body) {
  Rule::Term out = term_of(head == "av" ? Kind::access : Kind::complexity);
  if (head == "av" && !parse(body, out.access)) {
    return fail(bad(term, "not av:network, av:adjacent, av:local or av:physical" + text::did_you_mean(text::lower(body), "network adjacent local physical")));
  }
  if (head == "ac" && !parse(body, out.complexity)) return fail(bad(term, "not ac:low, ac:medium or ac:high"));
  return out;
}

Result<Rule::Term> parse_term(std::string_view term) {
  const auto [head, body] = text::cut(term, ':');
  if (head == "count") return parse_count(term, body);
  if (head == "id" && !body.empty()) return term_of(Kind::id, std::string(body));
  if (head == "pkg" && !body.empty()) return term_of(Kind::package, std::string(body));
  if (head == "repo" && !body.empty()) return term_of(Kind::repository, std::string(body));
  if (head == "file" || head == "no-file") {
    const std::size_t begin = body.find_first_not_of('/');  // places in an image are told without it
    if (begin == std::string_view::npos) return fail(bad(term, "names no file: file:usr/bin/nc, no-file:etc/passwd"));
    return term_of(head == "file" ? Kind::file : Kind::no_file, std::string(body.substr(begin)));
  }
  if (head == "av" || head == "ac") return parse_vector(head, term, body);
  const std::string word = text::lower(term);
  if (word.substr(0, 4) == "epss") return parse_score(Kind::epss, term, std::string_view(word).substr(4), 1);
  if (word.substr(0, 4) == "cvss") return parse_score(Kind::cvss, term, std::string_view(word).substr(4), 10);
  constexpr std::pair<std::string_view, Kind> kWords[] = {{"unknown", Kind::unknown}, {"fixable", Kind::fixable}, {"kev", Kind::exploited}, {"own", Kind::own},
                                                          {"base", Kind::base},       {"eol", Kind::eol},         {"stale", Kind::stale},   {"incomplete", Kind::incomplete}};
  for (const auto& [known, kind] : kWords) {
    if (word == known) return term_of(kind);
  }
  if (word == "none") return fail(bad(term, "stands alone or not at all"));
  Severity severity{};
  if (parse(word, severity)) return at_least(severity);
  return fail(bad(term, std::string(kForms) + text::did_you_mean(word, kTerms)));
}

bool is_about_whole(Kind kind) { return kind == Kind::eol || kind == Kind::stale || kind == Kind::incomplete; }
/// What is looked at once, not for each finding.
bool is_about_report(Kind kind) { return is_about_whole(kind) || kind == Kind::repository || kind == Kind::file || kind == Kind::no_file; }

/// "new:high@OLD" is two terms.
Result<> parse_new(std::string_view term, Rule& rule) {
  const std::string_view body = term.substr(4);
  const auto [inner, old] = text::cut(body, '@');
  if (inner.empty() || old.empty()) return fail(bad(term, "not like new:high@old-report.json or new:high@IMAGE"));
  ECLAIR_TRY(Rule::Term parsed, parse_term(inner));
  if (is_about_report(parsed.kind)) return fail(bad(term, text::quoted(inner) + " is not about findings"));
  rule.terms.push_back(std::move(parsed));
  rule.terms.push_back(term_of(Kind::is_new, std::string(old)));
  return {};
}

const Coverage* find_coverage(const Report& report, std::string_view code) {
  const auto at = std::find_if(report.coverage.begin(), report.coverage.end(), [&](const Coverage& c) { return c.code == code; });
  return at == report.coverage.end() ? nullptr : &*at;
}

/// Whether a named file is as a term says: which, or that nobody looked.
std::string file_holds(const Rule::Term& term, const Report& report) {
  const auto at = std::find_if(report.inventory.files.begin(), report.inventory.files.end(), [&](const NamedFileState& f) { return f.pattern == term.word; });
  if (at == report.inventory.files.end()) return term.word + " was not looked for";
  if (at->present != (term.kind == Kind::file)) return {};
  if (!at->present) return term.word + " is not there";
  return at->file.path + " is there" + (at->layer > 0 ? ", in layer " + std::to_string(at->layer) : "");
}

/// Why a term about the report holds; "" = it does not.
std::string holds(const Rule::Term& term, const Report& report) {
  switch (term.kind) {
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
    case Kind::repository: return is_named(report, term.word) ? "the image is " + report.image.name : "";
    case Kind::file:
    case Kind::no_file: return file_holds(term, report);
    default: return "";
  }
}

bool is_above(double score, const Rule::Term& term) { return score > term.least || (term.or_equal && score == term.least); }

bool matches_vector(const Rule::Term& term, const Finding& finding) {
  const VulnerabilityText::Cvss* const scoring = match::cvss_of(finding.text);
  if (scoring == nullptr) return false;
  const CvssVector vector = cvss_vector(scoring->vector);
  return term.kind == Kind::access ? vector.access == term.access : vector.complexity == term.complexity;
}

bool matches(const Rule::Term& term, const Finding& finding, const Report& report, const OldFindings& old) {
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
    case Kind::exploited: return finding.text.exploited.has_value();
    case Kind::epss: return finding.text.epss && is_above(finding.text.epss->score, term);
    case Kind::cvss: {
      const VulnerabilityText::Cvss* const scoring = match::cvss_of(finding.text);
      return scoring != nullptr && is_above(scoring->score, term);
    }
    case Kind::own: return !in_base(report, finding.layer);
    case Kind::base: return in_base(report, finding.layer);
    case Kind::access:
    case Kind::complexity: return matches_vector(term, finding);
    case Kind::is_new: {
      const auto at = old.find(term.word);
      return at == old.end() || at->second.count(finding.id) == 0;
    }
    case Kind::repository:
    case Kind::file:
    case Kind::no_file:
    case Kind::eol:
    case Kind::stale:
    case Kind::incomplete: return true;  // looked at once, not for each finding
  }
  return false;
}

RuleResult evaluate_one(const Rule& rule, const Report& report, const OldFindings& old) {
  RuleResult out;
  out.rule = rule.text;
  out.name = rule.name;
  out.place = rule.place;
  for (const Rule::Term& term : rule.terms) {
    if (!is_about_report(term.kind)) continue;
    const std::string why = holds(term, report);
    if (why.empty()) {
      out.reason.clear();
      return out;
    }
    out.reason += (out.reason.empty() ? "" : "; ") + why;
  }
  if (std::all_of(rule.terms.begin(), rule.terms.end(), [](const Rule::Term& term) { return is_about_report(term.kind); })) {
    out.passed = false;
    return out;
  }
  std::uint64_t tolerated = 0;
  for (const Rule::Term& term : rule.terms) {
    if (term.kind == Kind::more_than) tolerated = std::max(tolerated, term.count);
  }
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) {
    const bool all = std::all_of(rule.terms.begin(), rule.terms.end(), [&](const Rule::Term& t) { return matches(t, report.findings[i], report, old); });
    if (all) out.findings.push_back(i);
  }
  out.passed = out.findings.size() <= tolerated;
  if (out.passed) {
    out.findings.clear();
    out.reason.clear();
  }
  return out;
}

std::vector<std::string> words_of(const std::vector<Rule>& rules, std::initializer_list<Kind> kinds) {
  std::set<std::string> out;
  for (const Rule& rule : rules) {
    for (const Rule::Term& term : rule.terms) {
      if (std::find(kinds.begin(), kinds.end(), term.kind) != kinds.end()) out.insert(term.word);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace policy_detail

Result<Rule> parse_rule(std::string_view expression) {
  Rule rule;
  rule.text = expression;
  for (const std::string_view one : text::split(expression, ',')) {
    const std::string_view term = text::trim(one);
    if (term.empty()) return fail(policy_detail::bad(expression, "a term is empty"));
    if (term.substr(0, 4) == "new:") {
      ECLAIR_CHECK_OK(policy_detail::parse_new(term, rule));
      continue;
    }
    ECLAIR_TRY(Rule::Term parsed, policy_detail::parse_term(term));
    rule.terms.push_back(std::move(parsed));
  }
  return rule;
}

Result<std::vector<Rule>> parse_rules(const std::vector<std::string>& expressions) {
  std::vector<Rule> out;
  if (expressions.size() == 1 && text::iequals(expressions[0], "none")) return out;
  for (const std::string& expression : expressions) {
    auto rule = parse_rule(expression);
    if (!rule) {
      Error error = std::move(rule).error();
      error.text.insert(0, "--fail-on ");
      return fail(std::move(error));
    }
    out.push_back(*std::move(rule));
  }
  return out;
}

std::vector<std::string> files_of(const std::vector<Rule>& rules) {
  return policy_detail::words_of(rules, {policy_detail::Kind::file, policy_detail::Kind::no_file});
}
std::vector<std::string> olds_of(const std::vector<Rule>& rules) { return policy_detail::words_of(rules, {policy_detail::Kind::is_new}); }

bool is_reservation(const Rule& rule) {
  return std::all_of(rule.terms.begin(), rule.terms.end(), [](const Rule::Term& term) { return policy_detail::is_about_whole(term.kind); });
}

std::vector<RuleResult> evaluate(const std::vector<Rule>& rules, const Report& report, const OldFindings& old) {
  std::vector<RuleResult> out;
  for (const Rule& rule : rules) out.push_back(policy_detail::evaluate_one(rule, report, old));
  return out;
}

std::string failure_line(const RuleResult& result, const Report& report) {
  const std::string rule = text::clean(result.rule, 200);
  std::string out = result.name.empty() ? rule + ": " : text::clean(result.name, 120) + " (" + rule + "): ";
  if (result.findings.empty()) return out + text::clean(result.reason, 300);
  const Finding& first = report.findings[result.findings[0]];
  const std::size_t count = result.findings.size();
  out += std::to_string(count) + (count == 1 ? " finding (" : " findings (") + text::clean(first.vulnerability, 80) + " " +
         text::clean(report.inventory.packages[first.package].package.name, 80);
  return out + (count > 1 ? ", ... " + std::to_string(count - 1) + " more)" : ")");
}

}  // namespace eclair::report
