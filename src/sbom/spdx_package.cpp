// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/spdx_package.h"

#include <algorithm>

#include "match/package_url.h"
#include "sbom/forms.h"
#include "util/text.h"

namespace eclair::sbom {
namespace spdx_package_detail {

/// The subject's lines: "DiffID: sha256:...", "eclair:image:digest: sha256:...".
void take_subject_line(std::string_view line, Builder& into) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return;
  const std::string_view key = line.substr(0, colon), value = text::trim(line.substr(colon + 2));
  into.subject_property(key.starts_with("eclair:") ? std::string(key) : "aquasecurity:trivy:" + std::string(key), value);
}

}  // namespace spdx_package_detail

std::string asserted(std::string_view text) { return text == "NOASSERTION" || text == "NONE" ? std::string() : std::string(text); }

void take_source_info(std::string_view info, Part& part) {
  constexpr std::string_view kBegin = "built package from:";
  if (!info.starts_with(kBegin)) return;
  const auto words = text::words(info.substr(kBegin.size()));
  if (!words.empty()) part.source_name = words[0];
  if (words.size() > 1) part.source_version = words[1];
}

Result<> add_package(SpdxPackage package, bool is_root, Builder& into) {
  using namespace spdx_package_detail;
  std::replace(package.purpose.begin(), package.purpose.end(), '_', '-');
  if (package.purpose == "OPERATING-SYSTEM" || package.purpose == "OPERATINGSYSTEM" || package.id.starts_with("SPDXRef-OperatingSystem")) {
    into.distribution(package.name, package.version, package.summary);
    return {};
  }
  const bool is_image = package.purpose == "CONTAINER" || package.id.starts_with("SPDXRef-ContainerImage") || package.purl.starts_with("pkg:oci/") ||
                        package.purl.starts_with("pkg:docker/");
  if (is_image || (is_root && package.purl.empty())) {
    std::string digest = package.version;
    if (const auto url = match::parse_purl(package.purl); url && !url->version.empty()) digest = url->version;
    into.subject(package.name, digest);
    for (const std::string& line : package.lines) take_subject_line(line, into);
    return {};
  }
  Part part;
  for (const std::string& line : package.lines) part.take_line(line);
  take_source_info(package.source_info, part);
  // What holds packages (a lock file, a program) is none itself; a package's source is told for the sake of its licence.
  const bool may_be_package = package.purpose.empty() || package.purpose == "LIBRARY" || package.purpose == "FRAMEWORK" || package.purpose == "OTHER";
  if (package.purl.empty() && part.type.empty() && (!may_be_package || package.id.starts_with("SPDXRef-Application"))) return {};
  part.purl = std::move(package.purl);
  part.name = std::move(package.name);
  if (part.version.empty()) part.version = std::move(package.version);
  part.builder = std::move(package.supplier);
  return into.add(std::move(part));
}

}  // namespace eclair::sbom
