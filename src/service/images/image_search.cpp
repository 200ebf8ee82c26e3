// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#include "service/images/image_search.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "match/match.h"
#include "service/images/image_document.h"
#include "util/text.h"

namespace eclair::service {
namespace image_search_detail {

constexpr std::size_t kLayers = 500, kImages = 200;  // that are asked for at once

using Affected = std::map<std::uint64_t, PackageVersion>;

/// Those of the packages that a layer adds in a namespace.
std::vector<std::uint64_t> added(const store::Node& node, std::string_view name_space, const Affected& affected) {
  std::vector<std::uint64_t> out;
  for (const store::PackageGroup& group : node.delta.added) {
    if (group.name_space != name_space) continue;
    std::copy_if(group.packages.begin(), group.packages.end(), std::back_inserter(out), [&](std::uint64_t one) { return affected.count(one) > 0; });
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<PackageVersion> versions(const std::vector<std::uint64_t>& numbers, const Affected& affected) {
  std::vector<PackageVersion> out;
  for (const std::uint64_t number : numbers) out.push_back(affected.at(number));
  std::sort(out.begin(), out.end());
  return out;
}

/// The layer of an image with a blob at this position, from 0.
LayerInfo layer_at(const Image& image, std::size_t position) {
  for (const LayerInfo& layer : image.history) {
    if (!layer.empty && layer.index == position + 1) return layer;
  }
  return {};
}

}  // namespace image_search_detail
using namespace image_search_detail;

Result<ImageSearch::Place> ImageSearch::parse_place(std::string_view text) {
  Place out;
  if (text.empty()) return out;
  const auto parts = text::split(text, '~');
  const auto node = parts.size() == 3 ? text::parse_number(parts[1]) : std::nullopt;
  const bool image_ok = parts.size() == 3 && (parts[2].empty() || Digest::parse(parts[2]));
  if (!node || *node > INT64_MAX || !image_ok) return fail(Errc::invalid_input, "not a page that was given here: " + text::quoted(text));
  out.name_space = parts[0];
  out.node = static_cast<std::int64_t>(*node);
  out.image = parts[2];
  return out;
}

std::string ImageSearch::text_of(const Place& place) { return place.name_space + "~" + std::to_string(place.node) + "~" + place.image; }

Result<std::vector<std::string>> ImageSearch::spaces(std::string_view vulnerability, std::string_view only, const Place& from) {
  std::set<std::string> spoken_of;
  ECLAIR_CHECK_OK(advisories_.with([&](store::AdvisoryStore& store) -> Result<> {
    ECLAIR_TRY(auto names, match::known_names(store, std::string(vulnerability)));
    names.emplace_back(vulnerability);
    for (const std::string& name : names) {
      ECLAIR_TRY(const auto rows, store.search({.id = name}));
      for (const store::AdvisoryRow& row : rows) spoken_of.insert(row.name_space);
    }
    return {};
  }));
  ECLAIR_TRY(const auto known, store_.namespaces());
  std::vector<std::string> out;
  for (const std::string& space : known) {
    if (spoken_of.count(space) > 0 && (only.empty() || only == space) && space >= from.name_space) out.push_back(space);
  }
  return out;
}

template <class Visit>
Result<> ImageSearch::each_layer(std::string_view vulnerability, std::string_view only, const Place& from, Visit&& visit) {
  ECLAIR_TRY(const auto places, spaces(vulnerability, only, from));
  for (const std::string& space : places) {
    ECLAIR_TRY(const auto found, affected_.packages(space, vulnerability));
    Affected affected;
    std::vector<std::uint64_t> numbers;
    for (const auto& one : found) {
      affected.emplace(one.number, one.package);
      numbers.push_back(one.number);
    }
    if (numbers.empty()) continue;
    std::int64_t after = 0;
    // A page that ended within a layer begins with that layer again.
    if (space == from.name_space) after = from.image.empty() ? from.node : from.node - 1;
    while (true) {
      ECLAIR_TRY(const auto nodes, store_.adding(space, numbers, after, kLayers));
      for (const auto& node : nodes) {
        ECLAIR_TRY(const bool more, visit(space, node, affected));
        if (!more) return {};
      }
      if (nodes.size() < kLayers) break;
      after = nodes.back().id;
    }
  }
  return {};
}

Result<Page<LayerHit>> ImageSearch::layers(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                           const Identity& who) {
  ECLAIR_TRY(const Place from, parse_place(after));
  Page<LayerHit> out;
  Place last;
  const auto visit = [&](const std::string& space, const store::ServiceStore::NodeName& name, const Affected& affected) -> Result<bool> {
    // Stacks of layers are nobody's by name: who is kept to prefixes finds them by images.
    if (name.scope == store::Scope::v1 ? !who.may_use(name.name) : !who.prefixes.empty()) return true;
    if (out.items.size() == limit) {
      out.next = text_of(last);
      return false;
    }
    ECLAIR_TRY(const auto node, store_.node(name.id));
    if (!node) return true;
    out.items.push_back({space, name.scope, name.name, versions(added(*node, space, affected), affected)});
    last = {space, name.id, {}};
    return true;
  };
  ECLAIR_CHECK_OK(each_layer(vulnerability, name_space, from, visit));
  return out;
}

Result<Page<ImageHit>> ImageSearch::images(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit,
                                           const Identity& who) {
  ECLAIR_TRY(const Place from, parse_place(after));
  Page<ImageHit> out;
  Place last;
  const auto visit = [&](const std::string& space, const store::ServiceStore::NodeName& name, const Affected& affected) -> Result<bool> {
    if (name.scope != store::Scope::image) return true;
    std::string seen = space == from.name_space && name.id == from.node ? from.image : std::string();
    while (true) {
      ECLAIR_TRY(const auto images, store_.images_with({name.id}, seen, kImages));
      for (const store::StoredImage& image : images) {
        seen = image.digest.text;
        if (!is_visible(image.names, who) || image.nodes.empty()) continue;
        // What a layer above removed is no longer there.
        ECLAIR_TRY(const auto top, folded_.find(image.nodes.back()));
        if (!top) continue;
        std::vector<std::uint64_t> here;
        for (const FoldedLayer::Package& package : top->packages) {
          if (affected.count(package.number) > 0 && top->layers[package.layer].id == name.id && top->groups[package.group].name_space == space) here.push_back(package.number);
        }
        if (here.empty()) continue;
        if (out.items.size() == limit) {
          out.next = text_of(last);
          return false;
        }
        ECLAIR_TRY(const auto whole, store_.image(image.digest.text));
        if (!whole) continue;
        ECLAIR_TRY(const ImageDocument document, decode_image_document(whole->document));
        const auto position = static_cast<std::size_t>(std::find(image.nodes.begin(), image.nodes.end(), name.id) - image.nodes.begin());
        out.items.push_back({space, image.digest.text, document.image.digest, visible_names(image.names, who), layer_at(document.image, position), versions(here, affected)});
        last = {space, name.id, image.digest.text};
      }
      if (images.size() < kImages) return true;
    }
  };
  ECLAIR_CHECK_OK(each_layer(vulnerability, name_space, from, visit));
  return out;
}

}  // namespace eclair::service
