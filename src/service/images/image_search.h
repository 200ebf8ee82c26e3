// SPDX-FileCopyrightText: The Eclair authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "service/layers/affected_layers.h"
#include "service/layers/folded_layer.h"
#include "service/images/images.h"
#include "store/service_store.h"
#include "util/result.h"

namespace eclair::service {

/// From a vulnerability to layers and images, page by page: what is read grows with what is found. Contract: Images::layers_with, images_with.
/// threads: all functions may be called from several threads at once.
class ImageSearch {
 public:
  ImageSearch(store::ServiceStore& store, Advisories& advisories, FoldedLayers& folded)
      : store_(store), advisories_(advisories), folded_(folded), affected_(store, advisories) {}

  Result<Page<LayerHit>> layers(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit, const Identity& who);
  Result<Page<ImageHit>> images(std::string_view vulnerability, std::string_view name_space, std::string_view after, std::size_t limit, const Identity& who);

 private:
  struct Place {  ///< after which a page begins
    std::string name_space;
    std::int64_t node = 0;
    std::string image;  ///< not "": within that node
  };
  static Result<Place> parse_place(std::string_view text);
  static std::string text_of(const Place& place);

  /// Namespaces of stored layers in which some feed speaks of the vulnerability, from the place on.
  Result<std::vector<std::string>> spaces(std::string_view vulnerability, std::string_view only, const Place& from);
  /// Calls visit(name space, layer, its affected packages) for each layer from the place on, until it says that it is enough.
  template <class Visit>
  Result<> each_layer(std::string_view vulnerability, std::string_view only, const Place& from, Visit&& visit);

  store::ServiceStore& store_;
  Advisories& advisories_;
  FoldedLayers& folded_;
  AffectedLayers affected_;
};

}  // namespace eclair::service
