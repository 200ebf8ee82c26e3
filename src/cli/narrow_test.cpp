// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/narrow.h"

#include <doctest/doctest.h>

#include "cli/parse.h"
#include "support/report_sample.h"
#include "util/text.h"

namespace eclair::cli {
namespace narrow_test_detail {

struct Narrowed {
  std::string packages, notes;
};

Narrowed narrowed(std::string_view line) {
  Settings settings;
  const std::vector<std::string_view> arguments = text::words(line);
  REQUIRE(parse_command_line(arguments, settings));
  report::Report report = test::sample();
  const auto done = narrow(settings, report.inventory);
  if (!done) return {"error", done.error().text};
  tell_narrowing(report);
  Narrowed out;
  for (const Occurrence& one : report.inventory.packages) out.packages += (out.packages.empty() ? "" : " ") + one.package.name;
  for (const Coverage& one : report.coverage) {
    CHECK_FALSE(one.incomplete);
    CHECK_FALSE(report::means_not_judged(one));
    out.notes += (out.notes.empty() ? "" : "; ") + one.message;
  }
  return out;
}

constexpr const char* kAll = "libgnutls30 libkrb5-3 zlib1g requests";

}  // namespace narrow_test_detail
using namespace narrow_test_detail;

TEST_CASE("packages are left out by where they are and by their kind, and it is told") {
  struct {
    const char *line, *packages, *notes;
  } const kCases[] = {
      {"", kAll, ""},
      {"--exclude app/**", "libgnutls30 libkrb5-3 zlib1g", "1 package left out by --exclude app/**"},
      {"--exclude /app/", "libgnutls30 libkrb5-3 zlib1g", "1 package left out by --exclude app"},
      {"--skip-dirs app", "libgnutls30 libkrb5-3 zlib1g", "1 package left out by --exclude app"},
      {"--skip-files ./var/lib/dpkg/status", "requests", "3 packages left out by --exclude var/lib/dpkg/status"},
      {"--exclude ap", kAll, ""},
      {"--exclude **/METADATA,nothing", "libgnutls30 libkrb5-3 zlib1g", "1 package left out by --exclude **/METADATA,nothing"},
      {"--exclude /", kAll, ""},
      {"--pkg-types os", "libgnutls30 libkrb5-3 zlib1g", "1 package left out by --pkg-types os"},
      {"--vuln-type library", "requests", "3 packages left out by --pkg-types library"},
      {"--pkg-types os,library", kAll, ""},
      {"--distro Ubuntu:22.04", kAll, "judged as ubuntu 22.04 because of --distro; the image says debian 12"},
      {"--distro debian", "error", "--distro debian: not ID:VERSION"},
      {"--distro a:b:c", "error", "--distro a:b:c: not ID:VERSION"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.line);
    const Narrowed got = narrowed(one.line);
    CHECK(got.packages == one.packages);
    CHECK(got.notes == one.notes);
  }
}

TEST_CASE("a package of several files goes when all of them go") {
  Settings settings;
  const std::vector<std::string_view> arguments = {"--exclude", "a/**"};
  REQUIRE(parse_command_line(arguments, settings));
  report::Report report = test::sample();
  report.inventory.packages[0].paths = {"a/x", "b/x"};
  report.inventory.packages[1].paths = {"a/x", "a/y/z"};
  report.inventory.packages[2].paths = {};
  REQUIRE(narrow(settings, report.inventory));
  CHECK(report.inventory.packages.size() == 3);
  CHECK(report.inventory.packages[0].package.name == "libgnutls30");
}

TEST_CASE("a distribution in the forms that other scanners use") {
  for (const char* const word : {"alpine:3.19", "alpine/3.19", "alpine@3.19", "Alpine:3.19"}) {
    CAPTURE(word);
    const auto got = parse_distribution(word);
    REQUIRE(got);
    CHECK(got->id == "alpine");
    CHECK(got->version == "3.19");
  }
}

}  // namespace eclair::cli
