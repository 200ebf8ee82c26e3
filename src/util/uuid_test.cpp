// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "util/uuid.h"

#include <doctest/doctest.h>

#include <string>

namespace eclair {

TEST_CASE("UUIDs by name") {
  // RFC 9562, appendix A.4: "www.example.com" below the namespace of host names
  const std::string dns("\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8", 16);
  CHECK(util_detail::uuid5(dns, "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  CHECK(uuid5("a") == uuid5("a"));
  CHECK(uuid5("a") != uuid5("b"));
  CHECK(uuid5("").size() == 36);
}

}  // namespace eclair
