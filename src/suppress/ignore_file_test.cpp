// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/ignore_file.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair::suppress {
namespace ignore_file_test_detail {

constexpr const char* kAll = R"(# accepted by the platform team
version: 1
ignore:
  - id: CVE-2023-45853
    reason: "minizip is not built"
    expires: 2026-12-31
    status: not_affected
    justification: vulnerable_code_not_present
    packages: ["pkg:deb/debian/zlib1g", "lib*"]
    paths: ["/usr/lib/**"]
    images: ["registry.example.com/shop/*"]
    layers: base
    owner: platform-team
    ticket: https://tracker/4711

  - id: CVE-2024-1
    reason: second
)";

std::string error_of(const std::string& document) {
  const auto read = read_ignore_file(document, "f");
  return read ? "" : read.error().text;
}

}  // namespace ignore_file_test_detail
using namespace ignore_file_test_detail;

TEST_CASE("our own form with everything in it") {
  const auto read = read_ignore_file(kAll, ".eclairignore.yaml");
  REQUIRE(read);
  CHECK(read->shape == Shape::own);
  REQUIRE(read->source.statements.size() == 2);
  const Statement& one = read->source.statements[0];
  CHECK(one.ids == std::vector<std::string>{"cve-2023-45853"});
  CHECK(one.by.line == 4);
  CHECK(one.by.rule == "CVE-2023-45853");
  CHECK(one.by.reason == "minizip is not built");
  CHECK(one.by.expires == "2026-12-31");
  CHECK(rfc3339(one.expires) == "2027-01-01T00:00:00Z");  // that day included
  CHECK(one.by.status == "not_affected");
  CHECK(one.by.justification == "vulnerable_code_not_present");
  REQUIRE(one.packages.size() == 1);
  CHECK(one.packages[0].name == "zlib1g");
  CHECK(one.names == std::vector<std::string>{"lib*"});
  CHECK(one.paths == std::vector<std::string>{"usr/lib/**"});
  CHECK(one.layer.kind == report::LayerChoice::Kind::base);
  CHECK(one.by.owner == "platform-team");
  CHECK(one.by.ticket == "https://tracker/4711");
  CHECK(read->source.statements[1].by.line == 16);
  CHECK(read->source.statements[1].expires == 0);
}

TEST_CASE("lines, as Trivy has them too") {
  const auto read = read_ignore_file("# a comment\n\nCVE-2024-1\nCVE-2024-2 exp:2026-01-31   # not reachable\r\nGHSA-x#y\n", ".eclairignore");
  REQUIRE(read);
  CHECK(read->shape == Shape::plain);
  REQUIRE(read->source.statements.size() == 3);
  CHECK(read->source.statements[0].by.line == 3);
  CHECK(read->source.statements[1].by.reason == "not reachable");
  CHECK(rfc3339(read->source.statements[1].expires) == "2026-02-01T00:00:00Z");
  CHECK(read->source.statements[2].by.rule == "GHSA-x#y");
}

