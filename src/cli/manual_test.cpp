// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/manual.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "cli/config_defaults.h"
#include "cli/config_file.h"
#include "cli/next_step.h"
#include "cli/option_table.h"
#include "cli/recent.h"
#include "support/folder.h"
#include "support/report_sample.h"
#include "util/text.h"

namespace eclair::cli {
namespace manual_test_detail {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace manual_test_detail
using namespace manual_test_detail;

TEST_CASE("there is a page for every command that is shown, and one of the settings") {
  for (const std::string& name : manual_names(commands())) {
    CAPTURE(name);
    const std::string page = manual_named(name, commands(), "1.2.3");
    CHECK(has(page, "\n.TH ECLAIR"));
    CHECK(has(page, "\"eclair 1.2.3\""));
    CHECK(has(page, "\n.SH NAME\neclair"));
    for (const std::string_view line : text::split(page, '\n')) CHECK((line.empty() || line.back() != ' '));
  }
  CHECK(manual_named("eclair-debug-version-compare.1", commands(), "1").empty());
  CHECK(manual_named("ls.1", commands(), "1").empty());
  const std::string scan = manual_named("eclair-scan.1", commands(), "1.2.3");
  CHECK(has(scan, "eclair\\-scan \\- tells which vulnerabilities threaten an image\n"));
  CHECK(has(scan, ".TP\n\\fB\\-s\\fR, \\fB\\-\\-severity\\fR \\fILIST\\fR\n"));
  CHECK(has(manual_named("eclair-config.5", commands(), "1"), ".TP\n\\fBfail\\-on\\fR\n"));
}

TEST_CASE("the file of defaults names every key, is all comments, and means what is so anyway") {
  const std::string defaults = config_defaults();
  for (const Option& option : options()) {
    if (option.config.find('.') == std::string_view::npos || option.hidden || option.config.starts_with("feeds.")) continue;
    CAPTURE(option.name);
    CHECK(has(defaults, "\n#  " + std::string(text::cut(text::words(option.config).front(), '.').second) + ":"));
  }
  std::string taken;  // with the # away, as the file says
  for (const std::string_view line : text::split(defaults, '\n')) {
    CHECK((line.empty() || text::trim(line).front() == '#'));
    CHECK(line.size() <= 110);
    if (line.starts_with("#") && !line.starts_with("# ")) taken += std::string(line.substr(1)) + "\n";
    if (line.starts_with("#  ")) taken += std::string(line.substr(1)) + "\n";
  }
  Settings settings;
  const Settings untouched;
  ConfigNotes notes;
  const auto read = read_config(taken.substr(0, taken.find("\nfeeds:")), "defaults.yaml", Origin::user_file, settings, notes);
  CAPTURE((read ? std::string() : read.error().text));
  REQUIRE(read);
  for (const Option& option : options()) {
    CAPTURE(option.name);
    if (option.kind != Kind::flag || !option.fallback.empty()) CHECK(settings.text(option.name) == untouched.text(option.name));
  }
}

TEST_CASE("somebody new is told another next step each time, three times in all") {
  const report::Report report = test::sample();
  CHECK(next_step(report, "alpine:3.19", 0) == "eclair explain CVE-2024-37371 alpine:3.19   # why, from which layer, and what fixes it");
  CHECK(has(next_step(report, "alpine:3.19", 1), "--fail-on high,fixable"));
  CHECK(has(next_step(report, "alpine:3.19", 2), "-f json=report.json"));
  CHECK(next_step(report, "alpine:3.19", 3).empty());
  report::Report clean = report;
  clean.findings.clear();
  CHECK(has(next_step(clean, "alpine:3.19", 0), "eclair layers alpine:3.19"));
  // Nothing is suggested that a shell would read otherwise.
  for (const char* const bad : {"a b", "$(x)", "-x", "a;b", "", "a'b"}) CHECK(next_step(report, bad, 0).empty());
}

TEST_CASE("images that were scanned are remembered, the last first, each once, a few") {
  const test::Folder folder;
  CHECK(recent_images(folder.path).empty());
  for (const char* const one : {"a", "b", "a", "-", "", "bad\nname", "c"}) remember_image(folder.path, one);
  CHECK(recent_images(folder.path) == std::vector<std::string>{"c", "a", "b"});
  for (int i = 0; i < 60; ++i) remember_image(folder.path, "image" + std::to_string(i));
  CHECK(recent_images(folder.path).size() == kMostRecent);
  CHECK(recent_images(folder.path).front() == "image59");
  CHECK(suggestions_made(folder.path) == 0);
  count_suggestion(folder.path);
  count_suggestion(folder.path);
  CHECK(suggestions_made(folder.path) == 2);
  remember_image(folder.path + "/nowhere", "x");  // where nothing can be written, nothing is
}

}  // namespace eclair::cli
