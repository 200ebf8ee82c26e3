// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "sbom/forms.h"
#include "sbom/spdx_package.h"
#include "util/text.h"

namespace eclair::sbom {
namespace spdx3_detail {

std::string_view type_of(json::Value element) {
  const std::string_view plain = element["type"].string();
  return plain.empty() ? element["@type"].string() : plain;
}

std::string_view id_of(json::Value element) {
  const std::string_view plain = element["spdxId"].string();
  return plain.empty() ? element["@id"].string() : plain;
}

/// "software_Package", "software:Package", or the whole address of the class.
bool is_package(std::string_view type) { return type.ends_with("software_Package") || type.ends_with("software:Package") || type.ends_with("/Software/Package"); }

std::string_view member(json::Value element, std::string_view name) {
  const std::string_view one = element["software_" + std::string(name)].string();
  return one.empty() ? element[name].string() : one;
}

SpdxPackage package_of(json::Value value) {
  SpdxPackage out;
  out.id = id_of(value);
  out.name = value["name"].string();
  out.version = asserted(member(value, "packageVersion"));
  for (const char c : member(value, "primaryPurpose")) out.purpose += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  if (out.purpose == "OPERATINGSYSTEM") out.purpose = "OPERATING-SYSTEM";
  out.purl = member(value, "packageUrl");
  out.source_info = member(value, "sourceInfo");
  out.summary = value["summary"].string();
  value["externalIdentifier"].each([&](json::Value one) {
    const std::string_view type = one["externalIdentifierType"].string();
    if (out.purl.empty() && (type == "packageUrl" || type == "purl")) out.purl = one["identifier"].string();
    return true;
  });
  for (const char* const name : {"software_attributionText", "attributionText"}) {
    value[name].each([&](json::Value one) {
      out.lines.emplace_back(one.string());
      return true;
    });
    if (value[name].is_string()) out.lines.emplace_back(value[name].string());
  }
  return out;
}

}  // namespace spdx3_detail

Result<> read_spdx3(json::Value root, Builder& into) {
  using namespace spdx3_detail;
  std::string version;
  std::set<std::string, std::less<>> roots;
  const json::Value graph = root["@graph"];
  graph.each([&](json::Value one) {
    const std::string_view type = type_of(one);
    if (version.empty()) version = one["specVersion"].string();
    if (!type.ends_with("SpdxDocument") && !type.ends_with("Sbom") && !type.ends_with("Bom")) return true;
    if (type.ends_with("SpdxDocument")) into.subject(one["name"].string(), {});
    one["rootElement"].each([&](json::Value id) {
      roots.emplace(id.string());
      return true;
    });
    return true;
  });
  into.form("SPDX " + (version.empty() ? std::string("3.0") : version));
  Result<> out;
  graph.each([&](json::Value one) {
    if (is_package(type_of(one))) out = add_package(package_of(one), roots.count(id_of(one)) > 0, into);
    return out.has_value();
  });
  return out;
}

}  // namespace eclair::sbom
