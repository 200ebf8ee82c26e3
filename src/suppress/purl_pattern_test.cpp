// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/purl_pattern.h"

#include <doctest/doctest.h>

#include <string>

#include "support/report_sample.h"

namespace eclair::suppress {

using match::parse_purl;

TEST_CASE("which patterns name zlib1g of the sample") {
  const report::Report report = test::sample();
  const Occurrence& zlib = report.inventory.packages[2];
  for (const char* yes : {"pkg:deb/debian/zlib1g", "pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1", "pkg:deb/debian/zlib*", "pkg:deb/debian/*", "pkg:deb/*/zlib1g",
                          "pkg:deb/debian/zlib1g?arch=amd64", "pkg:deb/debian/zlib1g?distro=debian-12", "pkg:deb/debian/zlib1g?distro=bookworm",
                          "pkg:deb/debian/zlib?arch=source", "pkg:deb/debian/zlib@1:1.2.13.dfsg-1?arch=source", "pkg:deb/debian/zlib1g@1:1.2.13.*", "pkg:deb/Debian/zlib1g"}) {
    CAPTURE(yes);
    CHECK(names_package(*parse_purl(yes), zlib, report.inventory.systems[0]));
  }
  for (const char* no : {"pkg:deb/debian/zlib", "pkg:deb/ubuntu/zlib1g", "pkg:rpm/debian/zlib1g", "pkg:deb/zlib1g", "pkg:deb/debian/zlib1g@1.2.13.dfsg-1",
                         "pkg:deb/debian/zlib1g?arch=arm64", "pkg:deb/debian/zlib1g?distro=debian-11", "pkg:deb/debian/zlib1g?arch=source", "pkg:deb/debian/zlib@9?arch=source"}) {
    CAPTURE(no);
    CHECK_FALSE(names_package(*parse_purl(no), zlib, report.inventory.systems[0]));
  }
}

TEST_CASE("the epoch of an rpm stands apart or before the version") {
  Os os;
  os.id = "rhel";
  os.version = "9";
  Occurrence bash = test::occurrence("bind", "32:9.16-1.el9", 1, "", "rpm");
  for (const char* yes : {"pkg:rpm/redhat/bind@9.16-1.el9?epoch=32", "pkg:rpm/redhat/bind@9.16-1.el9", "pkg:rpm/redhat/bind@32:9.16-1.el9"}) {
    CAPTURE(yes);
    CHECK(names_package(*parse_purl(yes), bash, os));
  }
  CHECK_FALSE(names_package(*parse_purl("pkg:rpm/redhat/bind@9.16-1.el9?epoch=31"), bash, os));
  CHECK_FALSE(names_package(*parse_purl("pkg:rpm/redhat/bind@31:9.16-1.el9"), bash, os));
}

TEST_CASE("which package URLs name the image of the sample") {
  const report::Report report = test::sample();
  const std::string digest = "sha256%3A6c3c624b58db0000000000000000000000000000000000000000000000000000";
  for (const std::string& yes : {std::string("pkg:oci/api"), "pkg:oci/api@" + digest, "pkg:oci/api@" + digest + "?repository_url=registry.example.com/shop/api",
                                 std::string("pkg:oci/api?repository_url=registry.example.com/shop&tag=1.4"), std::string("pkg:oci/api?repository_url=https://registry.example.com/shop/api/")}) {
    CAPTURE(yes);
    CHECK(names_image(*parse_purl(yes), report));
  }
  for (const std::string& no : {std::string("pkg:oci/web"), std::string("pkg:oci/api@sha256%3A00"), std::string("pkg:oci/api?tag=1.5"),
                                std::string("pkg:oci/api?repository_url=ghcr.io/shop/api"), std::string("pkg:deb/debian/api")}) {
    CAPTURE(no);
    CHECK_FALSE(names_image(*parse_purl(no), report));
  }
}

}  // namespace eclair::suppress
