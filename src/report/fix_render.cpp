// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "report/columns.h"
#include "report/fix.h"
#include "report/json_parts.h"
#include "report/finding_columns.h"
#include "util/text.h"

namespace eclair::report {
namespace fix_render_detail {

constexpr Severity kWorstFirst[] = {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::unknown, Severity::negligible};

const LayerInfo* layer_at(const Report& report, std::uint32_t index) {
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty && layer.index == index) return &layer;
  }
  return nullptr;
}

/// "2 critical, 1 high"
std::string counts_words(const Counts& counts) {
  std::string out;
  for (const Severity one : kWorstFirst) {
    const std::uint64_t n = counts.by_severity[static_cast<std::size_t>(one)];
    if (n > 0) out += (out.empty() ? "" : ", ") + std::to_string(n) + " " + std::string(name(one));
  }
  return out;
}

std::string findings_words(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " finding" : " findings"); }

std::vector<std::string> names_of(const Report& report, const Upgrade& upgrade) {
  std::vector<std::string> out;
  for (const std::uint32_t one : upgrade.packages) {
    const std::string& each = report.inventory.packages[one].package.name;
    if (std::find(out.begin(), out.end(), each) == out.end()) out.push_back(each);
  }
  return out;
}

/// "openssl libssl3", what one would type after the package manager's verb.
std::string package_words(const Report& report, const Upgrade& upgrade) {
  std::vector<std::string> names = names_of(report, upgrade);
  for (std::string& one : names) one = text::clean(one, 100);
  constexpr std::size_t kMost = 4;
  const std::size_t more = names.size() > kMost ? names.size() - kMost : 0;
  if (more > 0) names.resize(kMost);
  return text::join(names, " ") + (more > 0 ? " (+" + std::to_string(more) + ")" : "");
}

std::string title_of(const Report& report, const FixStep& step) {
  if (step.base) {
    const std::string base = report.base->name.empty() ? "base image" : text::clean(report.base->name, 200);
    const std::string layers = report.base->layers == 1 ? "layer 1" : "layers 1 to " + std::to_string(report.base->layers);
    return "Build on a newer " + base + " (" + layers + "), one that has";
  }
  if (step.layer == 0) return "Upgrade";
  std::string out = "Upgrade in layer " + std::to_string(step.layer);
  const LayerInfo* const layer = layer_at(report, step.layer);
  return layer == nullptr || layer->created_by.empty() ? out : out + ", made by: " + text::clean(layer->created_by, 200);
}

/// "- no fix: 3 (1 high, 2 low)" with the packages that most of them are in.
std::string unfixed_lines(const Report& report, const FixPlan& plan, const View& view) {
  if (plan.unfixed.empty()) return {};
  std::string out = "No version fixes " + findings_words(plan.unfixed_counts.total) + ": " + counts_words(plan.unfixed_counts) + "\n";
  if (!view.list_packages) return out;
  std::vector<std::vector<Cell>> rows;
  for (const std::uint32_t one : plan.unfixed) {
    const Finding& finding = report.findings[one];
    const PackageVersion& package = report.inventory.packages[finding.package].package;
    rows.push_back({{std::string(name(finding.severity)), color_of(finding.severity)}, {text::clean(finding.vulnerability, 80)}, {text::clean(package.name, 200)},
                    {text::clean(package.version, 200)}, {std::string(name(finding.status))}, {layer_words(report, finding.layer)}});
  }
  return out + lay_out({{"SEVERITY", 10}, {"VULNERABILITY", 14}, {"PACKAGE"}, {"INSTALLED", 0, true}, {"STATUS"}, {"LAYER"}}, rows, view);
}

void write_counts(json::Writer& w, std::string_view key, const Counts& counts) {
  w.key(key).begin_object();
  for (std::size_t i = 0; i < std::size(counts.by_severity); ++i) {
    w.member(name(static_cast<Severity>(i)), static_cast<std::int64_t>(counts.by_severity[i]));
  }
  w.end_object();
}

