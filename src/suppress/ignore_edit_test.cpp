// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/ignore_edit.h"

#include <doctest/doctest.h>

namespace eclair::suppress {
namespace ignore_edit_test_detail {

constexpr const char* kFile =
    "# ours\nversion: 1\nignore:\n  # the first\n  - id: CVE-1\n    reason: a   # why\n\n  # the second,\n  # in two lines\n  - id: CVE-2\n    reason: b\n    expires: 2026-01-01\n\n# the end\n"
    "require_reason: true\n";

std::string added(std::string_view document, const NewEntry& entry, const std::string& file = "f.yaml") {
  const auto got = with_entry(document, file, entry);
  return got ? *got : "error: " + got.error().text;
}
std::string removed(std::string_view document, const std::vector<std::uint32_t>& lines) {
  const auto got = without_entries(document, "f.yaml", lines);
  return got ? *got : "error: " + got.error().text;
}

}  // namespace ignore_edit_test_detail
using namespace ignore_edit_test_detail;

TEST_CASE("an entry is added where the list ends; all else stays") {
  const NewEntry entry{.id = "CVE-3", .reason = "say \"no\" \\ #", .expires = "2026-12-31", .justification = "component_not_present", .owner = "me", .ticket = {}, .packages = {"pkg:deb/debian/zlib1g"},
                       .paths = {}, .images = {}};
  const std::string lines = "  - id: CVE-3\n    reason: \"say \\\"no\\\" \\\\ #\"\n    expires: 2026-12-31\n    status: not_affected\n    justification: component_not_present\n"
                            "    packages: [\"pkg:deb/debian/zlib1g\"]\n    owner: \"me\"\n";
  std::string want(kFile);
  want.insert(want.find("\n# the end"), lines);
  CHECK(added(kFile, entry) == want);
  CHECK(added("", entry) == "version: 1\nignore:\n" + lines);
  CHECK(added("# mine\n", entry) == "# mine\nversion: 1\nignore:\n" + lines);
  CHECK(added("version: 1\nignore: []\n", entry) == "version: 1\nignore:\n" + lines);
  CHECK(added("version: 1\n", entry) == "version: 1\nignore:\n" + lines);
  // At the margin, as some write it, and without a line end.
  CHECK(added("ignore:\n- id: CVE-1\n  reason: r", {.id = "CVE-2", .reason = "s"}) == "ignore:\n- id: CVE-1\n  reason: r\n- id: CVE-2\n  reason: \"s\"\n");
  CHECK(added("CVE-1\n", {.id = "CVE-2", .reason = "s", .expires = "2026-12-31"}, ".eclairignore") == "CVE-1\nCVE-2 exp:2026-12-31 # s\n");
  CHECK(added("", {.id = "CVE-2", .reason = "s"}, ".eclairignore") == "CVE-2 # s\n");
}

TEST_CASE("what cannot be added is an error") {
  CHECK(added("ignore: [{id: CVE-1, reason: r}]\n", {.id = "CVE-2", .reason = "s"}) == "error: f.yaml: its list is written on one line");
  CHECK(added(kFile, {.id = "CVE-3"}).find("has no reason") != std::string::npos);
  CHECK(added(kFile, {.id = "CVE-3", .reason = "r", .expires = "soon"}).find("is no day") != std::string::npos);
  CHECK(added("general: [CVE-1]\n", {.id = "CVE-2", .reason = "s"}) == "error: f.yaml: a file of klar white list, which is only read");
  CHECK(added("CVE-1\n", {.id = "CVE-2", .owner = "me"}, ".eclairignore").substr(0, 6) == "error:");
}

TEST_CASE("entries go with the comments above them, and the others keep theirs") {
  CHECK(removed(kFile, {5}) == "# ours\nversion: 1\nignore:\n  # the second,\n  # in two lines\n  - id: CVE-2\n    reason: b\n    expires: 2026-01-01\n\n# the end\nrequire_reason: true\n");
  CHECK(removed(kFile, {10}) == "# ours\nversion: 1\nignore:\n  # the first\n  - id: CVE-1\n    reason: a   # why\n\n\n# the end\nrequire_reason: true\n");
  CHECK(removed(kFile, {5, 10}) == "# ours\nversion: 1\nignore:\n\n# the end\nrequire_reason: true\n");
  CHECK(removed(kFile, {}) == kFile);
  CHECK(removed("# c\nCVE-1\nCVE-2\n", {2}) == "# c\nCVE-2\n");
}

}  // namespace eclair::suppress
