// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <string>

#include "match/match.h"
#include "match/package_url.h"

namespace eclair::match {
namespace {

/// "type|namespace|name|version|key=value&...|subpath", or "-" for what is refused.
std::string parts(std::string_view text) {
  const auto url = parse_purl(text);
  if (!url) return "-";
  std::string out = url->type + "|" + url->name_space + "|" + url->name + "|" + url->version + "|";
  for (const auto& [key, value] : url->qualifiers) out += (out.back() == '|' ? "" : "&") + key + "=" + value;
  return out + "|" + url->subpath;
}

}  // namespace

TEST_CASE("package URLs are taken apart: the examples of the specification") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"pkg:bitbucket/birkenfeld/pygments-main@244fd47e07d1014f0aed9c", "bitbucket|birkenfeld|pygments-main|244fd47e07d1014f0aed9c||"},
      {"pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "deb|debian|curl|7.50.3-1|arch=i386&distro=jessie|"},
      {"pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c", "docker||cassandra|sha256:244fd47e07d1004f0aed9c||"},
      {"pkg:docker/customer/dockerimage@sha256:244fd47e07d1004f0aed9c?repository_url=gcr.io",
       "docker|customer|dockerimage|sha256:244fd47e07d1004f0aed9c|repository_url=gcr.io|"},
      {"pkg:gem/jruby-launcher@1.1.2?platform=java", "gem||jruby-launcher|1.1.2|platform=java|"},
      {"pkg:github/package-url/purl-spec@244fd47e07d1004f0aed9c", "github|package-url|purl-spec|244fd47e07d1004f0aed9c||"},
      {"pkg:golang/google.golang.org/genproto#googleapis/api/annotations", "golang|google.golang.org|genproto|||googleapis/api/annotations"},
      {"pkg:golang/google.golang.org/genproto@abcdedf#/googleapis/%2E%2E/api/annotations/",
       "golang|google.golang.org|genproto|abcdedf||googleapis/api/annotations"},
      {"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?packaging=sources", "maven|org.apache.xmlgraphics|batik-anim|1.9.1|packaging=sources|"},
      {"pkg:npm/%40angular/animation@12.3.1", "npm|@angular|animation|12.3.1||"},
      {"pkg:npm/foobar@12.3.1", "npm||foobar|12.3.1||"},
      {"pkg:nuget/EnterpriseLibrary.Common@6.0.1304", "nuget||EnterpriseLibrary.Common|6.0.1304||"},
      {"pkg:PYPI/Django_package@1.11.1.dev1", "pypi||django-package|1.11.1.dev1||"},
      {"pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25", "rpm|fedora|curl|7.50.3-1.fc25|arch=i386&distro=fedora-25|"},
      {"pkg:rpm/opensuse/curl@7.56.1-1.1.?arch=i386&distro=opensuse-tumbleweed", "rpm|opensuse|curl|7.56.1-1.1.|arch=i386&distro=opensuse-tumbleweed|"},
      {"pkg:deb/ubuntu/libstdc%2B%2B6@1%3A2.4.47-2%2Bb1?arch=amd64", "deb|ubuntu|libstdc++6|1:2.4.47-2+b1|arch=amd64|"},
      {"pkg://maven/org.apache.commons/io@1.3.4", "maven|org.apache.commons|io|1.3.4||"},
      {"pkg:///type///ns//name", "type|ns|name|||"},
      {"pkg:generic/openssl@1.1.10g?checksum=sha1:ad9503c3e994a4f%2Csha256:41bf9088b3a1e6c1ef1d",
       "generic||openssl|1.1.10g|checksum=sha1:ad9503c3e994a4f,sha256:41bf9088b3a1e6c1ef1d|"},
      // scopes as other tools write them
      {"pkg:npm/@example/bootstrap@5.0.2", "npm|@example|bootstrap|5.0.2||"},
      {"pkg:npm/@example/bootstrap", "npm|@example|bootstrap|||"},
      {"pkg:golang/github.com/Azure/go-autorest@v1?x=", "golang|github.com/Azure|go-autorest|v1||"},
      // refused
      {"EnterpriseLibrary.Common@6.0.1304", "-"},
      {"pkg:EnterpriseLibrary.Common@6.0.1304", "-"},
      {"pkg:maven/@1.3.4", "-"},
      {"pkg:n&g?inx/nginx@0.8.9", "-"},
      {"pkg:3nginx/nginx@0.8.9", "-"},
      {"pkg:nginx:a/nginx@0.8.9", "-"},
      {"pkg:npm/myartifact@1.0.0?in%20production=true", "-"},
      {"pkg%3Amaven/org.apache.commons/io", "-"},
      {"pkg:npm/", "-"},
      {"", "-"},
      {"pkg:", "-"},
  };
  for (const auto& one : cases) {
    const std::string_view text = one.first, want = one.second;
    CAPTURE(text);
    CHECK(parts(text) == want);
  }
  CHECK(parse_purl("pkg:npm/" + std::string(kMaxPurlBytes, 'x')).error().code == Errc::limit);
}