void write_upgrade(json::Writer& w, const Report& report, const Upgrade& upgrade) {
  const PackageVersion& first = report.inventory.packages[upgrade.packages[0]].package;
  w.begin_object().member("type", first.type);
  w.key("source").begin_object().member("name", first.source()).member("version", first.source_ver()).end_object();
  w.key("packages").begin_array();
  for (const std::uint32_t one : upgrade.packages) {
    const Occurrence& each = report.inventory.packages[one];
    w.begin_object().member("name", each.package.name).member("version", each.package.version);
    if (!each.package.arch.empty()) w.member("arch", each.package.arch);
    w.member("purl", match::purl(each.package, each.os < report.inventory.systems.size() ? report.inventory.systems[each.os] : Os{})).end_object();
  }
  w.end_array().member("to", upgrade.to);
  write_counts(w, "removes", upgrade.counts);
  w.key("findings").begin_array();
  for (const std::uint32_t one : upgrade.findings) {
    const Finding& finding = report.findings[one];
    w.begin_object().member("id", finding.id).member("vulnerability", finding.vulnerability).member("severity", name(finding.severity));
    w.member("fixed_in", finding.fixed_in).end_object();
  }
  w.end_array().end_object();
}

}  // namespace fix_render_detail
using namespace fix_render_detail;

std::string render_fix_table(const Report& report, const View& view) {
  const FixPlan plan = plan_fixes(report);
  std::string out = text::clean(report.image.name, 300);
  if (!report.image.digest.empty()) out += "   sha256:" + std::string(report.image.digest.brief());
  if (!report.image.platform.os.empty()) out += "   " + text::clean(report.image.platform.text(), 60);
  std::uint64_t fixable = 0;
  for (const FixStep& step : plan.steps) fixable += step.counts.total;
  const std::uint64_t all = fixable + plan.unfixed_counts.total;
  out += "\n" + findings_words(all) + ", " + std::to_string(fixable) + " with a fix\n\n";
  for (const FixStep& step : plan.steps) {
    out += title_of(report, step) + "\n";
    std::vector<std::vector<Cell>> rows;
    for (const Upgrade& one : step.upgrades) {
      const PackageVersion& first = report.inventory.packages[one.packages[0]].package;
      Severity worst = Severity::unknown;
      for (const std::uint32_t each : one.findings) worst = std::max(worst, report.findings[each].severity);
      rows.push_back({{package_words(report, one)}, {text::clean(first.version, 200)}, {text::clean(one.to, 200)}, {counts_words(one.counts), color_of(worst)}});
    }
    out += lay_out({{"PACKAGE"}, {"INSTALLED", 0, true}, {"UPGRADE TO", 0, true}, {"REMOVES"}}, rows, view);
    if (step.upgrades.size() > 1) out += "All of them remove " + findings_words(step.counts.total) + ": " + counts_words(step.counts) + "\n";
    out += "\n";
  }
  out += unfixed_lines(report, plan, view);
  if (all == 0) out += "Nothing to fix: no known vulnerabilities in what was judged.\n";
  for (const Coverage& one : report.coverage) {
    if (means_not_judged(one)) out += "Not judged: " + text::clean(one.message, 400) + "\n";
  }
  return out;
}

std::string render_fix_json(const Report& report, const View& view) {
  const FixPlan plan = plan_fixes(report);
  json::Writer w(view.pretty);
  w.begin_object();
  write_preamble(w, report);
  w.key("target");
  write_target(w, report);
  w.key("steps").begin_array();
  for (const FixStep& step : plan.steps) {
    w.begin_object().member("where", step.base ? "base" : "layer");
    if (step.base) {
      w.member("base", report.base->name);
    } else if (step.layer > 0) {
      w.member("layer", std::int64_t{step.layer});
      if (const LayerInfo* const layer = layer_at(report, step.layer); layer != nullptr && !layer->created_by.empty()) w.member("created_by", layer->created_by);
    }
    w.key("upgrades").begin_array();
    for (const Upgrade& one : step.upgrades) write_upgrade(w, report, one);
    w.end_array();
    write_counts(w, "removes", step.counts);
    w.end_object();
  }
  w.end_array().key("no_fix").begin_object();
  write_counts(w, "counts", plan.unfixed_counts);
  w.key("findings").begin_array();
  for (const std::uint32_t one : plan.unfixed) w.string(report.findings[one].id);
  w.end_array().end_object().key("notes");
  write_notes(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace eclair::report
