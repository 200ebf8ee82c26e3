// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/analysis.h"
#include "cli/compat/arguments.h"
#include "cli/compat/classic_image.h"
#include "cli/compat/go_text.h"
#include "cli/compat/verb.h"
#include "cli/compat/white_list.h"
#include "util/text.h"

/// clairctl of Clair 4: a line for each finding, and never a code for it.
/// source: quay/clair v4.9: cmd/clairctl/report.go, textformatter.go, jsonformatter.go, xmlformatter.go
namespace eclair::cli::compat {
namespace clairctl_v4_detail {

constexpr int kFailed = 1;

constexpr std::string_view kHelp =
    "Usage: clairctl report [--out text|json|xml] IMAGE...\n"
    "\n"
    "  -o, --out FORMAT      text, json (Clair's report), xml (JUnit)\n"
    "  -k, --keep-going      of several images, leave out those that cannot be read\n"
    "      --host URL        an Eclair server that keeps and judges the images; also CLAIR_API\n"
    "      --novel, --config, --issuer, -D and -q are taken\n"
    "\n"
    "Exit codes: 0 whatever was found, 1 an error.\n";

constexpr Flag kFlags[] = {{"out", 'o'},      {"keep-going", 'k', false}, {"novel", '\0', false}, {"host"}, {"config", 'c'}, {"issuer iss"},
                           {"D", 'D', false}, {"q", 'q', false},          {"help", 'h', false}};

/// By package, in the order of the report.
std::map<std::uint32_t, std::vector<const Finding*>> by_package(const report::Report& report) {
  std::map<std::uint32_t, std::vector<const Finding*>> out;
  for (const Finding& one : report.findings) {
    if (report.inventory.packages[one.package].removed_in == 0) out[one.package].push_back(&one);
  }
  return out;
}

std::string as_text(const report::Report& report, const std::string& target) {
  const std::size_t slash = target.find_last_of('/');
  const std::string name = text::clean(slash == std::string::npos ? target : target.substr(slash + 1));
  std::vector<std::vector<std::string>> rows;
  for (const auto& [package, findings] : by_package(report)) {
    const PackageVersion& of = report.inventory.packages[package].package;
    for (const Finding* const one : findings) {
      std::vector<std::string> row = {name, "found", text::clean(of.name), text::clean(of.version), text::clean(one->vulnerability)};
      if (!one->fixed_in.empty()) row.push_back("(fixed: " + text::clean(one->fixed_in) + ")");
      rows.push_back(std::move(row));
    }
  }
  if (rows.empty()) rows.push_back({name, "ok"});
  return tab_aligned(rows);
}

std::string as_suite(const report::Report& report, const std::string& target) {
  const auto findings = by_package(report);
  std::size_t packages = 0;
  std::string cases;
  for (std::uint32_t i = 0; i < report.inventory.packages.size(); ++i) {
    const Occurrence& one = report.inventory.packages[i];
    if (one.removed_in != 0) continue;
    ++packages;
    cases += "<testcase name=\"" + xml_escaped(one.package.name + " " + one.package.version) + "\">";
    if (const auto found = findings.find(i); found != findings.end()) {
      std::string text = "Found the following vulnerabilities:";
      for (const Finding* const finding : found->second) text += "\n\t" + finding->vulnerability;
      cases += "<failure>" + xml_escaped(text) + "</failure>";
    }
    cases += "</testcase>";
  }
  return "<testsuite name=\"" + xml_escaped(target) + "\" tests=\"" + std::to_string(packages) + "\" errors=\"0\" failures=\"" +
         std::to_string(findings.size()) + "\"><properties><property name=\"manifest\" value=\"" + xml_escaped(report.image.digest.text) +
         "\"></property></properties>" + cases + "</testsuite>";
}

/// Clair's own document, which the format of that name writes. Several follow each other without a separator.
Result<std::string> as_json(const Invocation& call, report::Report report) {
  const report::Format& format = *report::find_format("clair-v4");
  report::Document document;
  document.reports.push_back(std::move(report));
  report::View view = view_of(call);
  view.terminal = view.color = false;
  std::string out;
  ECLAIR_CHECK_OK(format.render(document, view, [&](std::string_view piece) -> Result<> {
    out += piece;
    return {};
  }));
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

/// The address of a server, and how much is told, where the command line or CLAIR_API says so.
Result<Settings> settings(const Invocation& call, const Arguments& arguments) {
  Settings out = call.settings;
  const char* const variable = std::getenv("CLAIR_API");
  const std::string host = arguments.text("host", variable == nullptr ? "" : variable);
  if (!host.empty()) ECLAIR_CHECK_OK(out.put(find_option("server"), host, Origin::flag, arguments.given("host") ? "--host" : "CLAIR_API"));
  return out;
}

Result<int> report_all(const Invocation& call, const Arguments& arguments) {
  const std::string format = arguments.text("out", "text");
  if (format != "text" && format != "json" && format != "xml")
    return fail(Errc::invalid_input, "unrecognized output format " + text::quoted(format));
  if (arguments.rest().empty()) return fail(Errc::invalid_input, "missing needed arguments");
  const bool keep_going = arguments.flag("keep-going") && arguments.rest().size() > 1;
  ECLAIR_TRY(WhiteList set_aside, WhiteList::read(call, ""));  // it has no white lists of its own
  std::string out = format == "xml" ? "<testsuites>" : "";
  for (const std::string& target : arguments.rest()) {
    auto report = scanned(call, target).and_then([&](report::Report found) { return set_aside.applied(call, target, std::move(found)); });
    if (!report) {
      if (!keep_going || report.error().code == Errc::cancelled) return fail(std::move(report).error());
      call.console.error(report.error());
      continue;
    }
    if (format == "text") {
      out += as_text(*report, target);
    } else if (format == "xml") {
      out += as_suite(*report, target);
    } else {
      ECLAIR_TRY(const std::string document, as_json(call, *std::move(report)));
      out += document;
    }
  }
  if (format == "xml") out += "</testsuites>";
  ECLAIR_CHECK_OK(call.console.print(out));
  return 0;
}

Result<int> run(const Invocation& call) {
  ECLAIR_TRY(const Arguments all, Arguments::read(call.arguments, kFlags));
  if (all.flag("help") || all.rest().empty() || all.rest().front() == "help") {
    ECLAIR_CHECK_OK(call.console.print(kHelp));
    return 0;
  }
  if (all.rest().front() != "report") {
    return fail(Error{Errc::unsupported, "clairctl " + text::quoted(all.rest().front()) + " has no counterpart here",
                      "report has; offline data: eclair db export --clair, eclair db import; configurations: eclair config check"});
  }
  // The command's own word goes, wherever it stands.
  std::vector<std::string> words = call.arguments;
  words.erase(std::find(words.begin(), words.end(), "report"));
  ECLAIR_TRY(const Arguments arguments, Arguments::read(words, kFlags));
  ECLAIR_TRY(const Settings with, settings(call, arguments));
  return report_all({with, call.arguments, call.console, call.stop, call.version}, arguments);
}

}  // namespace clairctl_v4_detail

namespace verb {
const Verb& clairctl_v4() {
  static constexpr Verb kOne = {.name = "clairctl-v4",
                                .purpose = "Clair 4's clairctl: a line for each finding, Clair's JSON, JUnit.",
                                .help = clairctl_v4_detail::kHelp,
                                .error_code = clairctl_v4_detail::kFailed,
                                .run = &clairctl_v4_detail::run};
  return kOne;
}
}  // namespace verb
}  // namespace eclair::cli::compat
