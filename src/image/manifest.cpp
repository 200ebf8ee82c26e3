// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/manifest.h"

#include <algorithm>

#include "util/json.h"
#include "util/text.h"

namespace eclair::image {
namespace manifest_detail {

std::string number(std::uint64_t n) { return std::to_string(n); }
std::string element(std::string_view name, std::size_t i) { return std::string(name) + "[" + number(i) + "]"; }

/// Refuses an object with two members that a lenient reader takes for one (see the header).
Result<> check_members(json::Value object) {
  std::vector<std::string> names;
  object.each_member([&](std::string_view key, json::Value) {
    names.push_back(text::lower(key));
    return true;
  });
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) return fail(Errc::invalid_input, "member " + text::quoted(*twice) + " is there twice");
  return {};
}

Result<json::Value> parse_object(json::Document& document, std::string_view bytes, const Limits& limits) {
  if (bytes.size() > limits.manifest_bytes) {
    return fail(Errc::limit, number(bytes.size()) + " bytes, more than the limit of " + number(limits.manifest_bytes) + " (manifest_bytes)");
  }
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  if (!root.is_object()) return fail(Errc::invalid_input, "not a JSON object");
  ECLAIR_CHECK_OK(check_members(root));
  return root;
}

/// A member that is a string or absent (null counts as absent).
Result<std::string> string_member(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (value.kind() == json::Kind::null) return std::string{};
  if (!value.is_string()) return fail(Errc::invalid_input, std::string(name) + " is not a string");
  return std::string(value.string());
}

/// A member that is an array or absent (null counts as absent).
Result<json::Value> array_member(json::Value object, std::string_view name) {
  const json::Value value = object[name];
  if (value.kind() != json::Kind::null && !value.is_array()) return fail(Errc::invalid_input, std::string(name) + " is not a list");
  return value;
}

/// Members that are strings; others are passed over.
std::map<std::string, std::string> string_members(json::Value object) {
  std::map<std::string, std::string> out;
  object.each_member([&](std::string_view key, json::Value text) {
    if (text.is_string()) out.emplace(key, text.string());
    return true;
  });
  return out;
}

Result<Platform> parse_platform(json::Value value, std::string& os_version) {
  Platform out;
  if (value.kind() == json::Kind::null) return out;
  if (!value.is_object()) return fail(Errc::invalid_input, "platform is not an object");
  ECLAIR_TRY(out.os, string_member(value, "os"));
  ECLAIR_TRY(out.architecture, string_member(value, "architecture"));
  ECLAIR_TRY(out.variant, string_member(value, "variant"));
  ECLAIR_TRY(os_version, string_member(value, "os.version"));
  return out;
}

Result<std::uint64_t> parse_size(json::Value value, const Limits& limits) {
  if (!value) return fail(Errc::invalid_input, "no size");
  const std::optional<std::int64_t> size = value.integer();
  if (!size || *size < 0) return fail(Errc::invalid_input, size ? "size of " + std::to_string(*size) + " bytes" : "size is not a number of bytes");
  if (static_cast<std::uint64_t>(*size) > limits.image_bytes) {
    return fail(Errc::limit, "size of " + std::to_string(*size) + " bytes, more than the limit of " + number(limits.image_bytes) + " (image_bytes)");
  }
  return static_cast<std::uint64_t>(*size);
}

Result<Descriptor> parse_descriptor(json::Value value, const Limits& limits) {
  if (!value.is_object()) return fail(Errc::invalid_input, "not a descriptor");
  ECLAIR_CHECK_OK(check_members(value));
  Descriptor out;
  ECLAIR_TRY(out.media_type, string_member(value, "mediaType"));
  ECLAIR_TRY(const std::string digest, string_member(value, "digest"));
  if (digest.empty()) return fail(Errc::invalid_input, "no digest");
  ECLAIR_TRY(out.digest, Digest::parse(digest));
  ECLAIR_TRY(out.size, parse_size(value["size"], limits));
  ECLAIR_TRY(out.platform, parse_platform(value["platform"], out.os_version));
  ECLAIR_TRY(out.artifact_type, string_member(value, "artifactType"));
  value["urls"].each([&](json::Value url) {
    if (url.is_string()) out.urls.emplace_back(url.string());
    return true;
  });
  out.annotations = string_members(value["annotations"]);
  return out;
}

Result<std::vector<Descriptor>> parse_descriptors(json::Value list, std::string_view name, std::uint64_t at_most, const Limits& limits) {
  std::vector<Descriptor> out;
  if (list.size() > at_most) {
    return fail(Errc::limit, std::string(name) + " lists " + number(list.size()) + " entries, more than the limit of " + number(at_most));
  }
  Result<> bad;
  list.each([&](json::Value value) {
    Result<Descriptor> one = parse_descriptor(value, limits);
    if (one) {
      out.push_back(*std::move(one));
    } else {
      bad = fail(std::move(one).error().within(element(name, out.size())));
    }
    return bad.has_value();
  });
  ECLAIR_CHECK_OK(std::move(bad));
  return out;
}

Result<std::vector<std::string>> parse_strings(json::Value list, std::string_view name, std::uint64_t at_most) {
  std::vector<std::string> out;
  if (list.size() > at_most) {
    return fail(Errc::limit, std::string(name) + " lists " + number(list.size()) + " entries, more than the limit of " + number(at_most));
  }
  bool good = true;
  list.each([&](json::Value value) {
    good = value.is_string();
    if (good) out.emplace_back(value.string());
    return good;
  });
  if (!good) return fail(Errc::invalid_input, element(name, out.size()) + " is not a string");
  return out;
}

bool may_be_layer(std::string_view type) {
  return type.empty() || type == "application/octet-stream" || type.find("tar") != std::string_view::npos ||
         type.starts_with("application/vnd.oci.image.layer.") || type.starts_with("application/vnd.docker.image.rootfs.");
}

/// Why a manifest is not one of a container image; "" = it is.
std::string artifact_reason(const Manifest& manifest, const std::string& artifact_type) {
  if (!artifact_type.empty()) return "artifact of type " + text::quoted(artifact_type);
  const std::string& config = manifest.config.media_type;
  // Docker 1.10 pushed configs as application/octet-stream.
  if (!config.empty() && config != media::kOciConfig && config != media::kDockerConfig && config != "application/octet-stream") {
    return "artifact with a config of type " + text::quoted(config);
  }
  // Signatures and attestations borrow an image's config type; their layers give them away.
  const auto layer = [](const Descriptor& d) { return may_be_layer(d.media_type); };
  if (!manifest.layers.empty() && std::none_of(manifest.layers.begin(), manifest.layers.end(), layer)) {
    return "artifact with layers of type " + text::quoted(manifest.layers.front().media_type);
  }
  return {};
}

/// What Docker 1.x wrote as a command line: a list of words, or one string.
std::string command_words(json::Value command) {
  if (command.is_string()) return std::string(command.string());
  std::string out;
  command.each([&](json::Value word) {
    if (!out.empty()) out += ' ';
    out += word.string();
    return true;
  });
  return out;
}

}  // namespace manifest_detail

