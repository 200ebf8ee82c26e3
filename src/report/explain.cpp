// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/explain.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "report/json_parts.h"
#include "report/suppression_words.h"
#include "util/text.h"
#include "version/scheme.h"

namespace eclair::report {
namespace explain_detail {

constexpr std::size_t kWidth = 100;

const Os& os_of(const Report& report, const Occurrence& occurrence) {
  static const Os kNone;
  return occurrence.os < report.inventory.systems.size() ? report.inventory.systems[occurrence.os] : kNone;
}

bool names(const Finding& finding, std::string_view id) {
  const auto same = [&](const std::string& other) { return text::iequals(other, id); };
  return same(finding.vulnerability) || std::any_of(finding.aliases.begin(), finding.aliases.end(), same) ||
         std::any_of(finding.references.begin(), finding.references.end(), same);
}

const LayerInfo* layer_of(const Report& report, std::uint32_t index) {
  for (const LayerInfo& layer : report.image.history) {
    if (!layer.empty && layer.index == index) return &layer;
  }
  return nullptr;
}

std::string wrapped(std::string_view words, std::string_view indent) {
  std::string out, line(indent);
  bool fresh = true;
  for (const std::string_view word : text::words(words)) {
    if (!fresh && line.size() + 1 + word.size() > kWidth) {
      out += line + "\n";
      line = indent;
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
  }
  return fresh ? out : out + line + "\n";
}

std::string versioned(const PackageVersion& package) { return text::clean(package.name, 200) + " " + text::clean(package.version, 200); }

/// "Layer 3 (9a0b12345678), made by: RUN pip install requests"
std::string layer_words(const Report& report, std::uint32_t index) {
  if (index == 0) return {};
  const LayerInfo* const layer = layer_of(report, index);
  std::string out = "layer " + std::to_string(index);
  if (layer == nullptr) return out;
  const Digest& digest = layer->digest.empty() ? layer->diff_id : layer->digest;
  if (!digest.empty()) out += " (" + std::string(digest.brief()) + ")";
  if (in_base(report, index)) out += report.base->name.empty() ? " of the base image" : " of the base image " + text::clean(report.base->name, 200);
  else if (report.base) out += " of its own";
  if (!layer->created_by.empty()) out += ", made by: " + text::clean(layer->created_by, 300);
  return out;
}

std::string place_words(const Report& report, std::uint32_t package) {
  const Occurrence& one = report.inventory.packages[package];
  std::string out = "  Known from ";
  out += one.paths.empty() ? "the image" : text::clean(one.paths[0], 300);
  if (one.paths.size() > 1) out += " and " + std::to_string(one.paths.size() - 1) + " more";
  const std::string layer = layer_words(report, one.layer);
  if (!layer.empty()) out += " in " + layer;
  return wrapped(out + ".", "  ");
}

std::string advice(const Finding& finding, const PackageVersion& package) {
  if (!finding.fixed_in.empty()) {
    const std::string what = package.source() == package.name ? "" : " (source package " + text::clean(package.source(), 200) + ")";
    return "  Fixed in " + text::clean(finding.fixed_in, 200) + what + ": upgrade " + text::clean(package.name, 200) + ".\n";
  }
  switch (finding.status) {
    case Status::will_not_fix: return "  No fix: the source will not fix it.\n";
    case Status::end_of_life: return "  No fix: the package is past its end of life.\n";
    case Status::fix_deferred: return "  No fix yet: the source has put it off.\n";
    default: return "  No fix yet.\n";
  }
}

std::string percent(double share, int digits) {
  std::array<char, 32> out{};
  const int length = std::snprintf(out.data(), out.size(), "%.*f %%", digits, share * 100);
  return {out.data(), static_cast<std::size_t>(std::max(length, 0))};
}

std::string affected(const Report& report, const Finding& finding) {
  const PackageVersion& package = report.inventory.packages[finding.package].package;
  std::string out = versioned(package) + " is affected, severity " + std::string(name(finding.severity));
  if (!finding.severity_source.empty()) out += " (by " + text::clean(finding.severity_source, 60) + ")";
  out += ".\n" + place_words(report, finding.package);
  for (const Judgement& one : finding.evidence) {
    std::string said = "Says feed " + text::clean(one.feed, 60) + ", record " + text::clean(one.record.empty() ? finding.vulnerability : one.record, 120) +
                       " of " + text::clean(one.name_space, 60) + " for " + text::clean(one.package_name, 200) + ": " + text::clean(one.rule, 300) + ".";
    out += wrapped(said, "  ");
  }
  if (finding.text.exploited) out += wrapped("Is " + exploited_words(*finding.text.exploited) + ".", "  ");
  if (finding.text.epss) out += wrapped("Has " + epss_words(*finding.text.epss) + ".", "  ");
  return out + advice(finding, package);
}

/// What is said of a finding that stays one.
std::string remarks(const Report& report, std::uint32_t finding) {
  std::string out;
  for (const Remark& one : report.remarks) {
    if (one.finding == finding) out += wrapped("Said in " + place_words(one.said) + ": " + reason_words(one.said) + ".", "  ");
  }
  return out;
}

bool is_below(std::string_view scheme, std::string_view a, std::string_view b) {
  const version::Scheme* const found = version::find_scheme(scheme);
  return found != nullptr && found->compare(a, b) < 0;
}

/// Why a row did not make a finding, in words.
std::string not_affected_words(const Occurrence& occurrence, const store::AdvisoryRow& row) {
  const Advisory& advisory = row.advisory;
  const std::string reason = advisory.reason.empty() ? "" : " (" + text::clean(advisory.reason, 300) + ")";
  switch (advisory.status) {
    case Status::not_affected: return "not affected" + reason;
    case Status::under_investigation: return "under investigation: nothing is said yet" + reason;
    default: break;
  }
  if (!advisory.fixed_in.empty()) {
    const std::string_view installed = advisory.name_kind == NameKind::binary ? std::string_view(occurrence.package.version) : occurrence.package.source_ver();
    const std::string_view scheme = match::scheme_of(row.name_space);
    if (!is_below(scheme, installed, advisory.fixed_in)) {
      return "fixed in " + text::clean(advisory.fixed_in, 200) + ", and the installed " + text::clean(installed, 200) + " is not below it (" +
             std::string(scheme) + " order)";
    }
  }
  return "status " + std::string(name(advisory.status)) + ", but the row does not apply to this package (version, architecture, module or repository)" + reason;
}

std::string not_affected(const Report& report, const Considered& one) {
  const Occurrence& occurrence = report.inventory.packages[one.package];
  const std::string record = one.row.advisory.record.empty() ? one.row.advisory.vulnerability : one.row.advisory.record;
  return wrapped(versioned(occurrence.package) + ": feed " + text::clean(one.row.feed, 60) + ", record " + text::clean(record, 120) + " of " +
                     text::clean(one.row.name_space, 60) + " for " + text::clean(one.row.package, 200) + ": " + not_affected_words(occurrence, one.row) + ".",
                 "  ");
}

}  // namespace explain_detail

std::string exploited_words(const Exploited& listed) {
  std::string out = "known to be exploited";
  if (listed.added != 0) out += " since " + rfc3339(listed.added).substr(0, 10);
  if (listed.ransomware) out += ", also by ransomware";
  return out + " (CISA)";
}

std::string epss_words(const Epss& epss) {
  std::string out = "a chance of " + explain_detail::percent(epss.score, epss.score < 0.01 ? 2 : 0) + " to be exploited within 30 days";
  if (epss.percentile >= 0) out += ", more than " + explain_detail::percent(std::min(0.999, std::floor(epss.percentile * 1000) / 1000), 1) + " of all";
  return out + " (EPSS" + (epss.date == 0 ? "" : " of " + rfc3339(epss.date).substr(0, 10)) + ")";
}

Explanation explain(const Report& report, std::string_view id, const std::vector<store::AdvisoryRow>& rows) {
  Explanation out;
  out.id = id;
  std::set<std::uint32_t> affected;
  for (std::uint32_t i = 0; i < report.findings.size(); ++i) {
    if (!explain_detail::names(report.findings[i], id)) continue;
    out.findings.push_back(i);
    affected.insert(report.findings[i].package);
  }
  for (std::uint32_t i = 0; i < report.suppressed.size(); ++i) {
    if (!explain_detail::names(report.suppressed[i].finding, id)) continue;
    out.suppressed.push_back(i);
    affected.insert(report.suppressed[i].finding.package);
  }
  for (const store::AdvisoryRow& row : rows) {
    if (row.name_space == kVulnerabilitySpace) continue;  // speaks of no package
    bool here = false;
    for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
      const Occurrence& occurrence = report.inventory.packages[i];
      if (match::name_space(occurrence.package, explain_detail::os_of(report, occurrence)) != row.name_space) continue;
      const auto names = match::lookup_names(occurrence.package);
      if (std::find(names.begin(), names.end(), row.package) == names.end()) continue;
      here = true;
      if (affected.count(i) == 0) out.considered.push_back({i, row});
    }
    if (!here) ++out.rows_elsewhere;
  }
  return out;
}

std::string render_explanation(const Report& report, const Explanation& explanation, const View&) {
  const std::string id = text::clean(explanation.id, 120);
  std::string out = id + " in " + text::clean(report.image.name, 300) + "\n\n";
  const bool affected = !explanation.findings.empty() || !explanation.suppressed.empty();
  if (affected) {
    const Finding& first = explanation.findings.empty() ? report.suppressed[explanation.suppressed[0]].finding : report.findings[explanation.findings[0]];
    const VulnerabilityText& about = first.text;
    if (!about.title.empty()) out += explain_detail::wrapped(text::clean(about.title, 500), "");
    if (!about.description.empty() && about.description != about.title) out += explain_detail::wrapped(text::clean(about.description, 4000), "");
    for (const std::string& url : about.urls) out += text::clean(url, 500) + "\n";
    if (!about.title.empty() || !about.description.empty() || !about.urls.empty()) out += "\n";
    for (const std::uint32_t one : explanation.findings) out += explain_detail::affected(report, report.findings[one]) + explain_detail::remarks(report, one) + "\n";
    for (const std::uint32_t one : explanation.suppressed) {
      const Suppressed& aside = report.suppressed[one];
      out += explain_detail::affected(report, aside.finding) +
             explain_detail::wrapped("Set aside by " + place_words(aside.by) + ": " + reason_words(aside.by) + ".", "  ") + "\n";
    }
  }
  if (!explanation.considered.empty()) {
    out += !affected ? "It is known, and no package of this image is affected:\n" : "Not affected:\n";
    for (const Considered& one : explanation.considered) out += explain_detail::not_affected(report, one);
  } else if (!affected && explanation.rows_elsewhere > 0) {
    out += "It is known (" + std::to_string(explanation.rows_elsewhere) + (explanation.rows_elsewhere == 1 ? " record" : " records") +
           "), but not for any package of this image.\n";
  } else if (!affected) {
    out += "It is not known: no imported feed has a record of that name.\n";
  }
  for (const Coverage& one : report.coverage) {
    if (means_not_judged(one)) out += "Not judged: " + text::clean(one.message, 400) + "\n";
  }
  return out;
}

std::string render_explanation_json(const Report& report, const Explanation& explanation) {
  json::Writer w(true);
  w.begin_object();
  write_preamble(w, report);
  w.key("target");
  write_target(w, report);
  const bool known = !explanation.findings.empty() || !explanation.suppressed.empty() || !explanation.considered.empty() || explanation.rows_elsewhere > 0;
  w.member("vulnerability", explanation.id).member("affected", !explanation.findings.empty()).member("known", known);
  w.key("findings").begin_array();
  std::set<std::uint32_t> packages;
  for (const std::uint32_t one : explanation.findings) {
    write_finding(w, report, report.findings[one]);
    packages.insert(report.findings[one].package);
  }
  w.end_array().key("suppressed").begin_array();
  for (const std::uint32_t one : explanation.suppressed) {
    w.begin_object().key("finding");
    write_finding(w, report, report.suppressed[one].finding);
    w.key("by");
    write_suppression(w, report.suppressed[one].by);
    w.end_object();
    packages.insert(report.suppressed[one].finding.package);
  }
  w.end_array().key("not_affected").begin_array();
  for (const Considered& one : explanation.considered) {
    packages.insert(one.package);
    const Advisory& advisory = one.row.advisory;
    w.begin_object().member("package", package_key(one.package)).member("feed", one.row.feed).member("namespace", one.row.name_space);
    w.member("record", advisory.record.empty() ? advisory.vulnerability : advisory.record).member("status", name(advisory.status));
    if (!advisory.fixed_in.empty()) w.member("fixed_in", advisory.fixed_in);
    w.member("reason", explain_detail::not_affected_words(report.inventory.packages[one.package], one.row)).end_object();
  }
  w.end_array().key("packages").begin_object();
  for (const std::uint32_t one : packages) {
    const Occurrence& occurrence = report.inventory.packages[one];
    w.key(package_key(one)).begin_object();
    write_package_version(w, occurrence.package);
    if (occurrence.layer > 0) w.member("layer", std::int64_t{occurrence.layer});
    w.key("paths").begin_array();
    for (const std::string& path : occurrence.paths) w.string(path);
    w.end_array().end_object();
  }
  w.end_object().key("notes");
  write_notes(w, report);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace eclair::report
