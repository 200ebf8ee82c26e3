// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "feeds/cvss.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "util/text.h"

namespace eclair::feeds {
namespace cvss_detail {

using Values = std::initializer_list<std::pair<std::string_view, double>>;

/// Metrics of a vector, looked up by name; remembers whether one was missing.
class Metrics {
 public:
  explicit Metrics(std::string_view vector) : vector_(vector) {}
  std::string_view word(std::string_view metric) {
    for (const std::string_view part : text::split(vector_, '/')) {
      const auto [name, value] = text::cut(part, ':');
      if (name == metric) return value;
    }
    return {};
  }
  double value(std::string_view metric, Values values) {
    const std::string_view found = word(metric);
    for (const auto& [name, value] : values) {
      if (name == found) return value;
    }
    complete_ = false;
    return 0;
  }
  bool complete() const { return complete_; }

 private:
  std::string_view vector_;
  bool complete_ = true;
};

/// Rounds up to one decimal, as Appendix A of 3.1 says it, free of binary fractions.
double round_up(double x) {
  const auto hundred_thousands = static_cast<long>(std::lround(x * 100'000));
  if (hundred_thousands % 10'000 == 0) return static_cast<double>(hundred_thousands) / 100'000;
  return static_cast<double>(hundred_thousands / 10'000 + 1) / 10;  // NOLINT(bugprone-integer-division): rounding up is what it is for
}

std::optional<double> score_3(std::string_view vector) {
  Metrics m(vector);
  const bool changed = m.word("S") == "C";
  if (!changed && m.word("S") != "U") return std::nullopt;
  const double attack = m.value("AV", {{"N", 0.85}, {"A", 0.62}, {"L", 0.55}, {"P", 0.2}});
  const double complexity = m.value("AC", {{"L", 0.77}, {"H", 0.44}});
  const double privileges = changed ? m.value("PR", {{"N", 0.85}, {"L", 0.68}, {"H", 0.5}}) : m.value("PR", {{"N", 0.85}, {"L", 0.62}, {"H", 0.27}});
  const double interaction = m.value("UI", {{"N", 0.85}, {"R", 0.62}});
  const Values impact_values = {{"H", 0.56}, {"L", 0.22}, {"N", 0}};
  const double base = 1 - (1 - m.value("C", impact_values)) * (1 - m.value("I", impact_values)) * (1 - m.value("A", impact_values));
  if (!m.complete()) return std::nullopt;
  const double impact = changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  if (impact <= 0) return 0.0;
  const double exploitability = 8.22 * attack * complexity * privileges * interaction;
  return round_up(std::min((changed ? 1.08 : 1.0) * (impact + exploitability), 10.0));
}

std::optional<double> score_2(std::string_view vector) {
  Metrics m(vector);
  const double access = m.value("AV", {{"L", 0.395}, {"A", 0.646}, {"N", 1.0}});
  const double complexity = m.value("AC", {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}});
  const double authentication = m.value("Au", {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}});
  const Values impact_values = {{"N", 0}, {"P", 0.275}, {"C", 0.66}};
  const double impact = 10.41 * (1 - (1 - m.value("C", impact_values)) * (1 - m.value("I", impact_values)) * (1 - m.value("A", impact_values)));
  if (!m.complete()) return std::nullopt;
  const double exploitability = 20 * access * complexity * authentication;
  return std::round((0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176) * 10) / 10;
}

}  // namespace cvss_detail

std::string_view cvss_version(std::string_view vector) {
  if (vector.rfind("CVSS:4.0/", 0) == 0) return "4.0";
  if (vector.rfind("CVSS:3.1/", 0) == 0) return "3.1";
  if (vector.rfind("CVSS:3.0/", 0) == 0) return "3.0";
  return vector.rfind("CVSS:", 0) == 0 ? std::string_view{} : "2.0";
}

std::optional<double> cvss_base_score(std::string_view vector) {
  if (!vector.empty() && vector.front() == '(' && vector.back() == ')') vector = vector.substr(1, vector.size() - 2);
  const std::string_view version = cvss_version(vector);
  if (version == "3.0" || version == "3.1") return cvss_detail::score_3(vector.substr(9));
  if (version == "2.0") return cvss_detail::score_2(vector);
  return std::nullopt;
}

Severity severity_of_score(double score, std::string_view version) {
  if (score < 0) return Severity::unknown;
  if (score == 0) return Severity::negligible;
  if (score < 4) return Severity::low;
  if (score < 7) return Severity::medium;
  return score < 9 || version == "2.0" ? Severity::high : Severity::critical;
}

}  // namespace eclair::feeds