namespace media {
bool is_index(std::string_view type) { return type == kOciIndex || type == kDockerIndex; }
bool is_manifest(std::string_view type) { return type == kOciManifest || type == kDockerManifest; }
bool is_foreign_layer(std::string_view type) {
  return type.starts_with("application/vnd.oci.image.layer.nondistributable.v1.tar") ||
         type.starts_with("application/vnd.docker.image.rootfs.foreign.diff.tar");
}
}  // namespace media

std::string_view Descriptor::annotation(std::string_view key) const {
  const auto found = annotations.find(std::string(key));
  return found == annotations.end() ? std::string_view{} : found->second;
}

bool Descriptor::is_attestation() const {
  return annotation("vnd.docker.reference.type") == "attestation-manifest" || (platform.os == "unknown" && platform.architecture == "unknown");
}

Result<Manifest> parse_manifest(std::string_view bytes, const Limits& limits) {
  using namespace manifest_detail;
  json::Document document;
  ECLAIR_TRY(const json::Value root, parse_object(document, bytes, limits));
  if (root["fsLayers"]) {
    return fail(Errc::unsupported, "docker schema 1 manifest (obsolete since 2017; pushing the image anew makes a current one)");
  }
  const json::Value version = root["schemaVersion"];
  if (version && version.integer() != 2) return fail(Errc::invalid_input, "schemaVersion is not 2");
  Manifest out;
  ECLAIR_TRY(out.media_type, string_member(root, "mediaType"));
  ECLAIR_TRY(out.artifact_type, string_member(root, "artifactType"));
  out.annotations = string_members(root["annotations"]);
  const bool index = static_cast<bool>(root["manifests"]);
  const bool image = root["layers"] || root["config"];
  if (index && image) return fail(Errc::invalid_input, "has both layers and manifests, so readers would differ in what it is");
  if (!index && !image) return fail(Errc::invalid_input, "neither layers nor manifests: not a manifest of an image");
  if ((index && media::is_manifest(out.media_type)) || (image && media::is_index(out.media_type))) {
    return fail(Errc::invalid_input, "says it is " + text::quoted(out.media_type) + ", but its members are those of " + (index ? "an index" : "an image"));
  }
  if (index) {
    out.kind = Manifest::Kind::index;
    ECLAIR_TRY(const json::Value list, array_member(root, "manifests"));
    ECLAIR_TRY(out.manifests, parse_descriptors(list, "manifests", limits.manifest_bytes, limits));
    if (!out.artifact_type.empty()) out.artifact = "artifact of type " + text::quoted(out.artifact_type);
    return out;
  }
  if (!root["config"]) return fail(Errc::invalid_input, "no config");
  Result<Descriptor> config = parse_descriptor(root["config"], limits);
  if (!config) return fail(std::move(config).error().within("config"));
  out.config = *std::move(config);
  if (!root["layers"]) return fail(Errc::invalid_input, "no layers");
  ECLAIR_TRY(const json::Value list, array_member(root, "layers"));
  ECLAIR_TRY(out.layers, parse_descriptors(list, "layers", limits.layers, limits));
  out.artifact = artifact_reason(out, out.artifact_type);
  return out;
}

