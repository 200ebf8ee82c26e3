// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "extract/deb_vendor.h"

#include <doctest/doctest.h>

namespace eclair::extract {

TEST_CASE("deb vendor: distributions, third parties, and those we do not know") {
  const struct {
    std::string_view maintainer, version, want;
  } rows[] = {
      {"Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>", "3.0.11-1~deb12u2", "debian"},
      {"Santiago Vila <sanvila@debian.org>", "12.4", "debian"},
      {"Team <team+x@tracker.debian.org>", "1", "debian"},
      {"Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>", "3.0.2-0ubuntu1.12", "ubuntu"},
      {"Someone <someone@example.net>", "1.0-1", ""},
      {"", "1.0-1", ""},
      {"no address", "1.0-1", ""},
      {"x@", "1", ""},
      {"Docker <support@docker.com>", "5:24.0.7-1~debian.12~bookworm", "docker"},
      {"Docker <support@DOCKER.COM>", "1", "docker"},
      {"Not Docker <a@notdocker.com>", "1", ""},  // whole labels
      {"Docker <a@docker.com.example.org>", "1", ""},
      {"Ivan <ivan@nodesource.com>", "18.19.0-1", "nodesource"},
      {"Debian JS <pkg@lists.debian.org>", "18.19.0-1nodesource1", "nodesource"},
      {"HashiCorp <package-security@hashicorp.com>", "1.15.4-1", "hashicorp"},
      {".NET Core Team <dotnetpackages@dotnetfoundation.microsoft.com>", "8.0.0-1", "microsoft"},
      {"Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>", "15.5-1.pgdg120+1", "postgresql"},
      {"Debian PostgreSQL Maintainers <team+postgresql@tracker.debian.org>", "15.5-0+deb12u1", "debian"},
      {"Debian PHP Maintainers <team+pkg-php@tracker.debian.org>", "8.2.13-1+0~20231121.13+debian12~1.gbp5db2a0", "sury"},
      {"Debian PHP Maintainers <team+pkg-php@tracker.debian.org>", "8.2.13-1+0~20231121.13", "debian"},  // half of sury's mark is none
      {"Debian PHP Maintainers <team+pkg-php@tracker.debian.org>", "8.2.13-1.gbp5db2a0", "debian"},
      {"Chrome Linux Team <chromium-dev@google.com>", "120.0.6099.109-1", "google"},
      {"Google Cloud CLI Authors <cloudsdk@google.com>", "458.0.0-0", "google"},
      {"NVIDIA CORPORATION <cudatools@nvidia.com>", "12.3.107-1", "nvidia"},
      {"MySQL Release Engineering <mysql-build@oss.oracle.com>", "8.0.35-1debian12", "oracle"},
      {"Eclipse Adoptium Package Maintainer Team <temurin-dev@eclipse.org>", "21.0.1.0.0+12-1", "adoptium"},
      // People who maintain packages in Debian under their firm's address: bookworm has such.
      {"Some Body <somebody@ubuntu.com>", "1.0-1", ""},
      {"Some Body <somebody@canonical.com>", "1.0-1", ""},
      {"Some Body <somebody@google.com>", "1.0-1", ""},
      {"Some Body <somebody@nvidia.com>", "1.0-1", ""},
      {"Some Body <somebody@users.noreply.github.com>", "1.0-1", ""},
      {"Raspbian <x@debian.org>", "1.1.1n-0+deb11u3+rpt1", "raspbian"},
      {"A <a@docker.com>, B <b@debian.org>", "1", "debian"},  // the last address, as dpkg allows but one
  };
  for (const auto& row : rows) {
    CAPTURE(row.maintainer);
    CAPTURE(row.version);
    CHECK(deb_vendor(row.maintainer, row.version) == row.want);
  }
}

}  // namespace eclair::extract
