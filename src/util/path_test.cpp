// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/path.h"

#include <doctest/doctest.h>

using namespace eclair;

TEST_CASE("names are cleaned as a chroot would resolve them") {
  const std::pair<const char*, const char*> table[] = {
      {"", ""}, {"/", ""}, {"./", ""}, {"a", "a"}, {"/a/", "a"}, {"./a//b/./c", "a/b/c"}, {"../../a", "a"}, {"a/../../b", "b"}, {"..", ""}, {"...", "..."},
      {"a/b/..", "a"},
  };
  for (const auto& [raw, want] : table) {
    const auto& this_raw = raw;  // clang cannot capture a binding
    CAPTURE(this_raw);
    CHECK(path::clean(raw) == want);
  }
}

TEST_CASE("suffixes and folders count whole components") {
  CHECK(path::ends_with("usr/lib/apk/db/installed", "apk/db/installed"));
  CHECK(path::ends_with("apk/db/installed", "apk/db/installed"));
  CHECK_FALSE(path::ends_with("xapk/db/installed", "apk/db/installed"));
  CHECK(path::is_below("a/b", "a"));
  CHECK(path::is_below("a", "a"));
  CHECK(path::is_below("a", ""));
  CHECK_FALSE(path::is_below("ab", "a"));
  CHECK(path::parent("a/b/c") == "a/b");
  CHECK(path::parent("a").empty());
  CHECK(path::base_name("a/b") == "b");
}