TEST_CASE("the forms of others are known by their content") {
  const auto trivy = read_ignore_file("vulnerabilities:\n  - id: CVE-2024-1\n    paths: [usr/local/*]\n    purls: ['pkg:pypi/jinja2@3.1.2']\n    expired_at: 2026-01-31\n"
                                      "    statement: fine\nsecrets:\n  - id: x\n", "t");
  REQUIRE(trivy);
  CHECK(trivy->shape == Shape::trivy);
  CHECK(trivy->source.statements[0].packages[0].version == "3.1.2");
  CHECK(trivy->source.statements[0].by.reason == "fine");
  CHECK(trivy->source.warnings.size() == 1);

  const auto clairctl = read_ignore_file("generalwhitelist:\n  CVE-2024-1: because\nimages:\n  ubuntu:\n    CVE-2024-2: here\n", "c");
  REQUIRE(clairctl);
  CHECK(clairctl->shape == Shape::clairctl);
  REQUIRE(clairctl->source.statements.size() == 2);
  CHECK(clairctl->source.statements[0].by.reason == "because");
  CHECK(clairctl->source.statements[0].images.empty());
  CHECK(clairctl->source.statements[1].images == std::vector<std::string>{"ubuntu"});
  CHECK(clairctl->source.statements[1].distributions == std::vector<std::string>{"ubuntu"});
  CHECK(clairctl->source.statements[1].by.line == 5);

  for (const char* text : {"general: [CVE-2024-1]\nimages:\n  a/b: [CVE-2024-2]\n", "images:\n  a/b:\n    - CVE-2024-2\ngeneral:\n  - CVE-2024-1\n"}) {
    const auto klar = read_ignore_file(text, "k");
    REQUIRE(klar);
    CHECK(klar->shape == Shape::klar);
    CHECK(klar->source.statements.size() == 2);
  }
  const auto only_images = read_ignore_file("images:\n  a/b: [CVE-2024-2]\n", "k");
  REQUIRE(only_images);
  CHECK(only_images->shape == Shape::klar);
}

TEST_CASE("entries of a configuration file") {
  const auto read = read_ignores_of_config("scan:\n  platform: linux/amd64\nignore:\n  - id: CVE-1\n    reason: r\n", ".eclair.yaml");
  REQUIRE(read);
  CHECK(read->source.statements.size() == 1);
  const auto none = read_ignores_of_config("scan:\n  platform: linux/amd64\n", ".eclair.yaml");
  REQUIRE(none);
  CHECK(none->source.statements.empty());
}

TEST_CASE("what is wrong is told with its place") {
  struct {
    std::string document, want;
  } const kCases[] = {
      {"", ""},
      {"version: 1\n", ""},
      {"version: 1\nignore:\n", ""},
      {"version: 1\nrequire_reason: false\nignore:\n  - id: CVE-1\n", ""},
      {"version: 2\nignore: []\n", "f:1: version 2 of the ignore file; this program knows 1"},
      {"ignore:\n  - reason: x\n", "f:2:5: an entry without \"id\""},
      {"ignore:\n  - id: CVE-1\n", "f:2:5: the entry for CVE-1 has no reason"},
      {"ignore:\n  - id: CVE-1\n    reson: x\n", "f:3:5: unknown key \"reson\"; did you mean reason?"},
      {"ignore:\n  - id: CVE-1\n    reason: x\n    expires: soon\n", "f:4:14: \"soon\" is no day"},
      {"ignore:\n  - id: CVE-1\n    reason: x\n    layers: upper\n", "f:4:13: \"upper\" is not base, own or a layer's digest (sha256:...)"},
      {"ignore:\n  - id: CVE-1\n    reason: x\n    status: affected\n", "f:4:13: \"affected\" is not accepted, not_affected or fixed"},
      {"ignore:\n  - id: CVE-1\n    reason: x\n    justification: component_not_present\n", "f:4:20: a justification needs \"status: not_affected\""},
      {"ignore:\n  - id: CVE-1\n    reason: x\n    packages: ['pkg:deb']\n", "f:4:16: pkg:deb is no package URL: there is no type, or no name"},
      {"ignores: []\n", "f:1:1: unknown key \"ignores\"; did you mean ignore?"},
      {"ignore: {a: b}\n", "f:1:9: \"ignore\" needs a list of entries"},
      {"- CVE-1\n", "f:1:1: not an ignore file: no \"ignore:\" with a list of entries"},
      {"ignore: [\n", "f:2:1: not YAML: end of sequence flow not found"},
      {"CVE-1 until:2026\n", "f:1: \"until:2026\" is not understood"},
      {"CVE-1 exp:31.12.2026\n", "f:1: \"31.12.2026\" is no day"},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.document);
    CHECK(error_of(one.document) == one.want);
  }
}

}  // namespace eclair::suppress
