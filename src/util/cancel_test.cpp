// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/cancel.h"

#include <doctest/doctest.h>

using namespace eclair;

TEST_CASE("a part of a work ends with the whole, or by itself") {
  Cancel whole;
  Cancel part(&whole), other(&whole);
  part.request();
  CHECK(part.requested());
  CHECK_FALSE(whole.requested());
  CHECK_FALSE(other.requested());
  whole.request();
  CHECK(other.requested());
}
