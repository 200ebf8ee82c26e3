// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "image/oci_layout.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>

#include "image/history.h"
#include "image/manifest.h"
#include "image/platform.h"
#include "util/text.h"

namespace eclair::image {
namespace oci_layout_detail {

constexpr std::size_t kShownNames = 20;
constexpr std::size_t kSearchedIndexes = 1000;

/// An image that index.json names, under all the names it has there.
struct Named {
  Descriptor descriptor;
  std::vector<std::string> names;
};

std::string bytes_text(std::uint64_t n) { return std::to_string(n) + " bytes"; }

std::string list_text(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::size_t more = names.size() > kShownNames ? names.size() - kShownNames : 0;
  names.resize(names.size() - more);
  for (std::string& name : names) name = text::quoted(name);
  return text::join(names, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::vector<std::string> names_of(const Descriptor& d) {
  std::vector<std::string> out;
  for (const char* key : {"io.containerd.image.name", "org.opencontainers.image.ref.name"}) {
    const std::string_view name = d.annotation(key);
    if (!name.empty() && (out.empty() || out.front() != name)) out.emplace_back(name);
  }
  return out;
}

class Layout {
 public:
  Layout(std::shared_ptr<const FileSet> files, BlobNames names, const OpenOptions& options)
      : files_(std::move(files)), names_(names), options_(options), limits_(options.limits) {}

  Result<std::unique_ptr<Source>> open(const Selection& selection, Image image) {
    ECLAIR_TRY(const Manifest manifest, names_ == BlobNames::flat ? open_flat(image, selection) : open_root(image, selection));
    return finish(manifest, std::move(image));
  }

 private:
  std::string blob_name(const Digest& digest) const {  // from a parsed digest: hex only, so it cannot lead anywhere else
    if (names_ == BlobNames::flat) return std::string(digest.hex());
    return "blobs/" + std::string(digest.algorithm()) + "/" + std::string(digest.hex());
  }

  Result<std::string> read_blob(const Descriptor& d, bool is_manifest) {
    std::string name = blob_name(d.digest);
    if (is_manifest && names_ == BlobNames::flat) name += ".manifest.json";
    auto found = resolve(*files_, name, limits_);
    if (!found && found.error().code == Errc::not_found) return fail(Errc::not_found, "blob " + d.digest.text + " is missing");
    if (!found) return fail(std::move(found).error());
    if (found->size != d.size) return fail(Errc::invalid_input, "size mismatch: " + bytes_text(found->size) + ", its descriptor says " + bytes_text(d.size));
    ECLAIR_TRY(std::string text, read_document(*files_, found->name, limits_));
    Hasher hasher(d.digest.algorithm());
    hasher.update(text);
    if (hasher.finish() != d.digest) return fail(Errc::invalid_input, "digest mismatch: the content is not that of " + d.digest.text);
    return text;
  }

  Result<Manifest> read_manifest(const Descriptor& d) {
    const std::string what = (media::is_index(d.media_type) ? "index " : "manifest ") + std::string(d.digest.brief());
    auto text = read_blob(d, true);
    if (!text) return fail(std::move(text).error().within(what));
    auto manifest = parse_manifest(*text, limits_);
    if (!manifest) return fail(std::move(manifest).error().within(what));
    const bool index = manifest->kind == Manifest::Kind::index;
    if ((index && media::is_manifest(d.media_type)) || (!index && media::is_index(d.media_type))) {
      return fail(Errc::invalid_input, what + ": is " + (index ? "an index" : "a manifest") + ", its descriptor says " + d.media_type);
    }
    return manifest;
  }

  /// The manifest of the one image that this leads to. Indexes on the way are entered by platform.
  Result<Manifest> descend(Descriptor d, Image& image) {
    std::set<Digest> seen;
    for (std::uint32_t depth = 0; depth <= limits_.index_depth; ++depth) {
      if (!seen.insert(d.digest).second) return fail(Errc::invalid_input, "index " + std::string(d.digest.brief()) + " holds itself");
      image.digest = d.digest;
      ECLAIR_TRY(Manifest manifest, read_manifest(d));
      if (manifest.kind == Manifest::Kind::image) return manifest;
      auto choice = choose_platform(manifest.manifests, options_.platform);
      if (!choice) return fail(std::move(choice).error().within("index " + std::string(d.digest.brief())));
      if (!choice->note.empty()) image.notes.push_back(choice->note);
      d = manifest.manifests[choice->position];
    }
    return fail(Errc::limit, "indexes within indexes, deeper than the limit index_depth of " + std::to_string(limits_.index_depth));
  }

  /// A digest that index.json names, or an index that it leads to.
  Result<Descriptor> find_digest(const std::vector<Descriptor>& roots, const Digest& wanted) {
    std::deque<Descriptor> queue(roots.begin(), roots.end());
    std::set<Digest> seen;
    std::size_t opened = 0;
    for (; !queue.empty(); queue.pop_front()) {
      const Descriptor d = queue.front();
      if (d.digest == wanted) return d;
      if (!media::is_index(d.media_type) || !seen.insert(d.digest).second) continue;
      if (++opened > kSearchedIndexes) return fail(Errc::limit, "more than " + std::to_string(kSearchedIndexes) + " indexes to search");
      const auto index = read_manifest(d);
      if (!index) continue;  // a part of the layout that was not copied is no reason not to find another
      queue.insert(queue.end(), index->manifests.begin(), index->manifests.end());
    }
    return fail(Errc::not_found, "no manifest with the digest " + wanted.text + " in it");
  }

  Result<Manifest> open_root(Image& image, const Selection& selection) {
    FileSet::Found found;
    if (files_->look("oci-layout", found)) {  // missing in some archives; index.json is what counts
      ECLAIR_TRY(const std::string text, read_document(*files_, "oci-layout", limits_));
      auto known = check_oci_layout(text, limits_);
      if (!known) return fail(std::move(known).error().within("oci-layout"));
    }
    ECLAIR_TRY(const std::string text, read_document(*files_, "index.json", limits_));
    auto index = parse_manifest(text, limits_);
    if (!index) return fail(std::move(index).error().within("index.json"));
    if (index->kind != Manifest::Kind::index) return fail(Errc::invalid_input, "index.json: is the manifest of one image, not an index");
    if (index->manifests.empty()) return fail(Errc::invalid_input, "index.json lists no image");
    if (!selection.digest.empty()) {
      ECLAIR_TRY(Descriptor d, find_digest(index->manifests, selection.digest));
      return descend(std::move(d), image);
    }
    ECLAIR_TRY(const std::vector<Named> images, candidates(index->manifests, selection));
    if (images.size() == 1) return descend(images.front().descriptor, image);
    std::vector<Descriptor> platforms;
    for (const Named& one : images) platforms.push_back(one.descriptor);
    ECLAIR_TRY(const Choice choice, choose_platform(platforms, options_.platform));
    if (!choice.note.empty()) image.notes.push_back(choice.note);
    return descend(platforms[choice.position], image);
  }

  /// What index.json names, without attestations and artifacts, one image once. More than one are the platforms of one image.
  Result<std::vector<Named>> candidates(const std::vector<Descriptor>& listed, const Selection& selection) {
    std::vector<Named> images;
    std::string why_not;
    for (const Descriptor& d : listed) {
      if (const std::string reason = not_an_image(d); !reason.empty()) {
        why_not = reason;
        continue;
      }
      const std::vector<std::string> names = names_of(d);
      const auto known = std::find_if(images.begin(), images.end(), [&](const Named& one) { return one.descriptor.digest == d.digest; });
      if (known != images.end()) {
        known->names.insert(known->names.end(), names.begin(), names.end());
      } else {
        images.push_back(Named{d, names});
      }
    }
    if (images.empty()) return fail(Errc::unsupported, "index.json lists no image, only others (" + why_not + ")");
    std::vector<std::string> all;
    for (const Named& one : images) all.insert(all.end(), one.names.begin(), one.names.end());
    if (!selection.name.empty()) {
      std::erase_if(images, [&](const Named& one) {
        return std::none_of(one.names.begin(), one.names.end(), [&](const std::string& name) { return name_matches(selection.name, name); });
      });
      if (images.empty()) {
        return fail(Errc::not_found, "no image called " + text::quoted(selection.name) + " in it" + (all.empty() ? "" : "; there is " + list_text(all)));
      }
    }
    // Several are one image for several platforms when nothing tells them apart but that.
    std::set<std::string> platforms;
    bool same_name = true, distinct = true;
    for (const Named& one : images) {
      const bool chosen_by_name = !selection.name.empty();
      same_name = same_name && (chosen_by_name || one.names == images.front().names);
      distinct = distinct && platforms.insert(normalised(one.descriptor.platform).text() + " " + one.descriptor.os_version).second;
    }
    if (images.size() == 1 || (same_name && distinct)) return images;
    if (all.empty()) {
      for (const Named& one : images) all.push_back(one.descriptor.digest.text);
    }
    Error error{Errc::invalid_input, "there are " + std::to_string(images.size()) + " images in it: " + list_text(all)};
    error.hint = "name one of them: PATH:NAME or PATH@DIGEST";
    return fail(std::move(error));
  }

  Result<Manifest> open_flat(Image& image, const Selection& selection) {
    ECLAIR_TRY(const std::string text, read_document(*files_, "manifest.json", limits_));
    auto manifest = parse_manifest(text, limits_);
    if (!manifest) return fail(std::move(manifest).error().within("manifest.json"));
    image.digest = sha256(text);
    if (!selection.empty() && selection.digest != image.digest) {
      return fail(Errc::not_found, "holds one image without a name, of digest " + image.digest.text);
    }
    if (manifest->kind == Manifest::Kind::image) return manifest;
    ECLAIR_TRY(const Choice choice, choose_platform(manifest->manifests, options_.platform));
    if (!choice.note.empty()) image.notes.push_back(choice.note);
    return descend(manifest->manifests[choice.position], image);
  }

  Result<std::unique_ptr<Source>> finish(const Manifest& manifest, Image image) {
    const std::string what = "manifest " + std::string(image.digest.brief());
    if (!manifest.artifact.empty()) return fail(Errc::unsupported, what + ": " + manifest.artifact + ", not a container image");
    auto text = read_blob(manifest.config, false);
    auto config = text ? parse_config(*text, limits_) : Result<Config>(fail(std::move(text).error()));
    if (!config) return fail(std::move(config).error().within("config " + std::string(manifest.config.digest.brief())));
    ECLAIR_CHECK_OK(check_platform(config->platform, options_));
    ECLAIR_CHECK_OK(describe(manifest, *config, image));
    std::vector<std::string> names;
    for (const Descriptor& layer : manifest.layers) {
      const std::string shown = layer_text(names.size() + 1, manifest.layers.size(), layer.digest.text);
      auto found = resolve(*files_, blob_name(layer.digest), limits_);
      names.push_back(found ? found->name : std::string{});
      if (!found && found.error().code == Errc::not_found && media::is_foreign_layer(layer.media_type)) {
        mark_foreign(image, static_cast<std::uint32_t>(names.size()));
        continue;
      }
      if (!found && found.error().code == Errc::not_found) return fail(Errc::not_found, shown + " is missing");
      if (!found) return fail(std::move(found).error().within(shown));
      if (found->size != layer.size) {
        return fail(Errc::invalid_input, shown + ": size mismatch: " + bytes_text(found->size) + ", the manifest says " + bytes_text(layer.size));
      }
    }
    return file_source(std::move(image), files_, std::move(names));
  }

  void mark_foreign(Image& image, std::uint32_t index) const {
    for (LayerInfo& layer : image.history) {
      if (layer.index == index) layer.not_analysed = "foreign layer, not in the " + std::string(files_->noun());
    }
  }

  std::shared_ptr<const FileSet> files_;
  BlobNames names_;
  const OpenOptions& options_;
  const Limits& limits_;
};

}  // namespace oci_layout_detail

Result<std::unique_ptr<Source>> open_oci_layout(std::shared_ptr<const FileSet> files, BlobNames names, const Selection& selection, Image described,
                                                const OpenOptions& options) {
  return oci_layout_detail::Layout(std::move(files), names, options).open(selection, std::move(described));
}

Result<> check_platform(const Platform& platform, const OpenOptions& options) {
  if (options.platform.empty() || platform.os.empty()) return {};
  ECLAIR_TRY(const Platform wanted, parse_platform(options.platform));
  const Platform is = normalised(platform);
  const bool variant_fits = wanted.variant.empty() || is.variant.empty() || wanted.variant == is.variant;
  if (wanted.os == is.os && wanted.architecture == is.architecture && variant_fits) return {};
  return fail(Errc::not_found, "no image for " + wanted.text() + "; it is for " + is.text());
}

}  // namespace eclair::image
