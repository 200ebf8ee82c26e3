// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sbom/forms.h"
#include "sbom/spdx_package.h"

namespace eclair::sbom {
namespace spdx_detail {

SpdxPackage package_of(json::Value value) {
  SpdxPackage out;
  out.id = value["SPDXID"].string();
  out.name = value["name"].string();
  out.version = asserted(value["versionInfo"].string());
  out.purpose = value["primaryPackagePurpose"].string();
  out.source_info = value["sourceInfo"].string();
  out.supplier = asserted(value["supplier"].string());
  if (out.supplier.empty()) out.supplier = asserted(value["originator"].string());
  out.summary = asserted(value["summary"].string());
  value["externalRefs"].each([&](json::Value one) {
    if (out.purl.empty() && one["referenceType"].string() == "purl") out.purl = one["referenceLocator"].string();
    return true;
  });
  value["attributionTexts"].each([&](json::Value one) {
    out.lines.emplace_back(one.string());
    return true;
  });
  value["annotations"].each([&](json::Value one) {
    out.lines.emplace_back(one["comment"].string());
    return true;
  });
  return out;
}

std::set<std::string, std::less<>> roots_of(json::Value root) {
  std::set<std::string, std::less<>> out;
  root["documentDescribes"].each([&](json::Value one) {
    out.emplace(one.string());
    return true;
  });
  root["relationships"].each([&](json::Value one) {
    const bool describes = one["relationshipType"].string().starts_with("DESCRIBE") && one["spdxElementId"].string() == "SPDXRef-DOCUMENT";
    if (describes) out.emplace(one["relatedSpdxElement"].string());
    return true;
  });
  return out;
}

}  // namespace spdx_detail

Result<> read_spdx(json::Value root, Builder& into) {
  using namespace spdx_detail;
  const std::string_view version = root["spdxVersion"].string();
  into.form("SPDX " + std::string(version.starts_with("SPDX-") ? version.substr(5) : version));
  into.subject(root["name"].string(), {});
  const auto roots = roots_of(root);
  Result<> out;
  root["packages"].each([&](json::Value one) {
    out = add_package(package_of(one), roots.count(one["SPDXID"].string()) > 0, into);
    return out.has_value();
  });
  return out;
}

}  // namespace eclair::sbom
