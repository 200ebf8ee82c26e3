// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/classic/nvd_metadata.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "util/go_json.h"
#include "util/text.h"
#include "util/time.h"

namespace eclair::report {
namespace nvd_metadata_detail {

/// The scoring of that major version to show: NVD's, else the first. nullptr: none with a vector and a score.
const VulnerabilityText::Cvss* scoring(const VulnerabilityText& text, char major) {
  const VulnerabilityText::Cvss* found = nullptr;
  for (const VulnerabilityText::Cvss& one : text.cvss) {
    if (one.version.empty() || one.version.front() != major || one.vector.empty() || one.score < 0) continue;
    const bool of_nvd = one.source.empty() || one.source == "nvd" || one.source == "nvd@nist.gov";
    if (of_nvd) return &one;
    if (found == nullptr) found = &one;
  }
  return found;
}

/// "7.5", "10": as Go writes a float that has at most one digit behind the point.
std::string score_text(double score) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1f", std::clamp(score, 0.0, 10.0));
  std::string out = buffer;
  if (out.size() > 2 && out.substr(out.size() - 2) == ".0") out.resize(out.size() - 2);
  return out;
}

/// The letter of a metric: 'H' of "S:U/C:H" for "C". '\0': not there.
char metric(std::string_view vector, std::string_view name) {
  for (const std::string_view part : text::split(vector, '/')) {
    const auto [key, value] = text::cut(part, ':');
    if (key == name && !value.empty()) return value.front();
  }
  return '\0';
}

double weigh(char letter, std::string_view letters, std::initializer_list<double> weights) {
  const std::size_t at = letters.find(letter);
  return letter == '\0' || at >= weights.size() ? 0 : *(weights.begin() + at);
}

struct Parts {
  double exploitability = 0, impact = 0;
};

Parts parts_of(std::string_view vector) {
  const bool changed = metric(vector, "S") == 'C';
  const double access = weigh(metric(vector, "AV"), "NALP", {0.85, 0.62, 0.55, 0.2});
  const double complexity = weigh(metric(vector, "AC"), "LH", {0.77, 0.44});
  const double privileges = changed ? weigh(metric(vector, "PR"), "NLH", {0.85, 0.68, 0.5}) : weigh(metric(vector, "PR"), "NLH", {0.85, 0.62, 0.27});
  const double interaction = weigh(metric(vector, "UI"), "NR", {0.85, 0.62});
  const auto loss = [&](std::string_view name) { return 1 - weigh(metric(vector, name), "HLN", {0.56, 0.22, 0}); };
  const double base = 1 - loss("C") * loss("I") * loss("A");
  Parts out;
  out.exploitability = 8.22 * access * complexity * privileges * interaction;
  out.impact = changed ? 7.52 * (base - 0.029) - 3.25 * std::pow(base - 0.02, 15) : 6.42 * base;
  out.impact = std::max(out.impact, 0.0);
  return out;
}

}  // namespace nvd_metadata_detail

std::string nvd_metadata(const VulnerabilityText& text) {
  using namespace nvd_metadata_detail;
  if (text.id.substr(0, 4) != "CVE-") return {};
  const VulnerabilityText::Cvss* v2 = scoring(text, '2');
  if (v2 == nullptr) return {};
  const VulnerabilityText::Cvss* v3 = scoring(text, '3');
  std::string out;
  go_json::Object outer(out);
  go_json::Object nvd(outer.key("NVD"));
  go_json::Object old(nvd.key("CVSSv2"));
  // "2018-01-10T22:29Z": without seconds
  if (text.published != 0) old.string("PublishedDateTime", rfc3339(text.published).substr(0, 16) + "Z");
  std::string_view vector = v2->vector;
  if (vector.size() > 2 && vector.front() == '(' && vector.back() == ')') vector = vector.substr(1, vector.size() - 2);
  old.string("Vectors", vector).raw("Score", score_text(v2->score)).end();
  go_json::Object later(nvd.key("CVSSv3"));
  const Parts parts = v3 == nullptr ? Parts{} : parts_of(v3->vector);
  later.string("Vectors", v3 == nullptr ? std::string_view{} : std::string_view(v3->vector));
  later.raw("Score", score_text(v3 == nullptr ? 0 : v3->score));
  later.raw("ExploitabilityScore", score_text(parts.exploitability)).raw("ImpactScore", score_text(parts.impact)).end();
  nvd.end();
  outer.end();
  return out;
}

}  // namespace eclair::report
