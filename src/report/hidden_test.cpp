// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/hidden.h"

#include <doctest/doctest.h>

#include <random>

#include "support/report_sample.h"

namespace eclair::report {
namespace hidden_test_detail {

std::string told(const Report& report, const View& view) {
  std::string out;
  for (const Hidden& one : hidden_by(report, view)) out += (out.empty() ? "" : "; ") + one.what + " " + std::to_string(one.count) + " " + one.how;
  return out;
}

}  // namespace hidden_test_detail
using namespace hidden_test_detail;

TEST_CASE("each filter tells what it hides and how to see it") {
  Report report = test::sample();
  report.base = BaseImage{"", "", 1, "option"};
  report.findings[0].text.exploited = Exploited{};
  report.findings[0].text.epss = Epss{0.5, -1, 0};
  const auto with = [&](auto change) {
    View view;
    change(view);
    return told(report, view);
  };
  CHECK(with([](View&) {}) == "");
  CHECK(with([](View& v) { v.severities = {Severity::high, Severity::critical}; }) == "Unknown, Negligible and Medium 3 with --severity all");
  CHECK(with([](View& v) { v.ignore_unfixed = true; }) == "Without a fix 3 with --no-ignore-unfixed");
  CHECK(with([](View& v) { v.only_unfixed = true; }) == "With a fix 3 with --no-only-unfixed");
  CHECK(with([](View& v) { v.hidden_statuses = {Status::will_not_fix, Status::fixed}; }) == "Of status will not fix and fixed 4 without --ignore-status");
  CHECK(with([](View& v) { v.layer.kind = LayerChoice::Kind::own; }) == "Layers of the base image 5 without --layer");
  CHECK(with([](View& v) { v.layer.kind = LayerChoice::Kind::base; }) == "Own layers 1 without --layer");
  CHECK(with([](View& v) { v.only_exploited = true; }) == "Not known to be exploited 5 with --no-kev");
  CHECK(with([](View& v) { v.min_epss = 0.1; }) == "EPSS below 0.1 5 with --min-epss 0");
  CHECK(with([](View& v) { v.min_cvss = 7.5; }) == "CVSS below 7.5 5 with --min-cvss 0");
  CHECK(with([](View& v) { v.packages = {"zlib"}; }) == "Other packages 5 without --pkg");
  CHECK(with([](View& v) { v.ids = {"ghsa-xxxx"}; }) == "Other vulnerabilities 5 without --id");
  // Each finding is counted by the first filter that hides it.
  CHECK(with([](View& v) {
          v.severities = {Severity::high, Severity::critical};
          v.ignore_unfixed = true;
        }) == "Unknown, Negligible and Medium 3 with --severity all; Without a fix 1 with --no-ignore-unfixed");
}

TEST_CASE("what is shown and what is hidden are all there is, under any filters") {
  std::mt19937 random(20260821);
  INFO("seed 20260821");
  Report report = test::sample();
  report.base = BaseImage{"", "", 1, "option"};
  for (Finding& one : report.findings) {
    if (random() % 2 == 0) one.text.epss = Epss{static_cast<double>(random() % 100) / 100, -1, 0};
    if (random() % 3 == 0) one.text.exploited = Exploited{};
  }
  for (int round = 0; round < 500; ++round) {
    View view;
    const auto coin = [&] { return random() % 3 == 0; };
    if (coin()) view.severities = {static_cast<Severity>(random() % 6), static_cast<Severity>(random() % 6)};
    view.ignore_unfixed = coin();
    view.only_unfixed = coin();
    if (coin()) view.hidden_statuses = {static_cast<Status>(random() % 8)};
    if (coin()) view.layer = {static_cast<LayerChoice::Kind>(random() % 4), static_cast<std::uint32_t>(random() % 4), ""};
    view.only_exploited = coin();
    if (coin()) view.min_epss = static_cast<double>(random() % 100) / 100;
    if (coin()) view.min_cvss = static_cast<double>(random() % 10);
    if (coin()) view.packages = {"zlib1g", "krb5"};
    if (coin()) view.ids = {"CVE-2024-37371"};
    std::uint64_t all = shown_findings(report, view).size();
    for (const Hidden& one : hidden_by(report, view)) all += one.count;
    CHECK(all == report.findings.size());
  }
}

}  // namespace eclair::report
