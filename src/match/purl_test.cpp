// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "match/match.h"

namespace eclair::match {

TEST_CASE("package URLs") {
  struct Case {
    std::string_view type, name, version, arch, os, release, want;
  };
  const Case cases[] = {
      {"deb", "zlib1g", "1:1.2.13.dfsg-1", "amd64", "debian", "12", "pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1?arch=amd64&distro=debian-12"},
      // the examples of the package-url specification, as far as an image tells their parts (their distro has another form)
      {"deb", "attr", "1:2.4.47-2+b1", "amd64", "", "", "pkg:deb/attr@1:2.4.47-2%2Bb1?arch=amd64"},
      {"deb", "attr", "1:2.4.47-2", "source", "debian", "", "pkg:deb/debian/attr@1:2.4.47-2?arch=source&distro=debian"},
      {"alpm", "pacman", "6.0.1-1", "x86_64", "", "", "pkg:alpm/pacman@6.0.1-1?arch=x86_64"},
      {"alpm", "python-pip", "21.0-1", "any", "arch", "", "pkg:alpm/arch/python-pip@21.0-1?arch=any&distro=arch"},
      {"opkg", "libc", "1.2.4-4", "mips_24kc", "openwrt", "22.03", "pkg:opkg/openwrt/libc@1.2.4-4?arch=mips_24kc&distro=openwrt-22.03"},
      {"deb", "dpkg", "1.19.0.4", "amd64", "ubuntu", "20.04", "pkg:deb/ubuntu/dpkg@1.19.0.4?arch=amd64&distro=ubuntu-20.04"},
      {"apk", "curl", "7.83.0-r0", "x86", "alpine", "3.19.1", "pkg:apk/alpine/curl@7.83.0-r0?arch=x86&distro=alpine-3.19"},
      {"apk", "apk", "2.12.9-r3", "x86", "alpine", "3.20_alpha20240329", "pkg:apk/alpine/apk@2.12.9-r3?arch=x86&distro=alpine-edge"},
      {"apk", "busybox", "1.36.1-r0", "x86_64", "wolfi", "20230201", "pkg:apk/wolfi/busybox@1.36.1-r0?arch=x86_64&distro=wolfi"},
      {"rpm", "curl", "7.50.3-1.fc25", "i386", "fedora", "25", "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25"},
      {"rpm", "centerim", "1:4.22.10-1.el6", "i686", "fedora", "25",
       "pkg:rpm/fedora/centerim@4.22.10-1.el6?arch=i686&distro=fedora-25&epoch=1"},
      {"rpm", "ImageMagick", "6.9-1", "", "rhel", "9.3", "pkg:rpm/redhat/ImageMagick@6.9-1?distro=rhel-9.3"},
      {"rpm", "bash", "4.4-1", "x86_64", "opensuse-leap", "15.5", "pkg:rpm/opensuse/bash@4.4-1?arch=x86_64&distro=opensuse-leap-15.5"},
      {"rpm", "bash", "4.4-1", "x86_64", "sle-micro", "5.5", "pkg:rpm/suse/bash@4.4-1?arch=x86_64&distro=sle-micro-5.5"},
      {"rpm", "bash", "4.4-1", "x86_64", "sl-micro", "6.0", "pkg:rpm/suse/bash@4.4-1?arch=x86_64&distro=sl-micro-6.0"},
      {"rpm", "bash", "4.4-1", "x86_64", "sles_sap", "15.5", "pkg:rpm/suse/bash@4.4-1?arch=x86_64&distro=sles_sap-15.5"},
      {"rpm", "bash", "4.4-1", "x86_64", "sles", "15.5", "pkg:rpm/suse/bash@4.4-1?arch=x86_64&distro=sles-15.5"},
      {"deb", "libstdc++6", "12.2.0-14~deb12", "", "", "", "pkg:deb/libstdc%2B%2B6@12.2.0-14~deb12"},
      {"alpm", "containers-common", "1:0.47.4-4", "x86_64", "arch", "",
       "pkg:alpm/arch/containers-common@1:0.47.4-4?arch=x86_64&distro=arch"},
      {"pypi", "Django_Allauth.X", "12", "", "debian", "12", "pkg:pypi/django-allauth-x@12"},
      {"npm", "@angular/animation", "12.3.1", "", "debian", "12", "pkg:npm/%40angular/animation@12.3.1"},
      {"golang", "github.com/gorilla/context", "v1.2.3", "", "", "", "pkg:golang/github.com/gorilla/context@v1.2.3"},
      {"maven", "org.apache.xmlgraphics:batik-anim", "1.9.1", "", "", "", "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1"},
      {"composer", "Laravel/laravel", "5.5.0", "", "", "", "pkg:composer/laravel/laravel@5.5.0"},
      {"gem", "ruby-advisory-db-check", "0.12.4", "", "", "", "pkg:gem/ruby-advisory-db-check@0.12.4"},
      {"cargo", "rand", "0.7.2", "", "", "", "pkg:cargo/rand@0.7.2"},
      // hostile names stay inside the part they are in
      {"deb", "a/../b?c#d@e&f", "1\n2", "x y", "debian", "12",
       "pkg:deb/debian/a%2F..%2Fb%3Fc%23d%40e%26f@1%0A2?arch=x%20y&distro=debian-12"},
      {"npm", "//a//b?/", "", "", "", "", "pkg:npm/a/b%3F"},
  };
  for (const Case& each : cases) {
    PackageVersion package;
    package.type = each.type;
    package.name = each.name;
    package.version = each.version;
    package.arch = each.arch;
    Os os;
    os.id = each.os;
    os.version = each.release;
    CAPTURE(each.name);
    CHECK(purl(package, os) == each.want);
  }
  PackageVersion package;
  package.type = "deb";
  package.name = "apt";
  Os testing;
  testing.id = "debian";
  testing.codename = "forky";
  CHECK(purl(package, testing) == "pkg:deb/debian/apt?distro=debian-forky");
}

TEST_CASE("package URLs of images") {
  struct Case {
    std::string_view name, source, arch, want;
  };
  const Case cases[] = {
      // the examples of the package-url specification, in its canonical form
      {"debian:latest", "registry", "amd64", "pkg:oci/debian@sha256:244fd47e07d10?arch=amd64&repository_url=docker.io%2Flibrary%2Fdebian&tag=latest"},
      {"ghcr.io/debian:bullseye", "registry", "", "pkg:oci/debian@sha256:244fd47e07d10?repository_url=ghcr.io%2Fdebian&tag=bullseye"},
      {"gcr.io/distroless/static:latest", "registry", "", "pkg:oci/static@sha256:244fd47e07d10?repository_url=gcr.io%2Fdistroless%2Fstatic&tag=latest"},
      {"hello-wasm:v1", "oci-dir", "", "pkg:oci/hello-wasm@sha256:244fd47e07d10?tag=v1"},
      {"localhost:5000/A/Team@sha256:244fd47e07d10", "registry", "arm64",
       "pkg:oci/team@sha256:244fd47e07d10?arch=arm64&repository_url=localhost:5000%2FA%2FTeam"},
      {"/tmp/../x y.tar", "docker-archive", "", "pkg:oci/x%20y.tar@sha256:244fd47e07d10"},
      {"..", "oci-dir", "", ""},
  };
  for (const Case& each : cases) {
    Image image;
    image.name = each.name;
    image.source = each.source;
    image.digest.text = "sha256:244fd47e07d10";
    image.platform.architecture = each.arch;
    CAPTURE(each.name);
    CHECK(oci_purl(image) == each.want);
    image.digest.text.clear();
    CHECK(oci_purl(image).empty());
  }
}

}  // namespace eclair::match
