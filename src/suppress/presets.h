// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "suppress/statement.h"

/// What can be set aside by one switch.
namespace eclair::suppress {

/// --ignore-kernel: findings in packages of the Linux kernel itself (its headers, modules and images, under the names that the distributions
/// have for them). A container runs on its host's kernel: such a package in it is text for compilers, or takes room. Tools that are built from
/// the kernel's source (linux-perf, bpftool, kernel-tools) are programs and stay.
Source kernel_preset();

}  // namespace eclair::suppress
