// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/image_names.h"

#include <doctest/doctest.h>

#include "support/report_sample.h"
#include "util/text.h"

namespace eclair::report {

TEST_CASE("what an image is called, in full and as people write it") {
  struct {
    std::string name, want;
  } const kCases[] = {
      {"alpine", "alpine docker.io/library/alpine:latest docker.io/library/alpine alpine:latest"},
      {"debian:12-slim", "debian:12-slim docker.io/library/debian:12-slim docker.io/library/debian debian"},
      {"index.docker.io/alpine:3", "index.docker.io/alpine:3 docker.io/library/alpine:3 docker.io/library/alpine alpine:3 alpine"},
      {"bitnami/redis:7", "bitnami/redis:7 docker.io/bitnami/redis:7 docker.io/bitnami/redis bitnami/redis"},
      {"localhost:5000/a:1", "localhost:5000/a:1 localhost:5000/a"},
      {"ghcr.io/a/b@sha256:00", "ghcr.io/a/b@sha256:00 ghcr.io/a/b"},
      {"./image.tar", "./image.tar"},
      {"", ""},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.name);
    Report report = test::sample();
    report.image.name = one.name;
    CHECK(text::join(image_names(report), " ") == one.want);
  }
}

TEST_CASE("patterns that name the sample, and those that do not") {
  const Report report = test::sample();
  for (const char* pattern : {"registry.example.com/shop/*", "registry.example.com/**", "registry.example.com/shop/api", "registry.example.com/shop/api:1.*"}) {
    CAPTURE(pattern);
    CHECK(is_named(report, pattern));
  }
  for (const char* pattern : {"registry.example.com/*", "shop/api", "api", "registry.example.com/shop/api:1.5"}) {
    CAPTURE(pattern);
    CHECK_FALSE(is_named(report, pattern));
  }
}

}  // namespace eclair::report
