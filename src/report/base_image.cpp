// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "report/base_image.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>

#include "util/text.h"

namespace eclair::report {
namespace base_image_detail {

std::vector<const LayerInfo*> layers_of(const Image& image) {
  std::vector<const LayerInfo*> out;
  for (const LayerInfo& layer : image.history) {
    if (!layer.empty) out.push_back(&layer);
  }
  return out;
}

bool same(const LayerInfo& a, const LayerInfo& b) {
  if (!a.diff_id.empty() && !b.diff_id.empty()) return a.diff_id == b.diff_id;
  return !a.digest.empty() && a.digest == b.digest;
}

std::string words_of(const LayerInfo& layer) { return std::string((layer.diff_id.empty() ? layer.digest : layer.diff_id).brief()); }

/// A name without its tag and digest.
std::string repository_of(std::string_view name) {
  std::string_view out = name.substr(0, name.find('@'));
  const std::size_t colon = out.rfind(':'), slash = out.rfind('/');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) out = out.substr(0, colon);
  return short_name(out);
}

bool is_labelled(const Image& image, const store::KnownImage& known) {
  if (!image.base_digest.empty() && image.base_digest == known.digest) return true;
  return !image.base_name.empty() && short_name(image.base_name) == short_name(known.name);
}

}  // namespace base_image_detail
using namespace base_image_detail;

std::string short_name(std::string_view reference) {
  for (const std::string_view start : {"docker.io/", "index.docker.io/"}) {
    if (reference.starts_with(start)) {
      reference.remove_prefix(start.size());
      if (reference.starts_with("library/")) reference.remove_prefix(8);
      break;
    }
  }
  return std::string(reference);
}

Result<BaseImage> base_by_layers(const Image& image, const Image& base) {
  const auto mine = layers_of(image), theirs = layers_of(base);
  const std::string what = text::quoted(base.name, 200) + " is not the base of " + text::quoted(image.name, 200) + ": ";
  const auto no = [&](const std::string& why) {
    return fail(Error{Errc::invalid_input, what + why, "a base that was rebuilt since has other layers: name the one that was built on, NAME@sha256:..."});
  };
  if (theirs.empty()) return no("it has no layers");
  for (std::size_t i = 0; i < std::min(mine.size(), theirs.size()); ++i) {
    if (same(*mine[i], *theirs[i])) continue;
    return no("layer " + std::to_string(i + 1) + " differs (" + words_of(*theirs[i]) + " there, " + words_of(*mine[i]) + " here)");
  }
  if (theirs.size() > mine.size()) return no("it has " + std::to_string(theirs.size()) + " layers, this one " + std::to_string(mine.size()));
  return BaseImage{base.name, base.digest.text, static_cast<std::uint32_t>(theirs.size()), "option"};
}

std::optional<BaseImage> base_by_known(const Image& image, const std::vector<store::KnownImage>& known) {
  const auto layers = layers_of(image).size();
  const std::vector<Digest> chains = chain_ids(image);
  const std::string own = repository_of(image.name);
  const store::KnownImage* best = nullptr;
  const auto key = [&](const store::KnownImage& one) {  // smaller is better
    return std::make_tuple(-std::int64_t{one.layers}, !is_labelled(image, one), one.first, std::string_view(one.name));
  };
  for (const store::KnownImage& one : known) {
    if (one.layers == 0 || one.layers >= layers || one.layers > chains.size() || chains[one.layers - 1] != one.chain) continue;
    if (repository_of(one.name) == own) continue;
    if (best == nullptr || key(one) < key(*best)) best = &one;
  }
  if (best == nullptr) return std::nullopt;
  return BaseImage{best->name, best->digest, best->layers, is_labelled(image, *best) ? "label" : "store"};
}

}  // namespace eclair::report
