// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "sbom/forms.h"
#include "util/text.h"

namespace eclair::sbom {
namespace syft_detail {

std::string_view first_of(json::Value a, json::Value b) { return a.string().empty() ? b.string() : a.string(); }

Part part_of(json::Value artifact) {
  Part out;
  out.purl = artifact["purl"].string();
  out.name = artifact["name"].string();
  out.version = artifact["version"].string();
  out.take_property("syft:package:type", artifact["type"].string());
  artifact["locations"].each([&](json::Value one) {
    out.take_property("syft:location:0:path", one["path"].string());
    out.take_property("syft:location:0:layerID", one["layerID"].string());
    return true;
  });
  const json::Value metadata = artifact["metadata"];
  out.arch = metadata["architecture"].string();
  out.source_name = first_of(metadata["source"], metadata["originPackage"]);
  out.source_version = metadata["sourceVersion"].string();
  out.source_rpm = metadata["sourceRpm"].string();
  out.module = metadata["modularityLabel"].string();
  out.builder = first_of(metadata["maintainer"], metadata["vendor"]);
  return out;
}

}  // namespace syft_detail

Result<> read_syft(json::Value root, Builder& into) {
  using namespace syft_detail;
  into.form("Syft " + std::string(root["schema"]["version"].string("?")));
  const json::Value source = root["source"];
  // Up to schema 6 the image was called target.
  const json::Value image = source["metadata"].is_object() ? source["metadata"] : source["target"];
  into.subject(first_of(image["userInput"], source["name"]), image["manifestDigest"].string());
  into.config_digest(image["imageID"].string());
  if (!image["os"].string().empty()) into.platform({std::string(image["os"].string()), std::string(image["architecture"].string()), ""});
  image["layers"].each([&](json::Value one) {
    into.layer({}, one["digest"].string(), {}, static_cast<std::uint64_t>(std::max<std::int64_t>(one["size"].integer().value_or(0), 0)));
    return true;
  });
  const json::Value distro = root["distro"];
  if (!distro["id"].string().empty()) {
    std::string_view version = distro["versionID"].string();
    if (version.empty()) version = distro["versionCodename"].string();
    into.distribution(distro["id"].string(), version, distro["prettyName"].string());
  }
  Result<> out;
  root["artifacts"].each([&](json::Value one) {
    out = into.add(part_of(one));
    return out.has_value();
  });
  return out;
}

}  // namespace eclair::sbom
