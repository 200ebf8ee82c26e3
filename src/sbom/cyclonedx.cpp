// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/cyclonedx_component.h"
#include "sbom/forms.h"

namespace eclair::sbom {
namespace cyclonedx_detail {

CycloneComponent component_of(json::Value value) {
  CycloneComponent out;
  out.type = value["type"].string();
  out.group = value["group"].string();
  out.name = value["name"].string();
  out.version = value["version"].string();
  out.purl = value["purl"].string();
  out.description = value["description"].string();
  out.publisher = value["publisher"].string();
  if (out.publisher.empty()) out.publisher = value["supplier"]["name"].string();
  value["properties"].each([&](json::Value one) {
    out.properties.emplace_back(one["name"].string(), one["value"].string());
    return true;
  });
  value["evidence"]["occurrences"].each([&](json::Value one) {
    out.paths.emplace_back(one["location"].string());
    return true;
  });
  return out;
}

/// Components lie within components; how deep is bounded by the parser.
Result<> walk(json::Value components, Builder& into) {
  Result<> out;
  components.each([&](json::Value one) {
    out = add_component(component_of(one), into);
    if (out) out = walk(one["components"], into);
    return out.has_value();
  });
  return out;
}

}  // namespace cyclonedx_detail

Result<> read_cyclonedx(json::Value root, Builder& into) {
  using namespace cyclonedx_detail;
  into.form("CycloneDX " + std::string(root["specVersion"].string("?")));
  const json::Value metadata = root["metadata"];
  add_subject(component_of(metadata["component"]), into);
  ECLAIR_CHECK_OK(walk(metadata["component"]["components"], into));
  return walk(root["components"], into);
}

}  // namespace eclair::sbom