TEST_CASE("the package and the distribution of a package URL") {
  struct Case {
    std::string_view text, name, version, source, source_version, space;
  };
  const Case cases[] = {
      {"pkg:deb/debian/zlib1g@1%3A1.2.13.dfsg-1?arch=amd64&distro=debian-12&upstream=zlib", "zlib1g", "1:1.2.13.dfsg-1", "zlib", "1:1.2.13.dfsg-1", "debian:12"},
      {"pkg:deb/debian/zlib1g@1.2.13.dfsg-1?arch=amd64&distro=debian-12.4&epoch=1", "zlib1g", "1:1.2.13.dfsg-1", "zlib1g", "1:1.2.13.dfsg-1", "debian:12"},
      {"pkg:deb/debian/perl-base@5.36.0-7%2Bb1?upstream=perl%405.36.0-7&distro=bookworm", "perl-base", "5.36.0-7+b1", "perl", "5.36.0-7", "debian:12"},
      {"pkg:deb/debian/bash@5?distro=debian-sid", "bash", "5", "bash", "5", "debian:unstable"},
      {"pkg:deb/ubuntu/bash@5?distro=ubuntu-22.04", "bash", "5", "bash", "5", "ubuntu:22.04"},
      {"pkg:deb/ubuntu/bash@5?distro=jammy", "bash", "5", "bash", "5", "ubuntu:22.04"},
      {"pkg:apk/alpine/musl@1.2.3-r0?distro=3.16.0", "musl", "1.2.3-r0", "musl", "1.2.3-r0", "alpine:v3.16"},
      {"pkg:apk/alpine/libssl3@3.1.4-r1?distro=alpine-3.19.1&upstream=openssl", "libssl3", "3.1.4-r1", "openssl", "3.1.4-r1", "alpine:v3.19"},
      {"pkg:apk/alpine/musl@1?distro=alpine-edge", "musl", "1", "musl", "1", "alpine:edge"},
      {"pkg:apk/wolfi/busybox@1.36?distro=wolfi", "busybox", "1.36", "busybox", "1.36", "wolfi"},
      {"pkg:apk/wolfi/busybox@1.36?distro=wolfi-20230201", "busybox", "1.36", "busybox", "1.36", "wolfi"},
      {"pkg:rpm/redhat/bash@5.1.8-4.el9?distro=rhel-9.3&upstream=bash-5.1.8-4.el9.src.rpm", "bash", "5.1.8-4.el9", "bash", "5.1.8-4.el9", "rhel:9"},
      {"pkg:rpm/redhat/openssl-libs@3.0.7-6.el9_2?distro=redhat-9.2&epoch=1&upstream=openssl-3.0.7-6.el9_2.src.rpm", "openssl-libs",
       "1:3.0.7-6.el9_2", "openssl", "3.0.7-6.el9_2", "rhel:9"},
      {"pkg:rpm/opensuse/bash@4.4-1?distro=opensuse-leap-15.5", "bash", "4.4-1", "bash", "4.4-1", "opensuse-leap:15.5"},
      {"pkg:rpm/opensuse/bash@4.4-1?distro=opensuse.leap-15.5", "bash", "4.4-1", "bash", "4.4-1", "opensuse-leap:15.5"},
      {"pkg:rpm/opensuse/bash@4.4-1?distro=opensuse-tumbleweed", "bash", "4.4-1", "bash", "4.4-1", "opensuse-tumbleweed"},
      {"pkg:rpm/suse/bash@4.4-1?distro=sles-15.5", "bash", "4.4-1", "bash", "4.4-1", "sles:15.5"},
      {"pkg:rpm/amazon/bash@4.4-1?distro=amazon-2%20%28Karoo%29", "bash", "4.4-1", "bash", "4.4-1", "amzn:2"},
      {"pkg:rpm/alma/bash@4.4-1?distro=alma-9.3", "bash", "4.4-1", "bash", "4.4-1", "almalinux:9"},
      {"pkg:rpm/oracle/bash@4.4-1?distro=oracle-8.9", "bash", "4.4-1", "bash", "4.4-1", "ol:8"},
      {"pkg:alpm/arch/pacman@6.0.1-1?arch=x86_64", "pacman", "6.0.1-1", "pacman", "6.0.1-1", "arch"},
      {"pkg:maven/org.apache.commons/io@1.3.4", "org.apache.commons:io", "1.3.4", "org.apache.commons:io", "1.3.4", ""},
      {"pkg:npm/%40angular/animation@12.3.1", "@angular/animation", "12.3.1", "@angular/animation", "12.3.1", ""},
      {"pkg:golang/github.com/gorilla/context@v1.2.3", "github.com/gorilla/context", "v1.2.3", "github.com/gorilla/context", "v1.2.3", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.text);
    const auto url = parse_purl(one.text);
    REQUIRE(url);
    const PackageVersion package = package_of(*url);
    CHECK(package.name == one.name);
    CHECK(package.version == one.version);
    CHECK(package.source() == one.source);
    CHECK(package.source_ver() == one.source_version);
    CHECK(name_space(distribution_of(*url)) == one.space);
  }
}

TEST_CASE("what is written is read back") {
  const PackageVersion packages[] = {
      {.type = "deb", .name = "libstdc++6", .version = "1:12.2.0-14~deb12", .arch = "amd64"},
      {.type = "rpm", .name = "openssl-libs", .version = "1:3.0.7-6.el9_2", .arch = "x86_64"},
      {.type = "rpm", .name = "bash", .version = "0:5-1", .arch = "x86_64"},
      {.type = "npm", .name = "@angular/animation", .version = "12.3.1"},
      {.type = "maven", .name = "org.apache:x", .version = "1"},
      {.type = "golang", .name = "github.com/Azure/x", .version = "v1.0.0"},
  };
  for (const PackageVersion& package : packages) {
    for (const Os& os : {distribution("debian", "12"), distribution("rhel", "9.2"), distribution("opensuse-leap", "15.5"), distribution("sles_sap", "15.5")}) {
      const std::string text = purl(package, os);
      CAPTURE(text);
      const auto url = parse_purl(text);
      REQUIRE(url);
      CHECK(package_of(*url) == package);
      if (package.type == "deb" || package.type == "rpm") CHECK(name_space(distribution_of(*url)) == name_space(os));
    }
  }
}

}  // namespace eclair::match