Result<Config> parse_config(std::string_view bytes, const Limits& limits) {
  using namespace manifest_detail;
  json::Document document;
  ECLAIR_TRY(const json::Value root, parse_object(document, bytes, limits));
  Config out;
  ECLAIR_TRY(out.platform, parse_platform(root, out.os_version));
  ECLAIR_TRY(out.created, string_member(root, "created"));
  const json::Value rootfs = root["rootfs"];
  if (!rootfs.is_object()) return fail(Errc::invalid_input, "no rootfs: not the config of an image");
  ECLAIR_CHECK_OK(check_members(rootfs));
  ECLAIR_TRY(const json::Value ids, array_member(rootfs, "diff_ids"));
  ECLAIR_TRY(const std::vector<std::string> diff_ids, parse_strings(ids, "rootfs.diff_ids", limits.layers));
  for (const std::string& id : diff_ids) {
    Result<Digest> digest = Digest::parse(id);
    if (!digest) return fail(std::move(digest).error().within(element("rootfs.diff_ids", out.diff_ids.size())));
    out.diff_ids.push_back(*std::move(digest));
  }
  // What follows only decorates a report, so its oddities are not errors.
  const json::Value labels = root["config"]["Labels"];
  out.base_name = labels[kBaseName].string();
  out.base_digest = labels[kBaseDigest].string();
  root["history"].each([&](json::Value step) {
    HistoryStep one;
    one.created = step["created"].string();
    one.created_by = step["created_by"].string();
    one.comment = step["comment"].string();
    one.empty_layer = step["empty_layer"].boolean();
    out.history.push_back(std::move(one));
    return true;
  });
  return out;
}

