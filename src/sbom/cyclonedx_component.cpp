// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/cyclonedx_component.h"

#include "match/package_url.h"
#include "util/text.h"

namespace eclair::sbom {

Result<> add_component(CycloneComponent component, Builder& into) {
  if (component.type == "operating-system") {
    std::string id = component.name, version = component.version;
    for (const auto& [name, value] : component.properties) {
      if (name == "syft:distro:id" || name == "eclair:distribution:id") id = value;
      if (name == "syft:distro:versionID" || name == "eclair:distribution:version") version = value;
      if (name == "syft:distro:versionCodename" && version.empty()) version = value;
    }
    into.distribution(id, version, component.description);
    return {};
  }
  Part part;
  for (const auto& [name, value] : component.properties) part.take_property(name, value);
  // Of kinds that are no packages, some have a package URL all the same: that one counts.
  const bool may_be_package = component.type == "library" || component.type == "framework" || component.type.empty();
  if (component.purl.empty() && !may_be_package && part.type.empty()) return {};
  part.purl = std::move(component.purl);
  part.group = std::move(component.group);
  part.name = std::move(component.name);
  if (part.version.empty()) part.version = std::move(component.version);
  part.builder = std::move(component.publisher);
  for (std::string& path : component.paths) {
    while (path.starts_with('/')) path.erase(0, 1);
    if (!path.empty() && part.paths.size() < 64) part.paths.push_back(std::move(path));
  }
  return into.add(std::move(part));
}

void add_subject(const CycloneComponent& component, Builder& into) {
  std::string digest = component.version;
  if (const auto url = component.purl.empty() ? Result<match::PackageUrl>(fail(Errc::not_found, "")) : match::parse_purl(component.purl)) {
    if (url->type == "oci" && url->version.find("sha256:") != std::string::npos) digest = url->version;
    const auto arch = url->qualifier("arch");
    if (url->type == "oci" && !arch.empty()) into.platform({"linux", std::string(arch), ""});
  }
  into.subject(component.name, digest);
  for (const auto& [name, value] : component.properties) into.subject_property(name, value);
}

}  // namespace eclair::sbom
