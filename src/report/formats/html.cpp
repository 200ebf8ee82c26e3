// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// One file that a browser shows without asking anybody for anything. How it looks and what it can do: report/page/page.h.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/escape.h"
#include "report/page/page.h"
#include "report/report.h"
#include "report/told.h"
#include "report/words.h"
#include "util/text.h"

namespace eclair::report {
namespace html_detail {

constexpr std::size_t kPiece = 64u << 10;
constexpr std::size_t kDescription = 480;  // bytes; a thousand findings are to fit into 2 MB
constexpr std::array<Severity, 6> kOrder = {Severity::unknown, Severity::negligible, Severity::low, Severity::medium, Severity::high, Severity::critical};

std::string told(std::string_view untrusted, std::size_t max_bytes = 300) { return markup(text::clean(untrusted, max_bytes)); }
std::string digit(Severity severity) { return std::to_string(static_cast<int>(severity)); }
std::string code(std::string_view untrusted) { return "<code>" + told(untrusted) + "</code>"; }

/// "1,234"
std::string thousands(std::uint64_t n) {
  std::string out = std::to_string(n);
  for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
  return out;
}

std::string size_words(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {" B", " kB", " MB", " GB", " TB"};
  std::size_t unit = 0;
  std::uint64_t tenths = bytes * 10;
  while (tenths >= 10000 && unit + 1 < kUnits.size()) {
    tenths /= 1000;
    ++unit;
  }
  std::string out = std::to_string(tenths / 10);
  if (unit > 0 && tenths < 1000) out += "." + std::to_string(tenths % 10);
  return out + std::string(kUnits[unit]);
}

/// The tags of headings: an image's name is the page's title where it is alone.
struct Headings {
  std::string_view name, part;
};
constexpr Headings kAlone = {"h1", "h2"}, kAmongOthers = {"h2", "h3"};

std::string part(const Headings& tags, const std::string& title) { return "<" + std::string(tags.part) + " class=\"part\">" + title + "</" + std::string(tags.part) + ">\n"; }
std::string image_name(const Headings& tags, const std::string& name, std::size_t number) {
  return "<" + std::string(tags.name) + " class=\"name\" id=\"image-" + std::to_string(number) + "\">" + name + "</" + std::string(tags.name) + ">\n";
}

// ---- who it is

std::string head_of(const Report& report, std::size_t number, const Headings& tags) {
  const auto layers = std::count_if(report.image.history.begin(), report.image.history.end(), [](const LayerInfo& one) { return !one.empty; });
  std::string out = image_name(tags, told(report.image.name), number) + "<p class=\"facts\">";
  if (!report.image.digest.empty()) out += "<span>" + code(report.image.digest.text) + "</span>";
  if (!report.image.platform.os.empty()) out += "<span>" + told(report.image.platform.text(), 60) + "</span>";
  if (report.image.size > 0) out += "<span>" + size_words(report.image.size) + "</span>";
  out += "</p>\n<p>" + markup(os_name(report.inventory.systems.empty() ? Os{} : report.inventory.systems[0])) + ", " +
         plural(report.inventory.packages.size(), "package");
  if (layers > 0) out += " in " + plural(static_cast<std::uint64_t>(layers), "layer");
  if (report.base && report.base->layers > 0) {
    out += " (" + std::to_string(report.base->layers) + " of base image" + (report.base->name.empty() ? "" : " " + told(report.base->name)) + ")";
  }
  if (report.eol) out += report.eol->past ? "; <span class=\"bad\">no security updates since " + told(report.eol->date, 20) + "</span>"
                                         : "; security updates until " + told(report.eol->date, 20);
  out += "</p>\n<p>";
  const UnixTime data = data_time(report);
  out += data == 0 ? std::string("no advisory data") : "advisories of " + minute(data) + ", snapshot " + code(std::string_view(report.snapshot).substr(0, 12));
  if (report.reference_time() != report.generated_at) out += ", as known on " + minute(report.judged_at);
  return out + "</p>\n";
}

// ---- how bad it is

std::string tiles(const Report& report) {
  const Counts counts = count(report);
  std::string out = "<div class=\"tiles\">\n";
  for (const Severity s : kOrder) {
    const std::uint64_t n = counts.by_severity[static_cast<std::size_t>(s)];
    out += "<button type=\"button\" class=\"tile c" + digit(s) + (n == 0 ? " none" : "") + "\" data-s=\"" + digit(s) + "\" disabled><b>" + thousands(n) +
           "</b> <span>" + capitalised(s) + "</span></button>\n";
  }
  out += "</div>\n";
  if (counts.total > 0) {
    out += "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" + plural(counts.total, "finding") + "\">";
    std::uint64_t before = 0;
    for (auto at = kOrder.rbegin(); at != kOrder.rend(); ++at) {
      const std::uint64_t n = counts.by_severity[static_cast<std::size_t>(*at)];
      const std::uint64_t from = before * 1000 / counts.total, to = (before + n) * 1000 / counts.total;
      if (to > from) {
        out += "<rect class=\"c" + digit(*at) + "\" x=\"" + std::to_string(from) + "\" width=\"" + std::to_string(to - from) + "\" height=\"10\"/>";
      }
      before += n;
    }
    out += "</svg>\n";
  }
  std::uint64_t own = 0;
  for (const Finding& finding : report.findings) own += origin_of(report, finding.layer) == "own" ? 1U : 0U;
  out += "<p class=\"facts\"><span>" + plural(counts.total, "finding") + "</span><span>fixable: " + thousands(counts.fixable) + "</span>";
  if (!report.suppressed.empty()) out += "<span>suppressed: " + thousands(report.suppressed.size()) + "</span>";
  if (report.base) out += "<span>own layers: " + thousands(own) + "</span>";
  out += "</p>\n";
  for (const RuleResult& rule : report.policy) {
    out += std::string("<p class=\"") + (rule.passed ? "good\">policy passed: " : "bad\">policy failed: ") + code(rule.rule);
    if (!rule.passed && !rule.findings.empty()) out += ", " + plural(rule.findings.size(), "finding");
    if (!rule.reason.empty()) out += ", " + told(rule.reason);
    out += "</p>\n";
  }
  return out;
}

// ---- what made it

std::string layers(const Report& report, const Headings& tags) {
  if (report.image.history.empty()) return {};
  std::string out = part(tags, "Layers <small>oldest first, as the Dockerfile goes</small>") + "<ol class=\"layers\">\n";
  for (const LayerInfo& layer : report.image.history) {
    const std::string command = told(layer.created_by, 400);
    if (layer.empty) {
      out += "<li class=\"empty\"><span class=\"i\"></span><span class=\"w\"><span class=\"m\">" + (command.empty() ? "no command" : command) + "</span></span></li>\n";
      continue;
    }
    std::array<std::uint64_t, 6> found{};
    for (const Finding& finding : report.findings) {
      if (finding.layer == layer.index) ++found[static_cast<std::size_t>(finding.severity)];
    }
    const bool base = in_base(report, layer.index);
    const std::string index = std::to_string(layer.index);
    out += std::string("<li") + (base ? " class=\"base\"" : "") + "><button type=\"button\" class=\"i\" data-l=\"" + index + "\" aria-label=\"findings of layer " +
           index + "\" disabled>" + index + "</button><span class=\"w\"><span class=\"m\">" + (command.empty() ? "command not known" : command) + "</span><small>";
    const std::string_view digest = layer.digest.empty() ? layer.diff_id.brief() : layer.digest.brief();
    out += code(digest);
    if (layer.size > 0) out += ", " + size_words(layer.size);
    if (base) out += " <span class=\"tag\">base</span>";
    out += "</small></span><span class=\"k\">";
    for (auto at = kOrder.rbegin(); at != kOrder.rend(); ++at) {
      const std::uint64_t n = found[static_cast<std::size_t>(*at)];
      if (n > 0) out += "<span class=\"s n s" + digit(*at) + "\" title=\"" + std::string(name(*at)) + "\">" + thousands(n) + "</span>";
    }
    out += "</span></li>\n";
  }
  return out + "</ol>\n";
}

// ---- what was found

/// What the list does not show: what it is about, and why it is here.
std::string more(const Report& report, const Finding& finding) {
  const std::string title = title_of(finding, 160);
  const std::string description = description_of(finding, kDescription);
  std::string inner;
  if (!description.empty() && description != title) inner += "<p>" + markup(description) + "</p>";
  if (!finding.evidence.empty()) {
    const Judgement& why = finding.evidence.front();
    inner += "<p class=\"soft\">Says feed " + told(why.feed, 40) + " of " + told(why.name_space, 60) + ": " + told(why.rule, 200) + ". " + markup(advice(report, finding)) + "</p>";
  }
  std::string facts;
  for (const VulnerabilityText::Cvss& one : finding.text.cvss) {
    if (one.score >= 0 && facts.size() < 300) facts += (facts.empty() ? "" : ", ") + ("CVSS " + told(one.version, 8)) + " " + decimal(one.score) + " " + code(one.vector);
  }
  if (finding.text.epss) facts += std::string(facts.empty() ? "" : ", ") + "EPSS " + decimal(finding.text.epss->score);
  if (!facts.empty()) inner += "<p class=\"soft\">" + facts + "</p>";
  if (title.empty() && inner.empty()) return {};
  if (inner.empty()) return "<div class=\"soft\">" + markup(title) + "</div>";
  if (title.empty()) return "<details class=\"why\"><summary>why</summary>" + inner + "</details>";
  return "<details><summary>" + markup(title) + "</summary>" + inner + "</details>";
}

std::string row_of(const Report& report, const Finding& finding) {
  const Occurrence& occurrence = occurrence_of(report, finding);
  const std::string layer = finding.layer == 0 ? "" : std::to_string(finding.layer);
  std::string out = "<tr data-s=\"" + digit(finding.severity) + "\" data-l=\"" + layer + "\"";
  if (!finding.fixed_in.empty()) out += " data-f";
  if (finding.text.exploited) out += " data-k";
  out += "><td><span class=\"s s" + digit(finding.severity) + "\">" + std::string(name(finding.severity)) + "</span></td><td class=\"v\"><a href=\"" +
         markup(link_of(finding)) + "\" rel=\"noreferrer\">" + told(finding.vulnerability, 80) + "</a>";
  if (finding.text.exploited) out += " <span class=\"kev\">known exploited</span>";
  out += more(report, finding) + "</td><td class=\"p\">" + code(occurrence.package.name);
  if (is_language_package(occurrence.package) && !occurrence.paths.empty()) out += "<br><small class=\"soft m\">" + told(occurrence.paths.front(), 200) + "</small>";
  out += "</td><td class=\"a\">" + code(occurrence.package.version) + "</td><td class=\"x" + std::string(finding.fixed_in.empty() ? "" : " f") + "\">";
  out += finding.fixed_in.empty() ? "<span class=\"soft\">" + markup(fix_state(finding)) + "</span>" : code(finding.fixed_in);
  const std::string_view origin = origin_of(report, finding.layer);
  return out + "</td><td class=\"l\">" + layer + (origin.empty() ? "" : " <span class=\"tag\">" + std::string(origin) + "</span>") + "</td></tr>\n";
}

Result<> findings(const Report& report, const View& view, const Headings& tags, std::string& text, const Sink& out) {
  const std::vector<std::uint32_t> visible = shown_findings(report, view);
  const std::size_t hidden = report.findings.size() - visible.size();
  text += part(tags, "Findings" + (hidden > 0 ? " <small>" + plural(hidden, "finding") + " left out by filters</small>" : std::string()));
  if (visible.empty()) {
    const bool judged = !report.feeds.empty() && !std::any_of(report.coverage.begin(), report.coverage.end(), means_not_judged);
    text += report.findings.empty() ? (judged ? "<p class=\"good\">No known vulnerabilities.</p>\n" : "<p>No findings, but not all could be judged: see the notes.</p>\n")
                                    : "<p>None is shown.</p>\n";
    return {};
  }
  const bool any_known = std::any_of(visible.begin(), visible.end(), [&](std::uint32_t i) { return report.findings[i].text.exploited.has_value(); });
  text += "<div class=\"filters\" hidden><input type=\"search\" placeholder=\"Search\" aria-label=\"Search in findings\" autocomplete=\"off\">"
          "<label><input type=\"checkbox\" class=\"fixable\"> fixable only</label>";
  if (any_known) text += "<label><input type=\"checkbox\" class=\"known\"> known exploited only</label>";
  text += "<button type=\"button\" hidden>show all</button><output></output></div>\n<div class=\"sheet\"><table class=\"findings\">\n<thead><tr>";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kHeads = {{{"", "Severity"}, {"v", "Vulnerability"}, {"p", "Package"}, {"a", "Installed"}, {"x", "Fixed in"}, {"l", "Layer"}}};
  for (const auto& [kind, title] : kHeads) {
    text += "<th scope=\"col\"" + (kind.empty() ? std::string() : " class=\"" + std::string(kind) + "\"") + "><button type=\"button\" disabled>" + std::string(title) + "</button></th>";
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const std::uint32_t i : visible) {
    text += row_of(report, report.findings[i]);
    if (text.size() >= kPiece) ECLAIR_CHECK_OK(out(std::exchange(text, {})));
  }
  text += "</tbody></table></div>\n";
  return {};
}

std::string suppressed(const Report& report, const View& view) {
  if (report.suppressed.empty()) return {};
  std::string out = std::string("<details class=\"all\"") + (view.show_suppressed ? " open" : "") + "><summary>Suppressed: " + thousands(report.suppressed.size()) +
                    "</summary>\n<div class=\"sheet\"><table>\n<thead><tr><th scope=\"col\">Vulnerability</th><th scope=\"col\">Package</th><th scope=\"col\">Why</th>"
                    "<th scope=\"col\">By</th></tr></thead>\n<tbody>\n";
  for (const Suppressed& one : report.suppressed) {
    out += "<tr><td><a href=\"" + markup(link_of(one.finding)) + "\" rel=\"noreferrer\">" + told(one.finding.vulnerability, 80) + "</a> <span class=\"soft\">" +
           std::string(name(one.finding.severity)) + "</span></td><td>" + code(occurrence_of(report, one.finding).package.name) + "</td><td>" +
           told(one.by.reason.empty() ? one.by.justification : one.by.reason, 400) + (one.by.status.empty() ? "" : " <span class=\"tag\">" + told(one.by.status, 40) + "</span>") +
           "</td><td>" + told(one.by.file) + (one.by.line > 0 ? ":" + std::to_string(one.by.line) : "");
    if (!one.by.owner.empty()) out += ", " + told(one.by.owner, 80);
    if (!one.by.expires.empty()) out += ", until " + told(one.by.expires, 20);
    out += "</td></tr>\n";
  }
  return out + "</tbody></table></div></details>\n";
}

// ---- what stands behind it

std::string notes(const Report& report, const Headings& tags) {
  std::set<std::string> said;
  std::string out;
  const auto add = [&](std::string text) {
    if (said.insert(text).second && said.size() <= 200) out += "<li>" + text + "</li>\n";
  };
  for (const Coverage& one : report.coverage) add(means_not_judged(one) ? "<strong>Not judged:</strong> " + told(one.message, 600) : told(one.message, 600));
  for (const std::string& one : report.image.notes) add(told(one, 600));
  for (const Note& one : report.inventory.notes) add((one.path.empty() ? "" : code(one.path) + ": ") + told(one.message, 600));
  for (const NamedFileState& file : report.inventory.files) {
    add("File " + code(file.pattern) + ": " + (file.present ? "present as " + code(file.file.path) + (file.layer > 0 ? ", layer " + std::to_string(file.layer) : "") : "absent"));
  }
  return out.empty() ? out : part(tags, "Notes") + "<ul class=\"plain\">\n" + out + "</ul>\n";
}

std::string data(const Report& report) {
  if (report.feeds.empty()) return {};
  std::string out = "<details class=\"all\"><summary>Advisory data</summary>\n<p class=\"soft\">Snapshot " + code(report.snapshot) +
                    "</p>\n<div class=\"sheet\"><table>\n<thead><tr><th scope=\"col\">Feed</th><th scope=\"col\">Fetched</th><th scope=\"col\">Records</th></tr></thead>\n<tbody>\n";
  for (const store::FeedState& feed : report.feeds) {
    out += "<tr><td>" + told(feed.name, 60) + "</td><td>" + (feed.fetched_at == 0 ? "" : minute(feed.fetched_at)) +
           (is_stale(feed, report) ? " <span class=\"bad\">old</span>" : "") + "</td><td>" + thousands(feed.records) + "</td></tr>\n";
  }
  return out + "</tbody></table></div></details>\n";
}

std::string title_of(const Document& document) {
  std::uint64_t all = 0;
  for (const Report& report : document.reports) all += report.findings.size();
  const std::string who = document.reports.size() == 1 ? told(document.reports[0].image.name, 200) : plural(document.reports.size() + document.failures.size(), "image");
  return who + ": " + plural(all, "finding");
}

std::string contents(const Document& document) {
  const std::size_t all = document.reports.size() + document.failures.size();
  if (all < 2) return {};
  std::string out = "<nav aria-label=\"Images\"><h1>" + plural(all, "image") + "</h1>\n<ul>\n";
  for (std::size_t i = 0; i < document.reports.size(); ++i) {
    out += "<li><a href=\"#image-" + std::to_string(i + 1) + "\">" + told(document.reports[i].image.name, 200) + "</a> <span class=\"soft\">" +
           thousands(document.reports[i].findings.size()) + "</span></li>\n";
  }
  for (std::size_t i = 0; i < document.failures.size(); ++i) {
    out += "<li><a href=\"#image-" + std::to_string(document.reports.size() + i + 1) + "\">" + told(document.failures[i].target, 200) + "</a> <span class=\"bad\">not scanned</span></li>\n";
  }
  return out + "</ul></nav>\n";
}

Result<> render(const Document& document, const View& view, const Sink& out) {
  std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + page_policy() +
                     "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<title>" + title_of(document) +
                     "</title>\n<style>" + std::string(page_style()) + "</style>\n</head>\n<body>\n" + contents(document) + "<main>\n";
  std::size_t number = 0;
  const Headings& tags = document.reports.size() + document.failures.size() > 1 ? kAmongOthers : kAlone;
  for (const Report& report : document.reports) {
    ++number;
    text += "<section>\n" + head_of(report, number, tags) + tiles(report) + layers(report, tags);
    ECLAIR_CHECK_OK(findings(report, view, tags, text, out));
    text += suppressed(report, view) + notes(report, tags) + data(report) + "</section>\n";
  }
  for (const Failure& failure : document.failures) {
    ++number;
    text += "<section>\n" + image_name(tags, told(failure.target), number) + "<p class=\"bad\">Not scanned: " + told(failure.message, 1000) + "</p>\n</section>\n";
  }
  text += "</main>\n<footer><p>";
  if (!document.reports.empty()) text += "Eclair " + told(document.reports[0].tool_version, 60) + ", " + minute(document.reports[0].generated_at);
  return out(text + "</p></footer>\n<script>" + std::string(page_script()) + "</script>\n</body>\n</html>\n");
}

}  // namespace html_detail

namespace format {
const Format& html() {
  static constexpr Format kOne = {"html", "a page for people, in one file", &html_detail::render};
  return kOne;
}
}  // namespace format
}  // namespace eclair::report
