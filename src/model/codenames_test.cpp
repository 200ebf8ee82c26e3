// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "model/codenames.h"

#include <doctest/doctest.h>

using namespace eclair;

TEST_CASE("codenames and numbers of releases, both ways") {
  const struct {
    const char *distribution, *codename, *number;
  } table[] = {{"debian", "jessie", "8"}, {"debian", "bookworm", "12"}, {"debian", "duke", "15"}, {"ubuntu", "trusty", "14.04"}, {"ubuntu", "noble", "24.04"}};
  for (const auto& row : table) {
    CAPTURE(row.codename);
    CHECK(release_of_codename(row.distribution, row.codename) == row.number);
    CHECK(codename_of_release(row.distribution, row.number) == row.codename);
  }
  CHECK(release_of_codename("debian", "noble") == "");
  CHECK(release_of_codename("ubuntu", "bookworm") == "");
  CHECK(release_of_codename("debian", "sid") == "");
  CHECK(codename_of_release("debian", "24.04") == "");
  CHECK(release_of_codename("fedora", "") == "");
}
