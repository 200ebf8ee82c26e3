// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "report/report.h"

/// Reports made by hand, for tests of what is done with them.
namespace eclair::test {

inline Occurrence occurrence(std::string name, std::string version, std::uint32_t layer, std::string source = "", std::string type = "deb") {
  Occurrence out;
  out.package = {.type = type, .name = std::move(name), .version = std::move(version), .arch = type == "deb" ? "amd64" : "", .source_name = std::move(source)};
  out.layer = layer;
  out.paths = {type == "deb" ? "var/lib/dpkg/status" : "app/" + out.package.name + "/METADATA"};
  return out;
}

inline Finding finding(std::string id, std::uint32_t package, Severity severity, std::string fixed_in, Status status = Status::affected) {
  Finding out;
  out.id = id + "-" + std::to_string(package);
  out.vulnerability = std::move(id);
  out.package = package;
  out.severity = severity;
  out.fixed_in = std::move(fixed_in);
  out.status = out.fixed_in.empty() ? status : Status::fixed;
  return out;
}

inline Coverage coverage(std::string code, std::string message, std::uint32_t packages, bool incomplete) {
  return {std::move(code), std::move(message), packages, incomplete};
}

/// Debian 12, three layers with a blob and one step without, four packages, six findings (1 critical, 2 high, 1 medium, 1 negligible, 1 unknown).
inline report::Report sample() {
  report::Report out;
  out.tool_version = "1.2.3";
  out.generated_at = 1'787'292'000;  // 2026-08-21T06:00:00Z
  out.max_age_seconds = 5 * 86400;
  out.image.kind = "image";
  out.image.name = "registry.example.com/shop/api:1.4";
  out.image.source = "oci-dir";
  out.image.digest.text = "sha256:6c3c624b58db0000000000000000000000000000000000000000000000000000";
  out.image.config_digest.text = "sha256:7c3c624b58db0000000000000000000000000000000000000000000000000000";
  out.image.platform = {"linux", "amd64", ""};
  out.image.size = 123456789;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    LayerInfo layer;
    layer.index = i;
    layer.digest.text = "sha256:" + std::string(64, static_cast<char>('0' + i));
    layer.diff_id.text = "sha256:" + std::string(64, static_cast<char>('a' + i));
    layer.media_type = "application/vnd.oci.image.layer.v1.tar+gzip";
    layer.size = 1000 * i;
    layer.created_by = "RUN step " + std::to_string(i);
    layer.created = "2026-08-01T00:00:00Z";
    out.image.history.push_back(layer);
  }
  LayerInfo empty;
  empty.empty = true;
  empty.created_by = "ENV A=b";
  out.image.history.insert(out.image.history.begin() + 1, empty);

  Os os;
  os.id = "debian";
  os.version = "12";
  os.codename = "bookworm";
  os.pretty = "Debian GNU/Linux 12 (bookworm)";
  out.inventory.systems = {os};
  out.inventory.packages = {occurrence("libgnutls30", "3.7.9-2", 1, "gnutls28"), occurrence("libkrb5-3", "1.20.1-2+deb12u1", 1, "krb5"),
                            occurrence("zlib1g", "1:1.2.13.dfsg-1", 1, "zlib"), occurrence("requests", "2.31.0", 3, "", "pypi")};
  out.inventory.had_package_database = true;
  out.inventory.files = {{"usr/bin/nc", true, {"usr/bin/nc", 35000, 0755}, 2}, {"**/id_rsa", false, {}, 0}};
  out.inventory.deltas = {{1, {out.inventory.packages[0].package, out.inventory.packages[1].package, out.inventory.packages[2].package}, {}},
                          {2, {}, {}},
                          {3, {out.inventory.packages[3].package}, {}}};
  out.eol = match::EndOfLife{"2028-06-30", false};
  store::FeedState feed;
  feed.name = "debian";
  feed.snapshot = "8f31c2aabbccddeeff00";
  feed.fetched_at = out.generated_at - 1200;
  feed.records = 61234;
  feed.namespaces = {"debian:12"};
  out.feeds = {feed};
  out.snapshot = feed.snapshot;

  out.findings = {finding("CVE-2024-37371", 1, Severity::critical, "1.20.1-2+deb12u2"),
                  finding("CVE-2023-45853", 2, Severity::high, "", Status::will_not_fix),
                  finding("GHSA-9wx4-h78v-vm56", 3, Severity::high, "2.32.0"),
                  finding("CVE-2024-0553", 0, Severity::medium, "3.7.9-2+deb12u2"),
                  finding("CVE-2011-3389", 0, Severity::negligible, ""),
                  finding("CVE-2099-0001", 0, Severity::unknown, "")};
  out.findings[0].aliases = {"GHSA-xxxx"};
  out.findings[0].references = {"DSA-5726-1"};
  for (Finding& one : out.findings) {
    one.layer = out.inventory.packages[one.package].layer;
    one.severity_source = one.severity == Severity::unknown ? "" : "debian";
    one.evidence = {{"debian", "debian:12", one.vulnerability, std::string(out.inventory.packages[one.package].package.source()),
                     out.inventory.packages[one.package].package.version, "dpkg", "below the fixed version"}};
  }
  out.findings[0].text.title = "Kerberos: GSS message token handling";
  out.findings[0].text.cvss = {{"3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:H", 9.1}};
  out.findings[0].text.urls = {"https://example.com/CVE-2024-37371"};
  out.findings[0].text.cwes = {"CWE-190"};
  out.findings[0].text.published = 1'719'500'000;
  return out;
}

/// A whole report in one text.
inline std::string rendered(std::string_view format, const report::Document& document, const report::View& view = {}) {
  std::string out;
  const auto done = report::find_format(format)->render(document, view, [&](std::string_view piece) {
    out += piece;
    return Result<>{};
  });
  return done ? out : done.error().text;
}

/// Debian 12 with one source of three binary packages, each with `n` findings, half of them fixed by one version.
inline report::Report crowd(std::uint32_t n) {
  report::Report out = sample();
  out.findings.clear();
  out.inventory.files.clear();
  out.inventory.packages = {occurrence("libcrypto", "3.0.1-1", 1, "openssl"), occurrence("libssl3", "3.0.1-1", 1, "openssl"),
                            occurrence("openssl", "3.0.1-1", 1, "openssl")};
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t package = 0; package < 3; ++package) {
      out.findings.push_back(finding("CVE-2024-" + std::to_string(1000 + i), package, Severity::high, i % 2 == 0 ? "3.0.9-1" : ""));
      out.findings.back().layer = 1;
    }
  }
  return out;
}

}  // namespace eclair::test
