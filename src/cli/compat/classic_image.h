// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "report/classic/feature_vulnerability.h"
#include "report/report.h"
#include "util/result.h"

/// An image as clients of Clair's first API saw it, from a report of ours.
namespace eclair::cli::compat {

/// Reads and judges a target as `eclair scan` does, here or by --server, and warns of what could not be judged. No rules.
/// errors: those of reading an image, and of the stores; unavailable (no advisories of the image's distribution are here).
Result<report::Report> scanned(const Invocation& call, const std::string& target);

/// A package as that API shows it: those of dpkg by their source, so that several packages may be one.
struct ClassicFeature {
  std::string name, version, name_space;                      ///< name_space in that API's spelling: "debian:12", "centos:7"
  std::uint32_t layer = 0;                                    ///< index, from 1, of the layer that added it
  std::vector<report::FeatureVulnerability> vulnerabilities;  ///< sorted by name; one of each
};

/// Sorted by name, version, namespace and layer. What later layers removed is not among them.
std::vector<ClassicFeature> classic_features(const report::Report& report);

/// How many pairs of a package and a vulnerability there are.
std::size_t count(const std::vector<ClassicFeature>& features);

/// The seven words, mildest first.
inline constexpr std::string_view kPriorities[] = {"Unknown", "Negligible", "Low", "Medium", "High", "Critical", "Defcon1"};
/// One of them.
std::string_view priority_of(const report::FeatureVulnerability& vulnerability);

/// A name as the originals' libraries took it apart. Of a target that is no name (a file, a folder), `name` is all of it.
struct ClassicName {
  std::string registry;  ///< "docker.io", "localhost:5000"; "" of an image of a local engine
  std::string name;      ///< "debian", "localhost:5000/shop/api": without docker.io and library/, else with the registry
  std::string tag;       ///< "latest"; ""
  bool is_name = false;  ///< a name of an image it was, in a registry or a local engine
};
ClassicName classic_name(const report::Report& report, const std::string& target);

}  // namespace eclair::cli::compat
