// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "model/os.h"

namespace eclair::index {

/// The extractors whose facts detect_os() reads.
inline constexpr std::string_view kOsRelease = "os_release", kOsSources = "os_sources";

/// The distribution that the files of one root name.
/// facts:   by the path below that root under which a file is found ("etc/os-release", also where that is a link), what the
///          extractors os_release and os_sources read in it. Paths that mean nothing here are passed over.
/// returns: id and version as the distribution writes them, a derivative under its own id; an empty Os when nothing names one.
/// The order is fixed, most trusted first: etc/os-release, usr/lib/os-release, Bottlerocket's, lsb-release; release files that
/// only one distribution has (oracle-release, ...); redhat-release, system-release, SuSE-release; alpine-release; debian_version
/// with the help of apt's sources, since every derivative keeps it; system-release-cpe; apt's sources alone.
/// Filled in where missing: Debian's and Ubuntu's code name by version and version by code name, the CPE.
///   - Debian testing and sid have no version; testing has the code name of the coming release, sid the code name "sid", told
///     by apt's sources: a sid suite and no other.
///   - Alpine: code name "edge", or the release of etc/apk/repositories ("v3.19") where all main repositories agree on another
///     one than the version.
/// Pure.
Os detect_os(const std::map<std::string, std::map<std::string, std::string>>& facts);

}  // namespace eclair::index
