// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
//
// What the properties mean that scanners add to packages.
// source: Trivy, pkg/sbom/io/encode.go; Syft, syft/format/internal/cyclonedxutil and the struct tags of its package metadata
#include <array>

#include "sbom/builder.h"
#include "util/text.h"

namespace eclair::sbom {
namespace part_detail {

constexpr std::size_t kMostValues = 64;  // paths, layers, repositories of one package

void append(std::vector<std::string>& to, std::string_view value) {
  if (!value.empty() && to.size() < kMostValues) to.emplace_back(value);
}

/// The purl type of a package type as Syft ("java-archive") or Trivy ("jar") calls it; "" = another.
std::string_view purl_type(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 44> kTypes = {{
      {"deb", "deb"},           {"rpm", "rpm"},              {"apk", "apk"},           {"alpm", "alpm"},         {"debian", "deb"},
      {"ubuntu", "deb"},        {"alpine", "apk"},           {"wolfi", "apk"},         {"chainguard", "apk"},    {"redhat", "rpm"},
      {"centos", "rpm"},        {"rocky", "rpm"},            {"alma", "rpm"},          {"fedora", "rpm"},        {"oracle", "rpm"},
      {"amazon", "rpm"},        {"photon", "rpm"},           {"opensuse", "rpm"},      {"opensuse.leap", "rpm"}, {"opensuse-leap", "rpm"},
      {"cbl-mariner", "rpm"},   {"azurelinux", "rpm"},       {"python", "pypi"},       {"python-pkg", "pypi"},   {"pip", "pypi"},
      {"npm", "npm"},           {"node-pkg", "npm"},         {"go-module", "golang"},  {"gobinary", "golang"},   {"gomod", "golang"},
      {"java-archive", "maven"}, {"jar", "maven"},           {"pom", "maven"},         {"gem", "gem"},           {"gemspec", "gem"},
      {"rust-crate", "cargo"},  {"rustbinary", "cargo"},     {"cargo", "cargo"},       {"php-composer", "composer"}, {"composer", "composer"},
      {"dotnet", "nuget"},      {"nuget", "nuget"},          {"hex", "hex"},           {"opkg", "opkg"},
  }};
  for (const auto& [theirs, ours] : kTypes) {
    if (theirs == word) return ours;
  }
  return {};
}

std::string_view without_slash(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  return path;
}

}  // namespace part_detail

using namespace part_detail;

void Part::take_property(std::string_view property, std::string_view value) {
  const auto after = [&](std::string_view prefix, std::string_view& rest) {
    if (!property.starts_with(prefix)) return false;
    rest = property.substr(prefix.size());
    return true;
  };
  std::string_view key;
  if (after("eclair:", key)) {
    if (key == "layer:digest" || key == "layer:diff_id") append(layers, value);
    if (key == "layer:index") layer_index = static_cast<std::uint32_t>(std::min<std::uint64_t>(text::parse_number(value).value_or(0), UINT32_MAX));
    if (key == "source:name") source_name = value;
    if (key == "source:version") source_version = value;
    if (key == "path") append(paths, value);
    if (key == "vendor") vendor = value;
    if (key == "module") module = value;
    if (key == "repository") append(repositories, value);
    if (key == "cpe") append(cpes, value);
    if (key == "type") type = value;
    if (key == "version") version = value;
    return;
  }
  if (after("aquasecurity:trivy:", key)) {
    if (key == "SrcName") source_name = value;
    if (key == "SrcVersion") source_version = value;
    if (key == "SrcRelease") source_release = value;
    if (key == "SrcEpoch") source_epoch = value;
    if (key == "Modularitylabel" || key == "ModularityLabel") module = value;
    if (key == "PkgType") type = purl_type(value);
    if (key == "FilePath") append(paths, without_slash(value));
    if (key == "LayerDiffID" || key == "LayerDigest") append(layers, value);
    return;
  }
  if (after("syft:package:", key)) {
    if (key == "type") type = purl_type(value);
    return;
  }
  if (after("syft:metadata:", key)) {
    if (key == "source" || key == "originPackage") source_name = value;
    if (key == "sourceVersion") source_version = value;
    if (key == "sourceRpm") source_rpm = value;
    if (key == "modularityLabel") module = value;
    if (key == "architecture") arch = value;
    return;
  }
  if (after("syft:location:", key)) {
    const std::size_t colon = key.find(':');
    const std::string_view what = colon == std::string_view::npos ? key : key.substr(colon + 1);
    if (what == "path") append(paths, without_slash(value));
    if (what == "layerID") append(layers, value);
  }
}

void Part::take_line(std::string_view line) {
  const auto [key, value] = text::cut(line, ':');
  constexpr std::array<std::string_view, 5> kKeys = {"LayerDiffID", "LayerDigest", "PkgType", "FilePath", "Modularitylabel"};
  for (const std::string_view known : kKeys) {
    if (key == known) take_property("aquasecurity:trivy:" + std::string(key), text::trim(value));
  }
  // Ours are written whole, and their names have colons.
  if (line.starts_with("eclair:")) {
    if (const std::size_t at = line.find(": "); at != std::string_view::npos) take_property(line.substr(0, at), text::trim(line.substr(at + 2)));
  }
}

}  // namespace eclair::sbom
