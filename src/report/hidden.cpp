// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/hidden.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace hidden_detail {

/// One filter of a view alone, and its words.
struct Filter {
  View alone;
  std::string what, how;
};

std::string number(double value) {
  char out[32];
  (void)std::snprintf(out, sizeof out, "%g", value);
  return out;
}

std::string listed(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return out;
}

std::string layer_what(const LayerChoice& layer) {
  switch (layer.kind) {
    case LayerChoice::Kind::base: return "Own layers";
    case LayerChoice::Kind::own: return "Layers of the base image";
    case LayerChoice::Kind::one:
    case LayerChoice::Kind::all:
      break;
  }
  return "Other layers";
}

std::vector<Filter> filters(const View& view) {
  std::vector<Filter> out;
  const auto add = [&](auto take, std::string what, std::string how) {
    View alone;
    take(alone);
    out.push_back({std::move(alone), std::move(what), std::move(how)});
  };
  if (!view.severities.empty()) add([&](View& v) { v.severities = view.severities; }, "", "with --severity all");
  if (view.ignore_unfixed) add([](View& v) { v.ignore_unfixed = true; }, "Without a fix", "with --no-ignore-unfixed");
  if (view.only_unfixed) add([](View& v) { v.only_unfixed = true; }, "With a fix", "with --no-only-unfixed");
  if (!view.hidden_statuses.empty()) {
    std::vector<std::string> words;
    for (const Status one : view.hidden_statuses) words.push_back(spoken(one));
    add([&](View& v) { v.hidden_statuses = view.hidden_statuses; }, "Of status " + listed(words), "without --ignore-status");
  }
  if (view.layer.kind != LayerChoice::Kind::all) add([&](View& v) { v.layer = view.layer; }, layer_what(view.layer), "without --layer");
  if (view.only_exploited) add([](View& v) { v.only_exploited = true; }, "Not known to be exploited", "with --no-kev");
  if (view.min_epss > 0) add([&](View& v) { v.min_epss = view.min_epss; }, "EPSS below " + number(view.min_epss), "with --min-epss 0");
  if (view.min_cvss > 0) add([&](View& v) { v.min_cvss = view.min_cvss; }, "CVSS below " + number(view.min_cvss), "with --min-cvss 0");
  if (!view.packages.empty()) add([&](View& v) { v.packages = view.packages; }, "Other packages", "without --pkg");
  if (!view.ids.empty()) add([&](View& v) { v.ids = view.ids; }, "Other vulnerabilities", "without --id");
  return out;
}

}  // namespace hidden_detail

std::vector<Hidden> hidden_by(const Report& report, const View& view) {
  const std::vector<hidden_detail::Filter> filters = hidden_detail::filters(view);
  std::vector<std::uint64_t> counts(filters.size());
  std::set<Severity> severities;
  for (const Finding& finding : report.findings) {
    const auto hides = std::find_if(filters.begin(), filters.end(), [&](const auto& one) { return !shown(report, finding, one.alone); });
    if (hides == filters.end()) continue;
    ++counts[static_cast<std::size_t>(hides - filters.begin())];
    if (hides->what.empty()) severities.insert(finding.severity);
  }
  std::vector<Hidden> out;
  for (std::size_t i = 0; i < filters.size(); ++i) {
    if (counts[i] == 0) continue;
    std::string what = filters[i].what;
    if (what.empty()) {
      std::vector<std::string> words;
      for (const Severity one : severities) words.push_back(capitalised(one));
      what = hidden_detail::listed(words);
    }
    out.push_back({std::move(what), counts[i], filters[i].how});
  }
  return out;
}

}  // namespace eclair::report
