// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/docker_archive.h"

#include <algorithm>
#include <set>

#include "image/history.h"
#include "image/manifest.h"
#include "image/oci_layout.h"
#include "util/text.h"

namespace eclair::image {
namespace docker_archive_detail {

constexpr std::size_t kShownNames = 20;

/// The digest that a file's name gives its content; empty for other names.
Digest digest_of_name(std::string_view name) {
  const std::vector<std::string_view> parts = text::split(name, '/');
  if (parts.size() != 3 || parts[0] != "blobs") return {};
  return Digest::parse(std::string(parts[1]) + ":" + std::string(parts[2])).value_or(Digest{});
}

std::string name_of(const SavedImage& image) {
  if (image.repo_tags.empty()) return "untagged " + text::quoted(image.config);
  std::string out;
  for (const std::string& tag : image.repo_tags) out += (out.empty() ? "" : " = ") + text::quoted(tag);
  return out;
}

Error several(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kShownNames; ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kShownNames) list += " and " + std::to_string(names.size() - kShownNames) + " more";
  Error error{Errc::invalid_input, "there are " + std::to_string(names.size()) + " images in it: " + list};
  error.hint = "name one of them: docker-archive:PATH:NAME";
  return error;
}

Result<SavedImage> choose(std::vector<SavedImage> images, const Selection& selection) {
  std::vector<std::string> all;
  for (const SavedImage& image : images) all.push_back(name_of(image));
  const auto is_meant = [&](const SavedImage& image) {
    // An image's id is the digest of its config, and files are named by it.
    if (!selection.digest.empty()) return image.config.find(selection.digest.hex()) != std::string::npos;
    return std::any_of(image.repo_tags.begin(), image.repo_tags.end(), [&](const std::string& tag) { return name_matches(selection.name, tag); });
  };
  if (!selection.empty()) {
    std::erase_if(images, [&](const SavedImage& image) { return !is_meant(image); });
    if (images.empty()) {
      return fail(Errc::not_found, "no image " + text::quoted(selection.digest.empty() ? selection.name : selection.digest.text) + " in it; there is " +
                                       text::join(all, ", "));
    }
  }
  const auto same = [&](const SavedImage& image) { return image.config == images.front().config && image.layers == images.front().layers; };
  if (!std::all_of(images.begin(), images.end(), same)) return fail(several(all));
  return std::move(images.front());
}

}  // namespace docker_archive_detail

Result<std::unique_ptr<Source>> open_docker_archive(std::shared_ptr<const FileSet> files, const Selection& selection, Image described,
                                                    const OpenOptions& options) {
  using namespace docker_archive_detail;
  const Limits& limits = options.limits;
  ECLAIR_TRY(const std::string manifest, read_document(*files, "manifest.json", limits));
  auto images = parse_docker_manifest(manifest, limits);
  if (!images) return fail(std::move(images).error().within("manifest.json"));
  ECLAIR_TRY(const SavedImage saved, choose(*std::move(images), selection));

  const std::string config_text = "config " + text::quoted(saved.config);
  auto resolved = resolve(*files, saved.config, limits);
  if (!resolved) return fail(std::move(resolved).error().within("config"));
  ECLAIR_TRY(const std::string bytes, read_document(*files, resolved->name, limits));
  described.config_digest = sha256(bytes);
  const Digest named = digest_of_name(resolved->name);
  if (named.algorithm() == "sha256" && named != described.config_digest) {
    return fail(Errc::invalid_input, config_text + ": digest mismatch: the content has the digest " + described.config_digest.text);
  }
  auto config = parse_config(bytes, limits);
  if (!config) return fail(std::move(config).error().within(config_text));
  ECLAIR_CHECK_OK(check_platform(config->platform, options));

  std::vector<LayerInfo> blobs;
  std::vector<std::string> names;
  for (const std::string& path : saved.layers) {
    LayerInfo layer;
    const std::string shown = layer_text(blobs.size() + 1, saved.layers.size(), path);
    auto found = resolve(*files, path, limits);
    if (found) {
      layer.size = found->size;
      layer.digest = digest_of_name(found->name);
    } else {
      const bool known = blobs.size() < config->diff_ids.size() && saved.foreign.count(config->diff_ids[blobs.size()].text) > 0;
      if (found.error().code != Errc::not_found || !known) return fail(std::move(found).error().within(shown));
      layer.media_type = saved.foreign.at(config->diff_ids[blobs.size()].text);
      layer.not_analysed = "foreign layer, not in the " + std::string(files->noun());
    }
    names.push_back(found ? found->name : std::string{});
    blobs.push_back(std::move(layer));
  }
  ECLAIR_CHECK_OK(describe(std::move(blobs), *config, described));
  return file_source(std::move(described), std::move(files), std::move(names));
}

Result<std::unique_ptr<Source>> open_docker_v1_archive(std::shared_ptr<const FileSet> files, const Selection& selection, Image described,
                                                       const OpenOptions& options) {
  using namespace docker_archive_detail;
  const Limits& limits = options.limits;
  ECLAIR_TRY(const std::string bytes, read_document(*files, "repositories", limits));
  auto listed = parse_repositories(bytes, limits);
  if (!listed) return fail(std::move(listed).error().within("repositories"));
  std::set<std::string> tops;
  std::vector<std::string> all;
  for (const auto& [name, id] : *listed) {
    all.push_back(text::quoted(name));
    if (selection.name.empty() ? selection.digest.empty() || selection.digest.hex() == id : name_matches(selection.name, name)) tops.insert(id);
  }
  if (all.empty()) return fail(Errc::invalid_input, "repositories names no image");
  if (tops.empty()) return fail(Errc::not_found, "no image " + text::quoted(selection.name) + " in it; there is " + text::join(all, ", "));
  if (tops.size() > 1) return fail(several(all));

  // From the top down; a layer that comes again would never end.
  std::vector<LayerInfo> layers;
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (std::string id = *tops.begin(); !id.empty();) {
    if (id.find('/') != std::string::npos || !seen.insert(id).second) {
      return fail(Errc::invalid_input, "layer " + text::quoted(id) + (id.find('/') != std::string::npos ? ": not a layer id" : " is its own ancestor"));
    }
    if (layers.size() >= limits.layers) return fail(Errc::limit, "more layers than the limit layers of " + std::to_string(limits.layers));
    const std::string shown = "layer " + text::quoted(id);
    auto document = read_document(*files, id + "/json", limits);
    if (!document) return fail(std::move(document).error().within(shown));
    auto v1 = parse_v1_layer(*document, limits);
    if (!v1) return fail(std::move(v1).error().within(shown));
    auto found = resolve(*files, id + "/layer.tar", limits);
    if (!found) return fail(std::move(found).error().within(shown));
    LayerInfo layer;
    layer.size = found->size;
    layer.created = v1->created;
    layer.created_by = dockerfile_command(v1->created_by);
    if (layers.empty()) described.platform = v1->platform;
    described.size += layer.size;
    layers.push_back(std::move(layer));
    names.push_back(std::move(found->name));
    id = v1->parent;
  }
  ECLAIR_CHECK_OK(check_platform(described.platform, options));
  std::reverse(layers.begin(), layers.end());
  std::reverse(names.begin(), names.end());
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i].index = static_cast<std::uint32_t>(i + 1);
  described.history = std::move(layers);
  return file_source(std::move(described), std::move(files), std::move(names));
}

}  // namespace eclair::image
