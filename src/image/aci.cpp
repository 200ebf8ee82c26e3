// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/aci.h"

#include "image/file_set.h"
#include "image/oci_layout.h"
#include "util/json.h"
#include "util/text.h"

namespace eclair::image {

Result<AciManifest> parse_aci_manifest(std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.manifest_bytes) {
    return fail(Errc::limit, std::to_string(bytes.size()) + " bytes, more than the limit of " + std::to_string(limits.manifest_bytes) + " (manifest_bytes)");
  }
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  if (root["acKind"].string() != "ImageManifest") return fail(Errc::invalid_input, "acKind is not ImageManifest");
  AciManifest out;
  out.name = root["name"].string();
  if (out.name.empty()) return fail(Errc::invalid_input, "no name");
  root["labels"].each([&](json::Value label) {
    const std::string_view key = label["name"].string(), value = label["value"].string();
    if (key == "os") out.platform.os = value;
    if (key == "arch") out.platform.architecture = value;
    if (key == "version") out.version = value;
    return true;
  });
  root["dependencies"].each([&](json::Value dependency) {
    out.dependencies.emplace_back(dependency["imageName"].string("(without a name)"));
    return true;
  });
  return out;
}

Result<std::unique_ptr<Source>> open_aci(std::shared_ptr<const ByteSource> file, std::string_view manifest, Image described, const OpenOptions& options) {
  auto aci = parse_aci_manifest(manifest, options.limits);
  if (!aci) return fail(std::move(aci).error().within("ACI manifest"));
  ECLAIR_CHECK_OK(check_platform(aci->platform, options));
  described.kind = "image";
  described.source = "aci";
  described.platform = aci->platform;
  if (!aci->dependencies.empty()) {
    std::vector<std::string> names;
    for (const std::string& name : aci->dependencies) names.push_back(text::quoted(name));
    described.notes.push_back("depends on other images, which are not looked into: " + text::clean(text::join(names, ", "), 1000));
  }
  LayerInfo layer;
  layer.index = 1;
  layer.size = described.size = file->size();
  described.history = {layer};
  return file_source(std::move(described), single_file(std::move(file)), {std::string{}}, "rootfs");
}

}  // namespace eclair::image
