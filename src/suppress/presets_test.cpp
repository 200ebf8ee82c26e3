// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/presets.h"

#include <doctest/doctest.h>

#include <string>

#include "suppress/apply.h"
#include "support/report_sample.h"

namespace eclair::suppress {

TEST_CASE("packages of the kernel, and programs that are built from its source") {
  struct {
    std::string type, name, source;
    bool kernel;
  } const kCases[] = {
      {"deb", "linux-libc-dev", "linux", true}, {"deb", "linux-headers-6.1.0-18-amd64", "linux", true}, {"deb", "linux-image-6.1.0-18-amd64", "linux-signed-amd64", true},
      {"deb", "linux-perf", "linux", false}, {"deb", "bpftool", "linux", false}, {"deb", "util-linux", "util-linux", false}, {"rpm", "kernel-headers", "kernel", true},
      {"rpm", "kernel-core", "kernel", true}, {"rpm", "kernel-tools", "kernel", false}, {"rpm", "kernel-firmware", "kernel-firmware", false}, {"apk", "linux-headers", "linux-headers", true},
      {"apk", "linux-pam", "linux-pam", false}, {"alpm", "linux-api-headers", "", true}, {"npm", "kernel", "", false}, {"deb", "kernel", "", false},
  };
  for (const auto& one : kCases) {
    CAPTURE(one.type);
    CAPTURE(one.name);
    report::Report report = test::sample();
    report.inventory.packages = {test::occurrence(one.name, "1", 1, one.source, one.type)};
    report.findings = {test::finding("CVE-2099-1", 0, Severity::high, "")};
    Use use;
    apply({kernel_preset()}, report, use);
    CHECK((report.suppressed.size() == 1) == one.kernel);
  }
}

}  // namespace eclair::suppress