Result<std::vector<SavedImage>> parse_docker_manifest(std::string_view bytes, const Limits& limits) {
  using namespace manifest_detail;
  if (bytes.size() > limits.manifest_bytes) {
    return fail(Errc::limit, number(bytes.size()) + " bytes, more than the limit of " + number(limits.manifest_bytes) + " (manifest_bytes)");
  }
  json::Document document;
  ECLAIR_TRY(const json::Value root, document.parse(bytes, limits.json_depth));
  if (!root.is_array()) return fail(Errc::invalid_input, "not a list of images");
  if (root.size() == 0) return fail(Errc::invalid_input, "lists no image");
  std::vector<SavedImage> out;
  const auto parse_one = [&](json::Value value) -> Result<SavedImage> {
    if (!value.is_object()) return fail(Errc::invalid_input, "not an image");
    ECLAIR_CHECK_OK(check_members(value));
    SavedImage one;
    ECLAIR_TRY(one.config, string_member(value, "Config"));
    if (one.config.empty()) return fail(Errc::invalid_input, "no Config");
    ECLAIR_TRY(const json::Value tags, array_member(value, "RepoTags"));
    ECLAIR_TRY(one.repo_tags, parse_strings(tags, "RepoTags", limits.manifest_bytes));
    ECLAIR_TRY(const json::Value layers, array_member(value, "Layers"));
    ECLAIR_TRY(one.layers, parse_strings(layers, "Layers", limits.layers));
    value["LayerSources"].each_member([&](std::string_view diff_id, json::Value source) {  // Docker 25 names ordinary layers there too
      const std::string_view type = source["mediaType"].string();
      if (media::is_foreign_layer(type)) one.foreign.emplace(diff_id, type);
      return true;
    });
    return one;
  };
  Result<> bad;
  root.each([&](json::Value value) {
    Result<SavedImage> one = parse_one(value);
    if (one) {
      out.push_back(*std::move(one));
    } else {
      bad = fail(std::move(one).error().within(element("image", out.size())));
    }
    return bad.has_value();
  });
  ECLAIR_CHECK_OK(std::move(bad));
  return out;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_repositories(std::string_view bytes, const Limits& limits) {
  using namespace manifest_detail;
  json::Document document;
  ECLAIR_TRY(const json::Value root, parse_object(document, bytes, limits));
  std::vector<std::pair<std::string, std::string>> out;
  root.each_member([&](std::string_view name, json::Value tags) {
    tags.each_member([&](std::string_view tag, json::Value id) {
      out.emplace_back(std::string(name) + ":" + std::string(tag), std::string(id.string()));
      return true;
    });
    return true;
  });
  std::sort(out.begin(), out.end());
  return out;
}

Result<V1Layer> parse_v1_layer(std::string_view bytes, const Limits& limits) {
  using namespace manifest_detail;
  json::Document document;
  ECLAIR_TRY(const json::Value root, parse_object(document, bytes, limits));
  V1Layer out;
  ECLAIR_TRY(out.id, string_member(root, "id"));
  ECLAIR_TRY(out.parent, string_member(root, "parent"));
  std::string os_version;
  ECLAIR_TRY(out.platform, parse_platform(root, os_version));
  out.created = root["created"].string();
  out.created_by = command_words(root["container_config"]["Cmd"]);
  return out;
}

Result<> check_oci_layout(std::string_view bytes, const Limits& limits) {
  json::Document document;
  ECLAIR_TRY(const json::Value root, manifest_detail::parse_object(document, bytes, limits));
  ECLAIR_TRY(const std::string version, manifest_detail::string_member(root, "imageLayoutVersion"));
  if (!version.starts_with("1.")) return fail(Errc::unsupported, "image layout version " + text::quoted(version) + " is not 1.x");
  return {};
}

}  // namespace eclair::image
