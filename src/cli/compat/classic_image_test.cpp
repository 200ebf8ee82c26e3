// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/compat/classic_image.h"

#include <doctest/doctest.h>

#include "support/report_sample.h"

namespace eclair::cli::compat {
namespace classic_image_test_detail {

std::string shown(const std::vector<ClassicFeature>& features) {
  std::string out;
  for (const ClassicFeature& one : features) {
    out += one.name + " " + one.version + " " + one.name_space + " " + std::to_string(one.layer) + ":";
    for (const auto& v : one.vulnerabilities) out += " " + v.name + "/" + std::string(priority_of(v));
    out += "\n";
  }
  return out;
}

}  // namespace classic_image_test_detail
using namespace classic_image_test_detail;

TEST_CASE("packages of one source are one feature, with each vulnerability once") {
  report::Report report = test::sample();
  report.inventory.packages = {test::occurrence("libssl3", "3.0.1-1", 1, "openssl"), test::occurrence("openssl", "3.0.1-1", 1),
                               test::occurrence("openssl-doc", "3.0.1-1", 2, "openssl"), test::occurrence("gone", "1", 1)};
  report.inventory.packages[3].removed_in = 2;
  report.findings = {test::finding("CVE-2", 1, Severity::high, ""), test::finding("CVE-1", 0, Severity::critical, "2"),
                     test::finding("CVE-2", 0, Severity::high, ""), test::finding("CVE-2", 2, Severity::high, ""),
                     test::finding("CVE-9", 3, Severity::high, "")};
  CHECK(shown(classic_features(report)) ==
        "openssl 3.0.1-1 debian:12 1: CVE-1/Critical CVE-2/High\n"
        "openssl 3.0.1-1 debian:12 2: CVE-2/High\n");
}

TEST_CASE("names as the originals' libraries took them apart") {
  report::Report report = test::sample();
  report.image.source = "registry";
  const auto name = [&](const std::string& target) {
    const ClassicName one = classic_name(report, target);
    return one.registry + " " + one.name + " " + one.tag;
  };
  CHECK(name("debian") == "docker.io debian latest");
  CHECK(name("docker.io/library/debian:12") == "docker.io debian 12");
  CHECK(name("bitnami/redis:7") == "docker.io bitnami/redis 7");
  // jgsqware/clairctl issue 27: "Image: hyper.cd/hyper.cd/occ/b2c-mono-db:TAG"
  CHECK(name("hyper.cd/occ/b2c-mono-db:3a80") == "hyper.cd hyper.cd/occ/b2c-mono-db 3a80");
  CHECK(name("docker://localhost:5000/shop/api:1") == "localhost:5000 localhost:5000/shop/api 1");
  // jgsqware/clairctl issue 25: "Image: /test:latest"
  report.image.source = "docker";
  CHECK(name("test") == " test latest");
  CHECK(name("docker:localhost:5000/shop/api:1") == " localhost:5000/shop/api 1");
  CHECK(classic_name(report, "test").is_name);
  report.image.source = "oci-dir";
  CHECK(name("oci-dir:x") == " registry.example.com/shop/api:1.4 ");
}

}  // namespace eclair::cli::compat
