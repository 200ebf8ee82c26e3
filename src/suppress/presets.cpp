// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "suppress/presets.h"

#include <string>
#include <string_view>
#include <utility>

namespace eclair::suppress {
namespace presets_detail {

struct Family {
  std::string_view type;
  std::string_view names[20];
};

// Binary packages, as the package indexes of each family of distributions list them.
constexpr Family kKernel[] = {
    {"deb", {"linux-libc-dev", "linux-libc-dev-*-cross", "linux-headers-*", "linux-image-*", "linux-modules-*", "linux-kbuild-*", "linux-compiler-gcc-*",
             "linux-source", "linux-source-*", "linux-config-*", "linux-support-*", "linux-doc", "linux-doc-*", "linux-buildinfo-*", "linux-*-headers-*"}},
    {"rpm", {"kernel", "kernel-headers", "kernel-core", "kernel-devel", "kernel-devel-*", "kernel-modules", "kernel-modules-*", "kernel-default", "kernel-default-*",
             "kernel-macros", "kernel-source", "kernel-doc", "kernel-uek", "kernel-uek-*", "kernel-rt*", "kernel6.*", "kernel-lt*", "kernel-ml*", "linux-glibc-devel", "kernel-64k*"}},
    {"apk", {"linux-headers", "linux-lts", "linux-lts-dev", "linux-virt", "linux-virt-dev", "linux-edge", "linux-edge-dev"}},
    {"alpm", {"linux", "linux-headers", "linux-lts", "linux-lts-headers", "linux-zen", "linux-zen-headers", "linux-hardened", "linux-hardened-headers", "linux-api-headers"}},
};

}  // namespace presets_detail

Source kernel_preset() {
  Source out;
  out.file = "--ignore-kernel";
  for (const presets_detail::Family& family : presets_detail::kKernel) {
    Statement one;
    one.types = {std::string(family.type)};
    one.binaries = true;
    for (const std::string_view name : family.names) {
      if (!name.empty()) one.names.emplace_back(name);
    }
    one.by.kind = "preset";
    one.by.file = out.file;
    one.by.rule = "kernel";
    one.by.status = "not_affected";
    one.by.justification = "vulnerable_code_not_in_execute_path";
    one.by.reason = "a container runs on the kernel of its host";
    out.statements.push_back(std::move(one));
  }
  return out;
}

}  // namespace eclair::suppress
