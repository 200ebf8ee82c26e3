// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/report_form.h"

#include <doctest/doctest.h>

#include "support/report_sample.h"

namespace eclair::report {

TEST_CASE("a report goes from one program to another, and is shown as it would have been") {
  Report sent = test::sample();
  sent.inventory.deltas.clear();
  sent.inventory.notes = {{"unreadable", "var/lib/rpm", "cannot be read"}};
  sent.coverage = {test::coverage("stale", "6 days old", 3, true)};
  sent.judged_at = sent.generated_at - 86400;
  sent.eol = match::EndOfLife{"2020-01-01", true};
  sent.findings[1].text.epss = Epss{0.5, 0.9, 1'787'000'000};
  sent.findings[1].text.exploited = Exploited{1, 2, true};
  sent.image.history[0].not_analysed = "foreign layer";
  sent.inventory.packages[0].repositories = {"esm-infra"};
  sent.inventory.packages[0].locked = true;
  const std::string bytes = encode(sent);
  const auto arrived = decode_report(bytes);
  REQUIRE(arrived);
  CHECK(encode(*arrived) == bytes);
  for (const std::string_view format : {"json", "table"}) {
    Document here, there;
    here.reports.push_back(sent);
    there.reports.push_back(*arrived);
    View view;
    view.list_packages = true;
    CHECK(test::rendered(format, there, view) == test::rendered(format, here, view));
  }
  CHECK(arrived->inventory.had_package_database);
  CHECK(arrived->feeds[0].namespaces == sent.feeds[0].namespaces);
}

TEST_CASE("a damaged report is none") {
  const std::string bytes = encode(test::sample());
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(decode_report(std::string_view(bytes).substr(0, n)));
  CHECK(decode_report("\x02").error().code == Errc::unsupported);
}

}  // namespace eclair::report
